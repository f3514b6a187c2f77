using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

/// <summary>
/// Compares docs/states.md with the scheduler: brings a task of each kind into each state, tries every input there, and writes down what moves.
/// </summary>
public class StateTableTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_scheduler_makes_every_move_of_the_table_and_no_other()
    {
        var documented = ReadTable();
        var made = TryEverything();

        Assert.Empty(made.Except(documented).Order());
        Assert.Empty(documented.Except(made).Order());
    }

    private static HashSet<string> ReadTable()
    {
        var moves = new HashSet<string>();
        foreach (var line in File.ReadLines(Path.Combine(FindRoot(), "docs", "states.md")))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length != 6 || cells[1] is "from" or "---")
                continue;
            // What stands between backticks is every second piece.
            var reasons = cells[4].Split('`').Where((_, i) => i % 2 == 1).DefaultIfEmpty("");
            moves.UnionWith(reasons.Select(reason => $"{cells[1]} -> {cells[2]} {reason}".Trim()));
        }

        return moves;
    }

    private static HashSet<string> TryEverything()
    {
        var moves = new HashSet<string>();
        foreach (var kind in Kinds())
        {
            foreach (var bring in Ways())
            {
                foreach (var push in Pushes())
                {
                    var bench = new Bench(kind, moves);
                    bring(bench);
                    push(bench);
                    // What the push led to goes on to its end.
                    bench.Tick(10);
                    bench.EndIfStopping();
                    bench.Tick(10_000);
                }
            }
        }

        return moves;
    }

    private static IEnumerable<Func<TaskSpec, TaskSpec>> Kinds()
    {
        yield return spec => spec;
        yield return spec => spec with { Retry = new RetryPolicy(2, Backoff.Fixed, Second, Second, 0) };
        yield return spec => spec with { Idempotent = true };
        yield return spec => spec with { NotBefore = DateTimeOffset.UnixEpoch + (5 * Second) };
        yield return spec => spec with { Deadline = DateTimeOffset.UnixEpoch + (3 * Second) };
        yield return spec =>
            spec with
            {
                Deadline = DateTimeOffset.UnixEpoch + (3 * Second),
                Retry = new RetryPolicy(2, Backoff.Fixed, 9 * Second, 9 * Second, 0),
            };
        yield return spec => spec with { Timeout = 2 * Second };
    }

    /// <summary>Ways into a state: alone, behind a job, behind a busy lane, after a failure, being stopped, ended.</summary>
    private static IEnumerable<Action<Bench>> Ways()
    {
        yield return bench => bench.Submit();
        yield return bench => bench.Submit("blocker");
        yield return bench => bench.Submit("blocker:failed");
        yield return bench => bench.Submit("never");
        yield return bench => bench.Submit("failed");
        yield return bench =>
        {
            bench.Pause();
            bench.Submit();
        };
        yield return bench =>
        {
            bench.Submit();
            bench.End(new AttemptOutcome.Failed(FailureReason.ExitCode));
        };
        yield return bench =>
        {
            bench.Submit();
            bench.Stop(StopReason.Stop);
        };
        yield return bench =>
        {
            bench.Submit();
            bench.Tick(4);
        };
        yield return bench =>
        {
            bench.Submit();
            for (var i = 0; i < 3; i++)
                bench.End(new AttemptOutcome.Failed(FailureReason.Lost));
        };
        yield return bench =>
        {
            bench.Submit();
            bench.End(AttemptOutcome.Succeeded.Instance);
        };
    }

    private static IEnumerable<Action<Bench>> Pushes()
    {
        yield return bench => bench.End(AttemptOutcome.Succeeded.Instance);
        yield return bench => bench.End(AttemptOutcome.Stopped.Instance);
        foreach (var reason in Enum.GetValues<FailureReason>())
            yield return bench => bench.End(new AttemptOutcome.Failed(reason));
        yield return bench => bench.Stop(StopReason.Stop);
        yield return bench => bench.Stop(StopReason.Kill);
        yield return bench => bench.Tick(1);
        yield return bench => bench.Tick(4);
        yield return bench => bench.Tick(6);
        yield return bench => bench.EndBlocker(AttemptOutcome.Succeeded.Instance);
        yield return bench => bench.EndBlocker(new AttemptOutcome.Failed(FailureReason.ExitCode));
        yield return bench => bench.Resume();
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    /// <summary>One task under observation, with a blocker beside it that it may wait for and a job that has failed.</summary>
    private sealed class Bench
    {
        private static readonly LaneName Side = new("side");

        private readonly SchedulerDesk _desk = new(SchedulerDesk.Options(("main", 1), ("side", 2)));
        private readonly Func<TaskSpec, TaskSpec> _kind;
        private readonly HashSet<string> _moves;
        private string _state = "(none)";

        public Bench(Func<TaskSpec, TaskSpec> kind, HashSet<string> moves)
        {
            (_kind, _moves) = (kind, moves);
            _desk
                .Submit(_desk.Task("blocker") with { Lane = Side }, _desk.Task("failed") with { Lane = Side })
                .Ignore();
            _desk.Fail("failed").Ignore();
        }

        public void Submit(params string[] waitFor) => Send(new Input.Submit([_kind(_desk.Task("task", waitFor))]));

        public void End(AttemptOutcome outcome)
        {
            if (_desk["task"] is TaskState.Running running)
                Send(new Input.AttemptEnded(_desk.Id("task"), running.Token, outcome));
        }

        public void EndIfStopping()
        {
            if (_desk["task"] is TaskState.Running { Stopping: not null })
                End(AttemptOutcome.Stopped.Instance);
        }

        public void EndBlocker(AttemptOutcome outcome) =>
            Send(new Input.AttemptEnded(_desk.Id("blocker"), _desk.TokenOf("blocker"), outcome));

        public void Stop(StopReason reason) => Send(new Input.Stop(_desk.Id("task"), reason));

        public void Pause() => Send(new Input.PauseLane(SchedulerDesk.Main, Paused: true));

        public void Resume() => Send(new Input.PauseLane(SchedulerDesk.Main, Paused: false));

        public void Tick(int seconds)
        {
            _desk.Now += TimeSpan.FromSeconds(seconds);
            Send(new Input.Tick());
        }

        private void Send(Input input)
        {
            _desk.Send(input);
            foreach (var moved in _desk.Unread.OfType<Effect.Moved>().Where(moved => _desk.Name(moved.Task) == "task"))
            {
                var (state, reason) = NameOf(moved.State);
                // A running task that is being stopped is still running.
                if (state != _state)
                    _moves.Add($"{_state} -> {state} {reason}".Trim());
                _state = state;
            }

            _desk.Ignore();
        }

        private static (string State, string Reason) NameOf(TaskState state) =>
            state switch
            {
                TaskState.Failed s => ("failed", Snake(s.Reason)),
                TaskState.Skipped s => ("skipped", Snake(s.Reason)),
                TaskState.Stopped s => ("stopped", Snake(s.Reason)),
                _ => (Snake(state.GetType().Name), ""),
            };

        private static string Snake(object value) =>
            string.Concat(value.ToString()!.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{c}"))
                .ToLowerInvariant();
    }
}
