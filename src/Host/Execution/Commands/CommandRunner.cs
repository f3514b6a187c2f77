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
        var mark = spawner.NewMark();
        var command = Cli.Wrap(plan.Launch.Program)
            .WithArguments(plan.Launch.Arguments)
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
        var running = await spawner.StartAsync(() =>
        {
            var started = command.ExecuteAsync(
                start => Prepare(start, plan, mark),
                // CliWrap switches the events on after this, so none is missed; its own task waits for the pipes as well.
                process => process.Exited += (_, _) => ended.TrySetResult(process.ExitCode),
                pipes.Token,
                CancellationToken.None
            );
            spawner.Strays.Add(mark, started.ProcessId);
            return started;
        });
        return await FollowAsync(running, ended.Task, mark, plan.Grace, pipes, stop, force);
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
        string mark,
        TimeSpan grace,
        CancellationTokenSource pipes,
        CancellationToken stop,
        CancellationToken force
    )
    {
        var root = running.ProcessId;
        var signals = new StopSignals(root, grace, time);
        using (stop.UnsafeRegister(static (state, _) => ((StopSignals)state!).Ask(), signals))
        using (force.UnsafeRegister(static (state, _) => ((StopSignals)state!).Force(), signals))
            await ended;
        signals.Close();
        await spawner.Strays.ClearAsync(mark, root);

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
        return new RunEnd(await ended, signals.WasAsked, signals.CpuSeconds, signals.PeakMemory);
    }
}
