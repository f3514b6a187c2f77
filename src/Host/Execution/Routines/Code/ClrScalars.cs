using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AptTask.Host.Execution.Routines.Arguments;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>The CLR types that are one JSON value without items or members.</summary>
internal static class ClrScalars
{
    private const double MaxSeconds = 900_000_000_000;

    private static readonly Dictionary<Type, (Int128 Min, Int128 Max)> Integers = new()
    {
        [typeof(sbyte)] = (sbyte.MinValue, sbyte.MaxValue),
        [typeof(byte)] = (byte.MinValue, byte.MaxValue),
        [typeof(short)] = (short.MinValue, short.MaxValue),
        [typeof(ushort)] = (ushort.MinValue, ushort.MaxValue),
        [typeof(int)] = (int.MinValue, int.MaxValue),
        [typeof(uint)] = (uint.MinValue, uint.MaxValue),
        [typeof(long)] = (long.MinValue, long.MaxValue),
        [typeof(ulong)] = (ulong.MinValue, ulong.MaxValue),
    };

    private static readonly Dictionary<Type, Func<JsonElement, object?>> Readers = new()
    {
        [typeof(bool)] = value => value.GetBoolean(),
        [typeof(sbyte)] = value => value.GetSByte(),
        [typeof(byte)] = value => value.GetByte(),
        [typeof(short)] = value => value.GetInt16(),
        [typeof(ushort)] = value => value.GetUInt16(),
        [typeof(int)] = value => value.GetInt32(),
        [typeof(uint)] = value => value.GetUInt32(),
        [typeof(long)] = value => value.GetInt64(),
        [typeof(ulong)] = value => value.GetUInt64(),
        [typeof(float)] = value => value.GetSingle(),
        [typeof(double)] = value => value.GetDouble(),
        [typeof(decimal)] = value => value.GetDecimal(),
        [typeof(string)] = value => value.GetString(),
        [typeof(char)] = value => value.GetString()![0],
        [typeof(TimeSpan)] = value => TimeSpan.FromSeconds(value.GetDouble()),
        [typeof(DateTimeOffset)] = value => value.GetDateTimeOffset(),
        [typeof(DateTime)] = value => value.GetDateTimeOffset().UtcDateTime,
        [typeof(DateOnly)] = value =>
            DateOnly.ParseExact(value.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        [typeof(TimeOnly)] = value => TimeOnly.ParseExact(value.GetString()!, "HH:mm:ss", CultureInfo.InvariantCulture),
        [typeof(Guid)] = value => value.GetGuid(),
        [typeof(Uri)] = value => new Uri(value.GetString()!, UriKind.Absolute),
        [typeof(byte[])] = value => value.GetBytesFromBase64(),
        [typeof(JsonElement)] = value => value,
        [typeof(object)] = value => value,
        [typeof(JsonNode)] = value => JsonNode.Parse(value.GetRawText()),
        [typeof(JsonDocument)] = value => JsonDocument.Parse(value.GetRawText()),
    };

    /// <summary>The type and its reader; null when it is not one of these.</summary>
    public static (ArgumentType Type, Func<JsonElement, object?> Read)? Of(Type type, Limits limits)
    {
        if (type.IsEnum)
            return OfEnum(type);
        if (!Readers.TryGetValue(type, out var read))
            return null;
        return (TypeOf(type, limits), read);
    }

    private static ArgumentType TypeOf(Type type, Limits limits)
    {
        if (Integers.TryGetValue(type, out var range))
            return IntegerOf(range.Min, range.Max, limits);
        if (type == typeof(bool))
            return new ArgumentType.Bool();
        if (type == typeof(string))
            return TextOf(limits);
        if (type == typeof(char))
            return new ArgumentType.Text(1, 1);
        if (type == typeof(float))
            return NumberOf(limits, float.MinValue, float.MaxValue);
        if (type == typeof(double))
            return NumberOf(limits, null, null);
        if (type == typeof(decimal))
            return NumberOf(limits, null, null) with { Decimal = true };
        if (type == typeof(TimeSpan))
            return NumberOf(limits, -MaxSeconds, MaxSeconds) with { Seconds = true };
        if (type == typeof(DateTimeOffset) || type == typeof(DateTime))
            return new ArgumentType.Form(FormKind.Instant);
        if (type == typeof(DateOnly))
            return new ArgumentType.Form(FormKind.Date);
        if (type == typeof(TimeOnly))
            return new ArgumentType.Form(FormKind.Time);
        if (type == typeof(Guid))
            return new ArgumentType.Form(FormKind.Uuid);
        if (type == typeof(Uri))
            return new ArgumentType.Form(FormKind.Url);
        return type == typeof(byte[]) ? new ArgumentType.Form(FormKind.Bytes) : new ArgumentType.Any();
    }

    private static ArgumentType.Integer IntegerOf(Int128 min, Int128 max, Limits limits)
    {
        var low = limits.Min is { } from
            ? (Int128)(limits.MinIsExclusive ? decimal.Floor(from) + 1 : decimal.Ceiling(from))
            : min;
        var high = limits.Max is { } to
            ? (Int128)(limits.MaxIsExclusive ? decimal.Ceiling(to) - 1 : decimal.Floor(to))
            : max;
        return new ArgumentType.Integer(Int128.Max(low, min), Int128.Min(high, max));
    }

    private static ArgumentType.Number NumberOf(Limits limits, double? min, double? max) =>
        new((double?)limits.Min ?? min, (double?)limits.Max ?? max)
        {
            MinIsExclusive = limits.MinIsExclusive,
            MaxIsExclusive = limits.MaxIsExclusive,
        };

    private static ArgumentType.Text TextOf(Limits limits)
    {
        try
        {
            // [Required] refuses an empty string as well.
            return new ArgumentType.Text(
                limits.MinLength ?? (limits.Required ? 1 : 0),
                limits.MaxLength,
                limits.Pattern
            );
        }
        catch (ArgumentException wrong)
        {
            throw new UnusableCodeException($"has a [RegularExpression] that cannot be read: {wrong.Message}");
        }
    }

    private static (ArgumentType, Func<JsonElement, object?>) OfEnum(Type type)
    {
        var values = Enum.GetNames(type)
            .ToImmutableDictionary(JsonNamingPolicy.SnakeCaseLower.ConvertName, name => Enum.Parse(type, name));
        var names = Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName).ToImmutableArray();
        return (new ArgumentType.Choice(names), value => values[value.GetString()!]);
    }
}
