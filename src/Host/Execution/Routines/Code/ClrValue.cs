using System.Text.Json;
using AptTask.Host.Execution.Routines.Arguments;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>A CLR type as an argument: what it takes on the wire, and how a checked value becomes an object.</summary>
/// <param name="Element">What it takes.</param>
/// <param name="Read">Reads a value that was checked and is not null.</param>
internal sealed record ClrValue(Element Element, Func<JsonElement, object?> Read)
{
    /// <summary>Reads a value that was checked.</summary>
    public object? ReadAny(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : Read(value);
}
