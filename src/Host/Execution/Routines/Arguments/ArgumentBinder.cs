using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;

namespace AptTask.Host.Execution.Routines.Arguments;

/// <summary>Checks arguments against a list of declared ones. Pure; the code that will get them is not needed.</summary>
internal static class ArgumentBinder
{
    private const int ShownLength = 40;

    private static readonly Binding.Bound Nothing = new("{}"u8.ToArray());

    /// <summary>See <see cref="IRunnableRoutine.Bind"/>.</summary>
    public static Binding Bind(
        string routine,
        ImmutableArray<Argument> declared,
        JsonElement arguments,
        BindingMode mode,
        int maxBytes = int.MaxValue
    )
    {
        var given = new JsonElement?[declared.Length];
        var refused = arguments.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => null,
            JsonValueKind.Object => TakeByName(routine, declared, arguments, given),
            JsonValueKind.Array => TakeByPosition(routine, declared, arguments, given),
            _ => new Binding.Refused(
                "bad_argument",
                "The arguments must be an object by name or an array by position."
            ),
        };
        return refused ?? Check(routine, declared, given, mode) ?? Write(declared, given, maxBytes);
    }

    private static Binding.Refused? TakeByName(
        string routine,
        ImmutableArray<Argument> declared,
        JsonElement arguments,
        JsonElement?[] given
    )
    {
        foreach (var member in arguments.EnumerateObject())
        {
            var name = Strings.TryGetName(member) ?? "";
            var index = IndexOf(declared, name);
            if (index < 0)
                return Unknown(routine, declared, name);
            if (given[index] is not null)
                return new Binding.Refused("bad_argument", $"The argument '{name}' is given twice.", name);
            given[index] = member.Value;
        }
        return null;
    }

    private static Binding.Refused? TakeByPosition(
        string routine,
        ImmutableArray<Argument> declared,
        JsonElement arguments,
        JsonElement?[] given
    )
    {
        var count = arguments.GetArrayLength();
        if (count > declared.Length)
        {
            return new Binding.Refused(
                "unknown_argument",
                $"{routine} takes {Count(declared.Length)}, and {count} are given. {Known(declared)}"
            );
        }
        var index = 0;
        foreach (var value in arguments.EnumerateArray())
            given[index++] = value;
        return null;
    }

    private static Binding.Refused? Check(
        string routine,
        ImmutableArray<Argument> declared,
        JsonElement?[] given,
        BindingMode mode
    )
    {
        for (var index = 0; index < declared.Length; index++)
        {
            var argument = declared[index];
            if (given[index] is not { } value)
            {
                if (!argument.Required)
                    continue;
                return new Binding.Refused(
                    "bad_argument",
                    $"{routine} needs the argument '{argument.Name}': {argument.Value.Type.Wanted}.",
                    argument.Name
                );
            }
            if (mode == BindingMode.Coerce)
                given[index] = value = argument.Value.Type.Coerce(value);
            if (argument.Value.Check(value) is { } complaint)
                return Bad(argument, complaint, value);
        }
        return null;
    }

    private static Binding Write(ImmutableArray<Argument> declared, JsonElement?[] given, int maxBytes)
    {
        if (Array.TrueForAll(given, value => value is null))
            return Nothing;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            for (var index = 0; index < declared.Length; index++)
            {
                if (given[index] is not { } value)
                    continue;
                json.WritePropertyName(declared[index].Name);
                value.WriteTo(json);
            }
            json.WriteEndObject();
        }
        return buffer.WrittenCount <= maxBytes
            ? new Binding.Bound(buffer.WrittenSpan.ToArray())
            : new Binding.Refused(
                "too_large",
                $"The arguments are {buffer.WrittenCount} bytes long; at most {maxBytes} are allowed."
            );
    }

    private static Binding.Refused Unknown(string routine, ImmutableArray<Argument> declared, string name)
    {
        var nearest = Nearest.Suggest(name, declared.Select(argument => argument.Name));
        return new Binding.Refused(
            "unknown_argument",
            nearest is null
                ? $"{routine} has no argument '{Shown(name)}'. {Known(declared)}"
                : $"{routine} has no argument '{Shown(name)}'. {nearest}",
            Shown(name)
        );
    }

    private static Binding.Refused Bad(Argument argument, Complaint complaint, JsonElement value)
    {
        // A secret must not come back in an error, which may be logged on the way.
        var but = argument.Secret || complaint.Path.Length > 0 ? "" : $", not {Shown(value.GetRawText())}";
        return new Binding.Refused(
            "bad_argument",
            $"The argument '{argument.Name}{complaint.Path}' must be {complaint.Wanted}{but}.",
            argument.Name
        );
    }

    private static int IndexOf(ImmutableArray<Argument> declared, string name)
    {
        for (var index = 0; index < declared.Length; index++)
        {
            if (declared[index].Name == name)
                return index;
        }
        return -1;
    }

    private static string Known(ImmutableArray<Argument> declared) =>
        declared.IsEmpty
            ? "It takes none."
            : $"It takes: {string.Join(", ", declared.Select(argument => argument.Name))}.";

    private static string Count(int count) =>
        count switch
        {
            0 => "no arguments",
            1 => "one argument",
            _ => $"{count} arguments",
        };

    private static string Shown(string text) =>
        text.Length <= ShownLength ? text : string.Concat(text.AsSpan(0, ShownLength), "…");
}
