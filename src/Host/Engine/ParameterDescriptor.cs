using System.Text.Json;

namespace AptTask.Host.Engine;

/// <summary>One argument of a routine, as <c>index</c> shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The name of its type on the wire: <c>int</c>, <c>string</c>, <c>enum</c>, <c>list</c>, …</param>
/// <param name="Required">Whether it must be given.</param>
internal sealed record ParameterDescriptor(string Name, string Type, bool Required)
{
    /// <summary>What holds when it is not given; null when it is required or has none.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>For people.</summary>
    public string? Help { get; init; }

    /// <summary>What its values must keep to, as a JSON object: <c>{"min":1,"max":10}</c>, <c>{"values":["a"]}</c>.</summary>
    public JsonElement? Limits { get; init; }

    /// <summary>Masked in every answer, event and log.</summary>
    public bool Secret { get; init; }
}
