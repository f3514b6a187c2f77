using System.Globalization;
using System.Text;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Commands;
using AptTask.Host.Execution.Sandbox;
using AptTask.Host.Tests.Configuration;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Commands;

/// <summary>Runs commands for tests, and looks afterwards whether anything of theirs is left.</summary>
internal static class Bench
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static long _numbers = Environment.ProcessId * 100_000L;

    /// <summary>The program that does what a test tells it. As root it stays root: its folder may be closed to others.</summary>
    public static string Puppet { get; } =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Puppet", "debug", "puppet"));

    /// <summary>A number of seconds that no other process waits for, by which a process can be found.</summary>
    public static string UniqueSeconds() =>
        string.Create(CultureInfo.InvariantCulture, $"61.{Interlocked.Increment(ref _numbers)}");

    /// <summary>The routine of one entry.</summary>
    public static IRunnableRoutine Routine(
        string path,
        string rest,
        TimeProvider? time = null,
        string sandbox = "limits"
    )
    {
        var user = path == Puppet && Environment.IsPrivilegedProcess ? "user = \"root\"\n" : "";
        var outcome = ConfigurationFolder.Whitelist(
            $"[[command]]\nname = \"x\"\nsandbox = \"{sandbox}\"\npath = \"{path}\"\n{user}{rest}",
            "[sandbox]\nallow_root = true\nallow_none = true"
        );
        Assert.Empty(outcome.Problems);
        // Without a context to come back to, so nothing can wait for this thread.
#pragma warning disable xUnit1031, VSTHRD002
        var routines = Task.Run(() =>
                CommandRoutines.BuildAsync(outcome.Whitelist!, outcome.Options!, time ?? TimeProvider.System)
            )
            .GetAwaiter()
            .GetResult();
#pragma warning restore xUnit1031, VSTHRD002
        return Assert.Single(routines);
    }

    /// <summary>The puppet with fixed arguments.</summary>
    public static IRunnableRoutine PuppetRoutine(string[] arguments, string rest = "", TimeProvider? time = null) =>
        Routine(Puppet, $"args = [{string.Join(", ", arguments.Select(Toml))}]\n{rest}", time);

    public static FakeAttempt Attempt(
        string arguments = "{}",
        CancellationToken stop = default,
        CancellationToken force = default
    ) =>
        new()
        {
            Task = new TaskId(17),
            Token = new AttemptToken(99),
            Number = 1,
            Group = new GroupName("g"),
            Arguments = Encoding.UTF8.GetBytes(arguments),
            Stop = stop,
            Force = force,
        };

    public static async Task<AttemptEnd> RunAsync(IRunnableRoutine routine, string arguments = "{}")
    {
        using var attempt = Attempt(arguments: arguments);
        return await routine.RunAsync(attempt).WaitAsync(Patience);
    }

    public static Task<AttemptEnd> RunPuppetAsync(params string[] arguments) => RunAsync(PuppetRoutine(arguments));

    public static string? Data(AttemptEnd end) =>
        end.Data.IsEmpty ? null : JsonElement.Parse(end.Data.ToArray()).GetString();

    public static FailureReason? Reason(AttemptEnd end) => (end.Outcome as AttemptOutcome.Failed)?.Reason;

    /// <summary>Processes whose command line holds a word.</summary>
    public static int[] Processes(string word) =>
        [
            .. ProcessTable
                .All()
                .Where(row => !row.HasEnded && Line(row.Pid).Contains(word, StringComparison.Ordinal))
                .Select(row => row.Pid),
        ];

    /// <summary>Zombies that this process should have reaped, in sessions that commands had.</summary>
    public static int[] Zombies() =>
        [
            .. ProcessTable
                .All()
                .Where(row =>
                    row.HasEnded && row.Parent == Environment.ProcessId && row.Session != ProcessTable.OwnSession
                )
                .Select(row => row.Pid),
        ];

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"waited in vain until {what}");
            await Task.Delay(5);
        }
    }

    private static string Toml(string text) =>
        '"'
        + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        + '"';

    private static string Line(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
