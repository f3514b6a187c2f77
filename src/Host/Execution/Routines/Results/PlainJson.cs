using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AptTask.Host.Execution.Routines.Results;

/// <summary>
/// Writes what a routine returns or posts as JSON: properties in snake_case, enumerations by name, durations as seconds.
/// </summary>
/// <remarks>
/// Not System.Text.Json's own serializer: its reflection keeps the types that it has seen for as long as the process lives, and with
/// them the load context of a plugin. This one keeps what it learns in itself, and each plugin has one of its own.
/// </remarks>
internal sealed class PlainJson
{
    private const int DepthLimit = 48;

    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    private readonly ConcurrentDictionary<Type, Member[]> _members = new();

    /// <summary>The value as UTF-8.</summary>
    /// <exception cref="UnwritableValueException">It holds something that JSON has no form for.</exception>
    /// <exception cref="TooLargeException">It is longer than <paramref name="limit"/>.</exception>
    public byte[] Write(object? value, int limit)
    {
        var buffer = new BoundedBuffer(limit);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(new Target(json, limit), value, depth: 0);
        }
        return buffer.ToArray();
    }

    /// <summary>The value as an element.</summary>
    /// <inheritdoc cref="Write(object?, int)"/>
    public JsonElement ToElement(object? value, int limit) => JsonElement.Parse(Write(value, limit));

    /// <summary>The name of a property in JSON.</summary>
    public static string NameOf(PropertyInfo property) =>
        property
            .GetCustomAttributesData()
            .FirstOrDefault(data => data.AttributeType == typeof(JsonPropertyNameAttribute))
            ?.ConstructorArguments[0]
            .Value as string
        ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    private void Write(Target to, object? value, int depth)
    {
        if (depth > DepthLimit)
            throw new UnwritableValueException($"is nested deeper than {DepthLimit} levels or refers to itself");
        if (WriteScalar(to, value) || WriteJson(to, value))
            return;
        switch (value)
        {
            case IDictionary map:
                WriteEntries(to, Entries(map), depth);
                break;
            case ITuple tuple:
                WriteItems(to, Enumerable.Range(0, tuple.Length).Select(index => tuple[index]), depth);
                break;
            case IEnumerable items when PairType(value.GetType()) is { } pair:
                WriteEntries(to, Entries(items, pair), depth);
                break;
            case IEnumerable items:
                WriteItems(to, items, depth);
                break;
            default:
                WriteMembers(to, value!, depth);
                break;
        }
    }

    private static bool WriteScalar(Target to, object? value)
    {
        var json = to.Json;
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(to.Fitting(text));
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case Enum name:
                WriteEnum(json, name);
                break;
            case int or long or short or sbyte or byte or ushort or uint:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case float number:
                json.WriteNumberValue(float.IsFinite(number) ? number : throw NotFinite(number));
                break;
            case double number:
                json.WriteNumberValue(double.IsFinite(number) ? number : throw NotFinite(number));
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case TimeSpan time:
                json.WriteNumberValue(time.TotalSeconds);
                break;
            case DateTime time:
                json.WriteStringValue(time);
                break;
            case DateTimeOffset time:
                json.WriteStringValue(time);
                break;
            case Guid id:
                json.WriteStringValue(id);
                break;
            case Uri uri:
                json.WriteStringValue(to.Fitting(uri.OriginalString));
                break;
            case byte[] bytes:
                WriteBytes(to, bytes);
                break;
            case ReadOnlyMemory<byte> bytes:
                WriteBytes(to, bytes.Span);
                break;
            case Memory<byte> bytes:
                WriteBytes(to, bytes.Span);
                break;
            case char or Version:
                json.WriteStringValue(value.ToString());
                break;
            case nint or nuint or Pointer:
                throw new UnwritableValueException("is a pointer");
            case IFormattable formattable when OfTheFramework(value):
                json.WriteStringValue(to.Fitting(formattable.ToString(null, CultureInfo.InvariantCulture)));
                break;
            default:
                return false;
        }
        return true;
    }

    private static bool WriteJson(Target to, object? value)
    {
        switch (value)
        {
            case JsonElement { ValueKind: JsonValueKind.Undefined }:
                to.Json.WriteNullValue();
                break;
            case JsonElement element:
                element.WriteTo(to.Json);
                break;
            case JsonDocument document:
                document.WriteTo(to.Json);
                break;
            case JsonNode node:
                node.WriteTo(to.Json);
                break;
            default:
                return false;
        }
        return true;
    }

    private static void WriteEnum(Utf8JsonWriter json, Enum value)
    {
        if (Enum.GetName(value.GetType(), value) is { } name)
            json.WriteStringValue(JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
        else
            json.WriteRawValue(value.ToString("D"));
    }

    private static void WriteBytes(Target to, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > to.Limit)
            throw new TooLargeException(to.Limit);
        to.Json.WriteBase64StringValue(bytes);
    }

    private void WriteItems(Target to, IEnumerable items, int depth)
    {
        to.Json.WriteStartArray();
        var index = 0;
        foreach (var item in items)
        {
            WriteBelow(to, item, depth, static at => $"[{at}]", index);
            index++;
        }
        to.Json.WriteEndArray();
    }

    private void WriteEntries(Target to, IEnumerable<(string Name, object? Value)> entries, int depth)
    {
        to.Json.WriteStartObject();
        foreach (var (name, value) in entries)
        {
            to.Json.WritePropertyName(to.Fitting(name));
            WriteBelow(to, value, depth, static at => $".{at}", name);
        }
        to.Json.WriteEndObject();
    }

    private void WriteMembers(Target to, object value, int depth)
    {
        Refuse(value);
        to.Json.WriteStartObject();
        foreach (var member in _members.GetOrAdd(value.GetType(), ReadMembers))
        {
            to.Json.WritePropertyName(member.Name);
            WriteBelow(to, member.Get.Invoke(value), depth, static at => $".{at}", member.Name);
        }
        to.Json.WriteEndObject();
    }

    private void WriteBelow<T>(Target to, object? value, int depth, Func<T, string> step, T at)
    {
        try
        {
            Write(to, value, depth + 1);
        }
        catch (UnwritableValueException unwritable)
        {
            unwritable.Below(step(at));
            throw;
        }
    }

    private static IEnumerable<(string Name, object? Value)> Entries(IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
            yield return (Key(entry.Key), entry.Value);
    }

    private IEnumerable<(string Name, object? Value)> Entries(IEnumerable items, Type pair)
    {
        var members = _members.GetOrAdd(pair, ReadMembers);
        var key = Array.Find(members, member => member.Name == "key").Get;
        var value = Array.Find(members, member => member.Name == "value").Get;
        foreach (var item in items)
            yield return (Key(key.Invoke(item)), value.Invoke(item));
    }

    private static string Key(object? key) =>
        key switch
        {
            string text => text,
            Enum name => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString()),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => throw new UnwritableValueException(
                $"has a key of the type {key?.GetType().Name ?? "null"}; keys must be strings or numbers"
            ),
        };

    private static Type? PairType(Type type) =>
        type.GetInterfaces()
            .Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .Select(face => face.GetGenericArguments()[0])
            .FirstOrDefault(item => item.IsGenericType && item.GetGenericTypeDefinition() == typeof(KeyValuePair<,>));

    // What has properties but is no data: written out, it would be endless or would tell about the daemon.
    private static void Refuse(object value)
    {
        if (
            value
            is MemberInfo
                or Assembly
                or Module
                or Delegate
                or Stream
                or Task
                or Thread
                or Exception
                or CancellationToken
                or System.Runtime.InteropServices.SafeHandle
                or IServiceProvider
                or AppDomain
                or FileSystemInfo
        )
        {
            throw new UnwritableValueException($"is a {value.GetType().Name}, which is no data");
        }
    }

    private static bool OfTheFramework(object value) =>
        value.GetType().Assembly.GetName().Name is { } name
        && (name.StartsWith("System.", StringComparison.Ordinal) || name == "System");

    private static UnwritableValueException NotFinite(double number) =>
        new($"is {number.ToString(CultureInfo.InvariantCulture)}, which JSON has no form for");

    private static Member[] ReadMembers(Type type) =>
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property =>
                    property.GetMethod is { IsPublic: true } get
                    && get.GetParameters().Length == 0
                    && !property.PropertyType.IsByRefLike
                    && !property.PropertyType.IsByRef
                    && !property
                        .GetCustomAttributesData()
                        .Any(data => data.AttributeType == typeof(JsonIgnoreAttribute))
                )
                .OrderBy(property => Depth(property.DeclaringType))
                .Select(property => new Member(NameOf(property), MethodInvoker.Create(property.GetMethod!)))
                .DistinctBy(member => member.Name),
        ];

    // What a base class declares comes first.
    private static int Depth(Type? type) => type is null ? 0 : 1 + Depth(type.BaseType);

    private readonly record struct Member(string Name, MethodInvoker Get);

    private readonly record struct Target(Utf8JsonWriter Json, int Limit)
    {
        // A text that is too long alone: the writer would ask for room for all of it first.
        public string Fitting(string text) => text.Length <= Limit ? text : throw new TooLargeException(Limit);
    }
}
