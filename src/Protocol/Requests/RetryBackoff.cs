using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>How the delay before a retry grows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RetryBackoff>))]
public enum RetryBackoff
{
    /// <summary>The same each time.</summary>
    [JsonStringEnumMemberName("fixed")]
    Fixed,

    /// <summary>Twice the last each time.</summary>
    [JsonStringEnumMemberName("exponential")]
    Exponential,
}
