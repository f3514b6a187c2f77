using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Routines;

/// <summary>What holds for a routine: what the administrator says, then what its author says.</summary>
internal static class Policies
{
    /// <summary>The two together.</summary>
    public static RoutinePolicy Of(RoutinePolicy author, RoutineRules rules) =>
        author with
        {
            Lane = rules.Lane ?? author.Lane,
            Lanes = rules.Lanes,
            Weight = rules.Weight ?? author.Weight,
            Timeout = rules.Timeout ?? author.Timeout,
            Idempotent = rules.Idempotent ?? author.Idempotent,
            Concurrency = rules.Concurrency ?? author.Concurrency,
            Allow = rules.Allow,
            Retry = rules.Retry is { } retry
                ? new RetryPolicy(
                    retry.Attempts,
                    retry.Exponential ? Backoff.Exponential : Backoff.Fixed,
                    retry.Delay,
                    retry.MaxDelay,
                    retry.Jitter
                )
                : null,
        };
}
