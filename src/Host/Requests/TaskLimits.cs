namespace AptTask.Host.Requests;

/// <summary>What clients may ask for at most.</summary>
/// <param name="Timeout">The longest time-out of an attempt.</param>
/// <param name="ActiveRows">The most rows of one <c>active</c>.</param>
/// <param name="WorkLogTail">How much of a worklog comes with a result, in bytes.</param>
internal sealed record TaskLimits(TimeSpan Timeout, int ActiveRows, int WorkLogTail);
