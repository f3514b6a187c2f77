using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>How long the result of a task is kept.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Keep>))]
public enum Keep
{
    /// <summary>Until it is acknowledged.</summary>
    [JsonStringEnumMemberName("ack")]
    Ack,

    /// <summary>For a while after the end.</summary>
    [JsonStringEnumMemberName("linger")]
    Linger,

    /// <summary>The final state only.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
