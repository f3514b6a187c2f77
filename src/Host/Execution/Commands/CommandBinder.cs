using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;

namespace AptTask.Host.Execution.Commands;

/// <summary>
/// The one function between what clients say and what programs get. Pure but for where paths lead. It is used twice with the
/// same checks: when a task is submitted, to refuse or to keep checked values, and before every attempt, to make the command line
/// with the whitelist of that moment.
/// </summary>
internal sealed class CommandBinder
{
    /// <summary>The most bytes of one argument.</summary>
    public const int MaxToken = 8 * 1024;

    /// <summary>The most bytes of all arguments.</summary>
    public const int MaxTokens = 64 * 1024;

    /// <summary>The most arguments.</summary>
    public const int MaxCount = 256;

    private readonly CommandEntry _entry;
    private readonly Dictionary<string, ParameterCheck> _checks;

    /// <summary>Binds to this entry.</summary>
    public CommandBinder(CommandEntry entry, Func<string, string?> realPath)
    {
        _entry = entry;
        _checks = entry.Parameters.ToDictionary(
            parameter => parameter.Name,
            parameter => new ParameterCheck(
                parameter,
                IsAlwaysGlued(entry, parameter.Name),
                realPath,
                entry.WorkingFolder
            ),
            StringComparer.Ordinal
        );
    }

    /// <summary>Checks what a client says.</summary>
    public Binding Bind(JsonElement arguments, BindingMode mode)
    {
        var values = new Dictionary<string, ArgumentValue>(StringComparer.Ordinal);
        if (Collect(arguments, mode == BindingMode.Coerce, values) is { } refused)
            return refused;
        foreach (var parameter in _entry.Parameters)
        {
            if (!values.ContainsKey(parameter.Name) && parameter.Default is null && parameter.From is null)
                return Bad(parameter.Name, "is missing");
        }
        // The line is made for its limits alone; what comes from other tasks is not known yet and checked when it is.
        return Build(WithDefaults(values), out var tooLarge) is null
            ? new Binding.Refused("too_large", tooLarge)
            : new Binding.Bound(Write(values));
    }

    /// <summary>Makes the command line from values that were bound before.</summary>
    /// <param name="bound">The canonical arguments.</param>
    /// <param name="dependencies">What the jobs left that the task waited for.</param>
    /// <param name="error">Why there is none.</param>
    public CommandLine? Complete(
        ReadOnlyMemory<byte> bound,
        IReadOnlyDictionary<string, DependencyResult> dependencies,
        out string error
    )
    {
        var values = new Dictionary<string, ArgumentValue>(StringComparer.Ordinal);
        using var document = JsonDocument.Parse(bound);
        if (Collect(document.RootElement, coerce: false, values) is { } refused)
        {
            error = refused.Message;
            return null;
        }
        foreach (var parameter in _entry.Parameters.Where(parameter => !values.ContainsKey(parameter.Name)))
        {
            if (Inherit(parameter, dependencies, out var inherited, out error))
                values[parameter.Name] = inherited!;
            else if (error.Length > 0)
                return null;
        }
        values = WithDefaults(values);
        foreach (var parameter in _entry.Parameters.Where(parameter => !values.ContainsKey(parameter.Name)))
        {
            error = $"the argument \"{parameter.Name}\" is missing";
            return null;
        }
        return Build(values, out error);
    }

    private static bool IsAlwaysGlued(CommandEntry entry, string parameter)
    {
        var places = entry.Template.Where(part => part.UsedParameter == parameter).ToArray();
        return places.Length > 0 && Array.TrueForAll(places, part => part is ArgumentTemplate.Value { IsGlued: true });
    }

    private Binding.Refused? Collect(JsonElement arguments, bool coerce, Dictionary<string, ArgumentValue> values) =>
        arguments.ValueKind switch
        {
            JsonValueKind.Object => CollectByName(arguments, coerce, values),
            JsonValueKind.Array => CollectByPosition(arguments, coerce, values),
            JsonValueKind.Undefined or JsonValueKind.Null => null,
            _ => new Binding.Refused("bad_argument", "arguments must be an object by name or an array by position"),
        };

    private Binding.Refused? CollectByName(JsonElement arguments, bool coerce, Dictionary<string, ArgumentValue> values)
    {
        foreach (var pair in arguments.EnumerateObject())
        {
            if (!TryName(pair, out var name) || !_checks.ContainsKey(name))
                return Unknown(name);
            if (values.ContainsKey(name))
                return Bad(name, "is given twice");
            if (Check(name, pair.Value, coerce, values) is { } refused)
                return refused;
        }
        return null;
    }

    private Binding.Refused? CollectByPosition(
        JsonElement arguments,
        bool coerce,
        Dictionary<string, ArgumentValue> values
    )
    {
        var count = arguments.GetArrayLength();
        if (count > _entry.Parameters.Length)
            return new Binding.Refused(
                "unknown_argument",
                $"{_entry.Name} takes {_entry.Parameters.Length} arguments at most, and {count} are given"
            );
        for (var i = 0; i < count; i++)
        {
            if (Check(_entry.Parameters[i].Name, arguments[i], coerce, values) is { } refused)
                return refused;
        }
        return null;
    }

