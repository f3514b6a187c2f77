using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptTask.Host.Execution;

/// <summary>Writes JSON that is already there; no type of a plugin ever passes through here.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class JsonElementContext : JsonSerializerContext;
