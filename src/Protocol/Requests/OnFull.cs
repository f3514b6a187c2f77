using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>What happens to a submission that finds the queue of its group full.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OnFull>))]
public enum OnFull
{
    /// <summary>It is refused with <see cref="ErrorCodes.QueueFull"/>.</summary>
    [JsonStringEnumMemberName("refuse")]
    Refuse,

    /// <summary>Its answer waits for room. Needs an id; other requests go on meanwhile.</summary>
    [JsonStringEnumMemberName("wait")]
    Wait,
}
