using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptTask.Host.Requests;

/// <summary>Writes arguments with their secrets masked.</summary>
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class ViewJson : JsonSerializerContext;
