namespace AptTask.Host.Configuration;

/// <summary><c>[limits]</c>: what clients and entries may ask for at most.</summary>
/// <param name="MaxTimeout">The longest timeout of an attempt.</param>
/// <param name="DefaultTimeout">The timeout of a command that does not say.</param>
/// <param name="MaxTasksPerSubmit">The most tasks in one <c>submit</c>.</param>
/// <param name="MaxArguments">The largest arguments of one task, in bytes.</param>
/// <param name="Inbox">The most requests that wait for the engine.</param>
/// <param name="Batch">The most requests written in one transaction.</param>
internal sealed record LimitsOptions(
    TimeSpan MaxTimeout,
    TimeSpan DefaultTimeout,
    int MaxTasksPerSubmit,
    int MaxArguments,
    int Inbox,
    int Batch
);
