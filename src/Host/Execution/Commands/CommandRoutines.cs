using System.Collections.Immutable;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Sandbox;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Commands;

/// <summary>Makes routines of the whitelist's commands. What cannot run here is there too, and says why.</summary>
internal static class CommandRoutines
{
    /// <summary>All commands of a whitelist.</summary>
    /// <param name="whitelist">What is allowed.</param>
    /// <param name="options">How commands are fenced.</param>
    /// <param name="time">The clock of the graces.</param>
    public static async Task<ImmutableArray<IRunnableRoutine>> BuildAsync(
        Whitelist whitelist,
        DaemonOptions options,
        TimeProvider time
    )
    {
        var runner = new CommandRunner(Spawner.OfThisProcess, time);
        var isRoot = Environment.IsPrivilegedProcess;
        var file = whitelist.File is { } path ? Path.GetFileName(path) : "whitelist";
        var hidden = DaemonPlaces.Of(options);
        var made = whitelist.Commands.Select(entry => Draft(entry, options.Sandbox, hidden, isRoot)).ToArray();
        // Tried before a door opens, all at once; what held before is not tried again.
        var wrong = await FenceTrials.OfThisProcess.TryAllAsync(
            made.Where(draft => draft.Unavailable is null).Select(draft => draft.Fence),
            time
        );
        return
        [
            .. made.Select(draft =>
                Make(draft with { Unavailable = draft.Unavailable ?? wrong(draft.Fence) }, runner, file)
            ),
        ];
    }

    /// <summary>An entry and its fence.</summary>
    private sealed record CommandDraft(CommandEntry Entry, FenceRequest Fence, string? Unavailable);

    private static CommandDraft Draft(CommandEntry entry, SandboxOptions sandbox, DaemonPlaces hidden, bool isRoot)
    {
        var unavailable = entry.Missing;
        var user = User(entry, sandbox, isRoot, ref unavailable);
        var fence = new FenceRequest(entry.Sandbox, entry.Limits, user, sandbox);
        fence = fence with
        {
            Launcher = sandbox.UseTools ? null : Launchers.Find(fence),
            View = CommandView.Of(entry, fence, hidden),
        };
        unavailable ??= FenceCheck.Refuse(fence, isRoot) ?? FenceCheck.RefuseView(fence);
        return new CommandDraft(entry, fence, unavailable);
    }

    private static CommandRoutine Make(CommandDraft draft, CommandRunner runner, string file)
    {
        var entry = draft.Entry;
        var descriptor = new RoutineDescriptor
        {
            Name = entry.Name,
            Kind = RoutineKind.Command,
            Help = entry.Summary,
            Origin = $"{file}:{entry.Line}",
            Parameters = CommandParameters.Describe(entry),
            Policy = Policy(entry),
            Unavailable = draft.Unavailable,
        };
        return new CommandRoutine(entry, draft.Fence, descriptor, runner);
    }

    /// <summary>Whom it runs as: nobody is changed to by a daemon that is not root, and root is stayed only when the entry says so.</summary>
    private static Subject? User(CommandEntry entry, SandboxOptions sandbox, bool isRoot, ref string? unavailable)
    {
        if (!isRoot)
        {
            unavailable ??= entry.User is { } wanted ? $"only a daemon that is root can run it as {wanted}" : null;
            return null;
        }
        var name = entry.User ?? sandbox.User;
        var user = UserTable.Find(name);
        if (user is null)
            unavailable ??=
                $"there is no user \"{Printable.Of(name)}\"; name another in the entry or as user in [sandbox]";
        else if (user.Uid == 0 && (entry.User is null || !sandbox.AllowRoot))
            unavailable ??=
                "it would run as root; that takes user = \"root\" in its entry and allow_root = true in [sandbox]";
        return user;
    }

    private static RoutinePolicy Policy(CommandEntry entry) =>
        new()
        {
            Lane = entry.Lane,
            Lanes = entry.Lanes,
            Weight = entry.Weight ?? 1,
            Timeout = entry.Timeout,
            Idempotent = entry.Idempotent ?? false,
            Retry = entry.Retry is { } retry
                ? new RetryPolicy(
                    retry.Attempts,
                    retry.Exponential ? Backoff.Exponential : Backoff.Fixed,
                    retry.Delay,
                    retry.MaxDelay,
                    retry.Jitter
                )
                : null,
            Concurrency = entry.Concurrency,
            Allow = entry.Allow,
        };
}
