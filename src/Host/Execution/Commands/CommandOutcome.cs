using System.Text;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Sandbox;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Commands;

/// <summary>What a run comes to for the scheduler, and a sentence for people. Judged purely.</summary>
/// <param name="Outcome">For the scheduler.</param>
/// <param name="Message">For people; null when there is nothing to say.</param>
internal sealed record CommandOutcome(AttemptOutcome Outcome, string? Message)
{
    private const int SignalBase = 128;
    private const int Abort = SignalBase + 6;
    private const int Kill = SignalBase + 9;
    private const int SegmentFault = SignalBase + 11;
    private const int CpuExceeded = SignalBase + 24;
    private const int FileTooLarge = SignalBase + 25;

    /// <summary>What was seen from outside while it ran.</summary>
    /// <param name="TooMuch">It was killed because it wrote too much.</param>
    /// <param name="WasStopped">It was told to stop while it ran.</param>
    /// <param name="IsSilent">It wrote nothing to its standard output.</param>
    /// <param name="Errors">What it wrote to its standard error.</param>
    public sealed record Seen(bool TooMuch, bool WasStopped, bool IsSilent, ReadOnlyMemory<byte> Errors);

    /// <summary>Judges a run.</summary>
    public static CommandOutcome Judge(CommandEntry entry, RunEnd end, Seen seen)
    {
        if (seen.TooMuch)
            return Fail(FailureReason.OutputLimit, "it wrote more output than it may and was killed");
        if (seen.WasStopped)
            return new CommandOutcome(AttemptOutcome.Stopped.Instance, null);
        if (ChainFailure(end, seen) is { } failure)
            return Fail(FailureReason.SandboxFailed, failure);
        if (entry.Success.Contains(end.ExitCode))
            return new CommandOutcome(AttemptOutcome.Succeeded.Instance, null);
        return end.ExitCode switch
        {
            CpuExceeded => Fail(FailureReason.CpuLimit, $"it used more processor time than {Shown(entry.Limits.Cpu)}"),
            FileTooLarge => Fail(FailureReason.OutputLimit, "it wrote a larger file than it may"),
            // Who catches XCPU is killed one second later; without a limit it was the kernel, for want of memory, or somebody.
            Kill when entry.Limits.Cpu is not null && entry.Limits.Memory is null => Fail(
                FailureReason.CpuLimit,
                $"it used more processor time than {Shown(entry.Limits.Cpu)} and was killed"
            ),
            _ when end.Usage.OutOfMemory > 0 => Fail(
                FailureReason.Memory,
                $"it and what it started needed more memory than {Shown(entry.Limits.Memory)} together, and the kernel killed of it"
            ),
            Kill => Fail(FailureReason.Memory, "it was killed (signal 9), most likely for want of memory"),
            Abort or SegmentFault when entry.Limits.Memory is { } memory && SaysNoMemory(seen.Errors) => Fail(
                FailureReason.Memory,
                $"it needed more memory than {Units.Write(memory)}"
            ),
            var code when entry.Limits.Memory is { } memory && SaysNoMemory(seen.Errors) => Fail(
                FailureReason.Memory,
                $"it needed more memory than {Units.Write(memory)} (exit code {code})"
            ),
            > SignalBase and <= SignalBase + 64 => Fail(
                FailureReason.ExitCode,
                $"it was ended by signal {end.ExitCode - SignalBase}"
            ),
            var code when end.Usage.OutOfProcesses > 0 => Fail(
                FailureReason.ExitCode,
                $"it ended with exit code {code}, and had been refused more processes than {entry.Limits.Processes}"
            ),
            var code => Fail(FailureReason.ExitCode, $"it ended with exit code {code}"),
        };
    }

    /// <summary>
    /// Whether the chain around the command failed. A fence with namespaces reports by a way of its own whether the command ran. The
    /// other tools say so on standard error with their name in front and the exit codes that util-linux uses; a command that forges this
    /// only renames its own failure.
    /// </summary>
    private static string? ChainFailure(RunEnd end, Seen seen)
    {
        var line = Encoding.UTF8.GetString(seen.Errors.Span).Split('\n')[0];
        if (end.IsUnbuilt)
            return Remedies.Explain(line);
        if (end.ExitCode is not (1 or 126 or 127) || !seen.IsSilent)
            return null;
        string[] tools = [LauncherImage.MessagePrefix, "setsid: ", "prlimit: ", "setpriv: "];
        return Array.Exists(tools, tool => line.StartsWith(tool, StringComparison.Ordinal))
            ? Remedies.Explain(line)
            : null;
    }

    private static bool SaysNoMemory(ReadOnlyMemory<byte> errors)
    {
        var text = Encoding.UTF8.GetString(errors.Span);
        string[] words =
        [
            "out of memory",
            "cannot allocate memory",
            "memory exhausted",
            "bad_alloc",
            "memoryerror",
            "outofmemory",
        ];
        return Array.Exists(words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    private static string Shown(long? limit) => limit is { } bytes ? Units.Write(bytes) : "it may";

    private static string Shown(TimeSpan? limit) => limit is { } span ? Units.Write(span) : "it may";

    private static CommandOutcome Fail(FailureReason reason, string message) =>
        new(new AttemptOutcome.Failed(reason), message);
}
