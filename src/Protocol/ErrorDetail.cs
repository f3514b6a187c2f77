using System.Text.Json;

namespace AptTask.Protocol;

/// <summary>One fact beside the code of an error, for programs.</summary>
/// <param name="Name">The name of the member in the answer.</param>
/// <param name="Value">Its value.</param>
public readonly record struct ErrorDetail(string Name, JsonElement Value);
