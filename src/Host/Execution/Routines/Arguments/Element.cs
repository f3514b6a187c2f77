using System.Collections.Immutable;
using System.Text.Json;

namespace AptTask.Host.Execution.Routines.Arguments;

/// <summary>A value as an argument, an item or a member: its type, and whether it may be null or has to be one of some values.</summary>
/// <param name="Type">What it has to be.</param>
/// <param name="Nullable">Whether null will do.</param>
internal sealed record Element(ArgumentType Type, bool Nullable)
{
    /// <summary>The only values allowed; empty for all of the type.</summary>
    public ImmutableArray<JsonElement> Allowed { get; init; } = [];

    /// <summary>Null when the value holds.</summary>
    public Complaint? Check(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return Nullable ? null : new Complaint("", $"{Type.Wanted}, and not null");
        if (Type.Check(value) is { } complaint)
            return complaint;
        return Allowed.IsEmpty || Allowed.Any(allowed => JsonElement.DeepEquals(allowed, value))
            ? null
            : new Complaint("", $"one of {string.Join(", ", Allowed.Select(allowed => allowed.GetRawText()))}");
    }

    /// <summary>Writes type and limits as members of an object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("type", Type.WireName);
        WriteLimits(json);
    }

    /// <summary>Writes what values must keep to, as members of an object.</summary>
    public void WriteLimits(Utf8JsonWriter json)
    {
        if (Nullable)
            json.WriteBoolean("nullable", value: true);
        Type.WriteLimits(json);
        if (Allowed.IsEmpty)
            return;
        json.WriteStartArray("values");
        foreach (var value in Allowed)
            value.WriteTo(json);
        json.WriteEndArray();
    }
}
