namespace AptTask.Host.Configuration;

/// <summary><c>[results]</c>.</summary>
/// <param name="Linger">How long a fetched result stays without an <c>ack</c>.</param>
/// <param name="Remember">How long a group remembers how its jobs ended.</param>
/// <param name="QuotaPerGroup">Live tasks and kept results of a group together.</param>
/// <param name="MaxResult">The largest data of one result, in bytes.</param>
/// <param name="MaxPosted">The largest posted data of one task together, in bytes.</param>
/// <param name="MaxWorklog">The largest worklog of one task, in bytes.</param>
/// <param name="WorklogTail">How much of the worklog an answer to <c>result</c> carries, in bytes.</param>
/// <param name="EventsPerGroup">How many events a group keeps for <c>watch</c>.</param>
internal sealed record ResultsOptions(
    TimeSpan Linger,
    TimeSpan Remember,
    int QuotaPerGroup,
    int MaxResult,
    int MaxPosted,
    long MaxWorklog,
    int WorklogTail,
    int EventsPerGroup
);
