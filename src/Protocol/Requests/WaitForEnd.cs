using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>How a job has to end for the task that waits for it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WaitForEnd>))]
public enum WaitForEnd
{
    /// <summary>It succeeded.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>It failed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It reached any final state.</summary>
    [JsonStringEnumMemberName("finished")]
    Finished,
}
