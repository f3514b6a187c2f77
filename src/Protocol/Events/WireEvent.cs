using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>Something that happened, told to those who follow.</summary>
public abstract record WireEvent
{
    private protected WireEvent() { }

    /// <summary>The id of the request that asked for it.</summary>
    [JsonPropertyOrder(-10)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RequestId Id { get; init; }

    /// <summary>What happened: <c>state</c>, <c>report</c>, <c>posted</c>, <c>log</c>, <c>end</c>.</summary>
    [JsonPropertyOrder(-9)]
    public abstract string Event { get; }

    /// <summary>When.</summary>
    [JsonPropertyOrder(-7)]
    public DateTimeOffset? At { get; init; }

    /// <summary>Whose task, where the asker sees more than one group.</summary>
    [JsonPropertyOrder(-6)]
    public string? Group { get; init; }

    /// <summary>The task.</summary>
    [JsonPropertyOrder(-5)]
    [JsonPropertyName("taskid")]
    public long? TaskId { get; init; }

    /// <summary>The client's name for it.</summary>
    [JsonPropertyOrder(-4)]
    [JsonPropertyName("jobid")]
    public string? JobId { get; init; }
}