    private Binding.Refused? Check(
        string name,
        JsonElement value,
        bool coerce,
        Dictionary<string, ArgumentValue> values
    )
    {
        if (_checks[name].Check(value, coerce, out var error) is not { } held)
            return Bad(name, error);
        values[name] = held;
        return null;
    }

    private static bool TryName(JsonProperty pair, out string name)
    {
        try
        {
            name = pair.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate; such a name is nobody's.
            name = "";
            return false;
        }
    }

    private Dictionary<string, ArgumentValue> WithDefaults(Dictionary<string, ArgumentValue> values)
    {
        foreach (var parameter in _entry.Parameters)
        {
            if (
                !values.ContainsKey(parameter.Name)
                && parameter.Default is { } value
                && _checks[parameter.Name].Check(value, coerce: false, out _) is { } held
            )
                values = new Dictionary<string, ArgumentValue>(values, StringComparer.Ordinal)
                {
                    [parameter.Name] = held,
                };
        }
        return values;
    }

    private bool Inherit(
        ParameterEntry parameter,
        IReadOnlyDictionary<string, DependencyResult> dependencies,
        out ArgumentValue? value,
        out string error
    )
    {
        value = null;
        error = "";
        if (parameter.From is not { } from || !dependencies.TryGetValue(from.Job, out var result))
            return false;
        if (!DependencyValue.TryFind(result, from, out var found))
            return false;
        value = _checks[parameter.Name].Check(found, coerce: true, out var wrong);
        if (value is null)
            error = $"the argument \"{parameter.Name}\", taken from the job \"{Printable.Of(from.Job)}\", {wrong}";
        return value is not null;
    }

    private CommandLine? Build(Dictionary<string, ArgumentValue> values, out string error)
    {
        var tokens = ImmutableArray.CreateBuilder<string>();
        foreach (var part in _entry.Template)
            Add(part, values, tokens);
        var input = Input(values);
        error = Excess(tokens, input.Length) ?? "";
        return error.Length == 0 ? new CommandLine(_entry.Path, tokens.ToImmutable(), input) : null;
    }

    private static void Add(
        ArgumentTemplate part,
        Dictionary<string, ArgumentValue> values,
        ImmutableArray<string>.Builder tokens
    )
    {
        var value = part.UsedParameter is { } name ? values.GetValueOrDefault(name) : null;
        switch (part, value)
        {
            case (ArgumentTemplate.Literal literal, _):
                tokens.Add(literal.Text);
                break;
            case (ArgumentTemplate.Value place, ArgumentValue.Single single):
                tokens.Add(place.Prefix + single.Text + place.Suffix);
                break;
            case (ArgumentTemplate.Switch place, ArgumentValue.Flag { On: true }):
                tokens.Add(place.Text);
                break;
            case (ArgumentTemplate.Each, ArgumentValue.Several several):
                tokens.AddRange(several.Items.Select(item => item.Text));
                break;
        }
    }

    private ReadOnlyMemory<byte> Input(Dictionary<string, ArgumentValue> values) =>
        _entry.StandardInput is { } name && values.GetValueOrDefault(name) is ArgumentValue.Single text
            ? Encoding.UTF8.GetBytes(text.Text)
            : default;

    private string? Excess(ImmutableArray<string>.Builder tokens, int input)
    {
        var sizes = tokens.Select(Encoding.UTF8.GetByteCount).ToArray();
        if (tokens.Count > MaxCount)
            return $"the command line has {tokens.Count} arguments; {MaxCount} are allowed";
        if (sizes.Any(size => size > MaxToken))
            return $"an argument is longer than {Units.Write(MaxToken)}";
        if (sizes.Sum() > MaxTokens)
            return $"the arguments are longer than {Units.Write(MaxTokens)} together";
        return input > _entry.MaxStandardInput
            ? $"the standard input is longer than {Units.Write(_entry.MaxStandardInput)}"
            : null;
    }

    private byte[] Write(Dictionary<string, ArgumentValue> values)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var parameter in _entry.Parameters)
            {
                if (!values.TryGetValue(parameter.Name, out var value))
                    continue;
                writer.WritePropertyName(parameter.Name);
                Write(writer, value);
            }
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, ArgumentValue value)
    {
        switch (value)
        {
            case ArgumentValue.Single { IsText: true } single:
                writer.WriteStringValue(single.Kept);
                break;
            case ArgumentValue.Single single:
                writer.WriteRawValue(single.Text);
                break;
            case ArgumentValue.Flag flag:
                writer.WriteBooleanValue(flag.On);
                break;
            case ArgumentValue.Several several:
                writer.WriteStartArray();
                foreach (var item in several.Items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
        }
    }

    private static Binding.Refused Bad(string name, string wrong) =>
        new("bad_argument", $"the argument \"{name}\" {wrong}", name);

    private Binding.Refused Unknown(string name)
    {
        var known = _entry.Parameters.Select(parameter => parameter.Name).ToArray();
        var takes = known.Length == 0 ? "it takes none" : "it takes " + string.Join(", ", known);
        var shown = Printable.Of(name.Length <= 64 ? name : name[..64] + "…");
        var hint = Nearest.Suggest(name, known) is { } suggestion ? " " + suggestion : "";
        return new Binding.Refused(
            "unknown_argument",
            $"{_entry.Name} has no argument \"{shown}\"; {takes}.{hint}",
            shown
        );
    }
}
