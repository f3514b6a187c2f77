using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Sandbox;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Commands;

/// <summary>A whitelisted program as a routine.</summary>
internal sealed class CommandRoutine : IRunnableRoutine
{
    private readonly CommandEntry _entry;
    private readonly FenceRequest _fence;
    private readonly CommandRunner _runner;
    private readonly CommandBinder _binder;
    private readonly ProgramStamp? _stamp;

    /// <summary>Makes a routine of an entry; see <see cref="CommandRoutines.BuildAsync"/>.</summary>
    public CommandRoutine(CommandEntry entry, FenceRequest fence, RoutineDescriptor descriptor, CommandRunner runner)
    {
        _entry = entry;
        _fence = fence;
        _runner = runner;
        _binder = new CommandBinder(entry, RealPath.Of);
        _stamp = ProgramStamp.Of(entry.Path);
        Descriptor = descriptor;
    }

    /// <inheritdoc/>
    public RoutineDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public Binding Bind(JsonElement arguments, BindingMode mode) =>
        Descriptor.Unavailable is { } reason
            ? new Binding.Refused("sandbox_unavailable", $"{_entry.Name} cannot run here: {reason}")
            : _binder.Bind(arguments, mode);

    /// <inheritdoc/>
    public async Task<AttemptEnd> RunAsync(AttemptContext attempt)
    {
        if (Descriptor.Unavailable is { } reason)
            return Failed(FailureReason.SandboxFailed, reason, retryable: false);
        if (_binder.Complete(attempt.Arguments, attempt.Dependencies, out var error) is not { } line)
            return Failed(FailureReason.Revoked, error, retryable: false);
        if (ProgramStamp.Of(_entry.Path) != _stamp)
            return Failed(
                FailureReason.Revoked,
                $"{_entry.Path} has changed on disk since it was allowed; reload to allow it as it is now",
                retryable: false
            );
        if (attempt.Stop.IsCancellationRequested || attempt.Force.IsCancellationRequested)
            return new AttemptEnd(AttemptOutcome.Stopped.Instance);
        try
        {
            return await RunAsync(attempt, line);
        }
        catch (Win32Exception failure)
        {
            return Failed(FailureReason.SandboxFailed, $"it could not be started: {Printable.Of(failure.Message)}");
        }
    }

    private async Task<AttemptEnd> RunAsync(AttemptContext attempt, CommandLine line)
    {
        using var tooMuch = new CancellationTokenSource();
        using var force = CancellationTokenSource.CreateLinkedTokenSource(attempt.Force, tooMuch.Token);
        var form = _entry.StandardOutput.Form;
        // Cancelling runs signals on the reader's thread, which is what it is for; nothing waits there.
        var output = new OutputCollector(
            _entry.StandardOutput,
            form != OutputForm.None,
            LogStream.Out,
            attempt,
            tooMuch.Cancel
        );
        var errors = new OutputCollector(_entry.StandardError, isKept: true, LogStream.Err, attempt, tooMuch.Cancel);
        var end = await _runner.RunAsync(Plan(attempt, line), output.Target, errors.Target, attempt.Stop, force.Token);
        var outcome = CommandOutcome.Judge(
            _entry,
            end,
            new CommandOutcome.Seen(
                TooMuch: tooMuch.IsCancellationRequested,
                WasStopped: end.WasStopped
                    && (attempt.Stop.IsCancellationRequested || attempt.Force.IsCancellationRequested),
                IsSilent: output.Total == 0,
                Errors: errors.Kept
            )
        );
        return Finish(outcome, end, output, errors);
    }

    private AttemptEnd Finish(CommandOutcome outcome, RunEnd end, OutputCollector output, OutputCollector errors)
    {
        var data = DeclaredOutput.Make(output.Kept, output.IsCut, _entry.StandardOutput.Form, out var bad);
        if (bad is not null && outcome.Outcome is AttemptOutcome.Succeeded)
            outcome = new CommandOutcome(new AttemptOutcome.Failed(FailureReason.BadOutput), bad);
        return new AttemptEnd(outcome.Outcome)
        {
            Data = data,
            ExitCode = end.ExitCode,
            Message = outcome.Message,
            Usage = new AttemptUsage(end.Usage.CpuSeconds, end.Usage.PeakMemory, output.Total + errors.Total),
        };
    }

    private RunPlan Plan(AttemptContext attempt, CommandLine line)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" };
        foreach (var (name, value) in _entry.Environment)
            environment[name] = value;
        environment["APTASK_TASK"] = attempt.Task.Value.ToString(CultureInfo.InvariantCulture);
        environment["APTASK_ATTEMPT_TOKEN"] = attempt.Token.Value.ToString(CultureInfo.InvariantCulture);
        return new RunPlan
        {
            Fence = _fence.HasNamespaces
                ? _fence with
                {
                    View = _fence.View with { Scratch = Scratch(attempt) },
                }
                : _fence,
            Command = [line.Program, .. line.Arguments],
            Environment = environment,
            WorkingFolder = WorkingFolder(attempt),
            StandardInput = line.StandardInput,
            Grace = _entry.Grace,
        };
    }

    private string WorkingFolder(AttemptContext attempt)
    {
        if (_fence.HasNamespaces)
            return "/";
        return _entry.WorkingFolder ?? Scratch(attempt);
    }

    private string Scratch(AttemptContext attempt)
    {
        var scratch = attempt.ScratchFolder;
        if (_fence.User is { } user && !Native.Give(scratch, user))
            attempt.Log(
                LogStream.Log,
                Encoding.UTF8.GetBytes($"the scratch folder could not be given to {user.Name}\n")
            );
        return scratch;
    }

    private static AttemptEnd Failed(FailureReason reason, string message, bool retryable = true) =>
        new(new AttemptOutcome.Failed(reason, retryable)) { Message = message };
}
