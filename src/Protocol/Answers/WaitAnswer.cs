using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>Where the tasks stand that were waited for.</summary>
/// <param name="Tasks">In the order of the request.</param>
/// <param name="TimedOut">The time was over before enough of them were final.</param>
public sealed record WaitAnswer(
    IReadOnlyList<WaitedTask> Tasks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool TimedOut = false
) : Answer;
