using System.Buffers;
using System.Text.Json;
using AptTask.Host.Engine;

namespace AptTask.Host.Execution.Routines.Arguments;

/// <summary>One argument of a routine, or one member of an object.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Value">What it takes.</param>
/// <param name="Required">Whether it must be given.</param>
internal sealed record Argument(string Name, Element Value, bool Required)
{
    /// <summary>What holds when it is not given, as far as that is known without running the code.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>For people.</summary>
    public string? Help { get; init; }

    /// <summary>Masked wherever it would be shown.</summary>
    public bool Secret { get; init; }

    /// <summary>What <c>index</c> shows.</summary>
    public ParameterDescriptor Describe() =>
        new(Name, Value.Type.WireName, Required)
        {
            Default = Default,
            Help = Help,
            Limits = Limits(),
            Secret = Secret,
        };

    private JsonElement? Limits()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Value.WriteLimits(json);
            json.WriteEndObject();
        }
        var limits = JsonElement.Parse(buffer.WrittenSpan);
        return limits.GetPropertyCount() == 0 ? null : limits;
    }
}
