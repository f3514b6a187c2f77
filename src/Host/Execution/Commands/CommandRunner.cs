using System.Diagnostics;
using AptTask.Host.Execution.Sandbox;
using CliWrap;

namespace AptTask.Host.Execution.Commands;

/// <summary>
/// Runs one command to its end, by CliWrap. CliWrap starts it, feeds it and reads it; signals are sent from here, because its own
/// reach one process and not the group, and say INT and not TERM. When this comes back, nothing that was started is left.
/// </summary>
internal sealed class CommandRunner(Spawner spawner, TimeProvider time)
{
    /// <summary>How long the pipes may stay open when everything that could be found is gone.</summary>
    private static readonly TimeSpan PipePatience = TimeSpan.FromSeconds(2);

    private const int SignalBase = 128;

    /// <summary>Runs it.</summary>
    /// <param name="plan">What and how.</param>
    /// <param name="output">Reads its standard output.</param>
    /// <param name="error">Reads its standard error.</param>
    /// <param name="stop">Ends it politely, and after the grace by force.</param>
    /// <param name="force">Ends it by force.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public async Task<RunEnd> RunAsync(
        RunPlan plan,
        PipeTarget output,
        PipeTarget error,
        CancellationToken stop,
        CancellationToken force
    )
    {
        var fence = FencedStart.Open(spawner, plan.Fence);
        var launch = fence.Plan(plan.Command.AsSpan());
        var command = Cli.Wrap(launch.Program)
            .WithArguments(launch.Arguments)
            .WithWorkingDirectory(plan.WorkingFolder)
            .WithStandardInputPipe(
                plan.StandardInput.IsEmpty ? PipeSource.Null : PipeSource.FromBytes(plan.StandardInput)
            )
            .WithStandardOutputPipe(output)
            .WithStandardErrorPipe(error)
            // A failing command is an outcome, not a fault of the daemon.
            .WithValidation(CommandResultValidation.None);

        using var pipes = new CancellationTokenSource();
        var ended = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        CommandTask<CommandResult> running;
        try
        {
            running = await spawner.StartAsync(() =>
            {
                var started = command.ExecuteAsync(
                    start => Prepare(start, plan, fence.Mark),
                    // CliWrap switches the events on after this, so none is missed; its own task waits for the pipes as well.
                    process => process.Exited += (_, _) => ended.TrySetResult(process.ExitCode),
                    pipes.Token,
                    CancellationToken.None
                );
                spawner.Strays.Add(fence.Mark, started.ProcessId);
                return started;
            });
        }
        catch
        {
            fence.Abandon();
            throw;
        }
        return await FollowAsync(running, ended.Task, fence, plan.Grace, pipes, stop, force);
    }

    private static void Prepare(ProcessStartInfo start, RunPlan plan, string mark)
    {
        start.Environment.Clear();
        foreach (var (name, value) in plan.Environment)
            start.Environment[name] = value;
        start.Environment[Spawner.MarkVariable] = mark;
    }

    private async Task<RunEnd> FollowAsync(
        CommandTask<CommandResult> running,
        Task<int> ended,
        FencedStart fence,
        TimeSpan grace,
        CancellationTokenSource pipes,
        CancellationToken stop,
        CancellationToken force
    )
    {
        var root = running.ProcessId;
        var signals = new StopSignals(root, grace, time, fence);
        using (stop.UnsafeRegister(static (state, _) => ((StopSignals)state!).Ask(), signals))
        using (force.UnsafeRegister(static (state, _) => ((StopSignals)state!).Force(), signals))
            await ended;
        signals.Close();
        var end = await fence.EndAsync(root);

        // Whoever still holds the pipes could not be found by any mark; the outcome does not wait for that.
        pipes.CancelAfter(PipePatience);
        try
        {
            await running;
        }
        catch (OperationCanceledException) when (pipes.IsCancellationRequested)
        {
            // What was read until now is what there is.
        }
        var exitCode = await ended;
        return new RunEnd(
            exitCode,
            signals.WasAsked,
            end.Usage.Or(new FenceUsage(signals.CpuSeconds, signals.PeakMemory))
        )
        {
            // Who is killed says nothing more, and the fence may be killed together with what is in it.
            IsUnbuilt = fence.HasNamespaces && end.Status.ExitCode is null && exitCode <= SignalBase,
        };
    }
}
