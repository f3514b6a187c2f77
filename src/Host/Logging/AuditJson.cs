using System.Text.Json.Serialization;

namespace AptTask.Host.Logging;

/// <summary>How audit entries are written: the strict encoder of the framework escapes what a terminal would obey.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJson : JsonSerializerContext;
