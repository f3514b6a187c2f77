using AptTask.Host.Engine;
using AptTask.Scheduling;
using CsCheck;
using static AptTask.Host.Tests.Engine.EngineBench;

namespace AptTask.Host.Tests.Engine;

/// <summary>Whatever happens, in whatever order, and wherever the daemon falls dead: what was accepted is there again.</summary>
public sealed class RandomLives
{
    [Fact]
    public async Task Nothing_accepted_is_lost_and_what_was_decided_stays() =>
        await Gen.Int.SampleAsync(LiveAsync, iter: 25, threads: 1);

    private static async Task LiveAsync(int seed)
    {
        await using var bench = new EngineBench(width: 3, ledger: new LedgerOptions { CachedResultBytes = 10 });
        var life = new Life(bench, new Random(seed));
        await bench.OpenAsync();
        for (var step = 0; step < 60; step++)
            await life.StepAsync();
        await life.RestartAsync();
    }

    private sealed class Life(EngineBench bench, Random random)
    {
        private readonly Dictionary<TaskId, TaskSnapshot> _known = [];
        private readonly Dictionary<TaskId, string> _data = [];
        private readonly List<AttemptOrder> _running = [];
        private readonly HashSet<TaskId> _acknowledged = [];
        private readonly Dictionary<TaskId, long> _tokens = [];
        private int _jobs;

        public async Task StepAsync()
        {
            switch (random.Next(12))
            {
                case < 4:
                    await SubmitAsync();
                    break;
                case < 8:
                    await EndOneAsync();
                    break;
                case 8 when Any(_known) is { } task:
                    await bench.AskAsync(
                        (ledger, now) => ledger.Stop(Of(task), StopReason.Stop, random.Next(2) == 0, now)
                    );
                    break;
                case 9:
                    await AcknowledgeOneAsync();
                    break;
                case 10:
                    await bench.AdvanceAsync(TimeSpan.FromSeconds(random.Next(20)));
                    break;
                case 11 when random.Next(3) == 0:
                    await RestartAsync();
                    break;
            }

            await LookAsync();
        }

        public async Task RestartAsync()
        {
            // Some are still on their way when it happens: those that are answered must be there, and no others.
            var onTheWay = new List<Task<SubmitOutcome>>();
            for (var count = random.Next(4); count > 0; count--)
                onTheWay.Add(await bench.Engine.SubmitAsync([Task()], false, false, CancellationToken.None));
            if (random.Next(2) == 0)
            {
                await bench.FallDeadAsync();
            }
            else
            {
                bench.Runner.Obeys = true;
                await bench.ShutDownAsync();
            }

            var expected = _known.Keys.ToHashSet();
            foreach (var answer in onTheWay)
            {
                if (await Outcome(answer) is SubmitOutcome.Accepted accepted)
                    expected.Add(accepted.Tasks[0].Task);
            }

            _running.Clear();
            await bench.OpenAsync();
            var found = (await AllAsync()).Select(task => task.Spec.Id).ToHashSet();
            // What is acknowledged stays only for a dependant, and that one may have ended with the life.
            Assert.Empty(expected.Except(found).Except(_acknowledged));
            Assert.Empty(found.Except(expected));
            await LookAsync();
        }

        private static async Task<SubmitOutcome?> Outcome(Task<SubmitOutcome> answer)
        {
            try
            {
                return await answer.WaitAsync(Patience);
            }
            catch (EngineStoppedException)
            {
                return null;
            }
        }

        private NewTask Task()
        {
            var job = $"job-{++_jobs}";
            var waitFor =
                random.Next(3) == 0 && _jobs > 1
                    ? new[] { On($"job-{random.Next(1, _jobs)}", (DependencyCondition)random.Next(3)) }
                    : [];
            var retry = new RetryPolicy(
                1 + random.Next(3),
                Backoff.Fixed,
                TimeSpan.FromSeconds(random.Next(10)),
                TimeSpan.FromHours(1),
                0
            );
            return TaskOf(
                job,
                with: spec => spec with { WaitFor = [.. waitFor], Retry = retry, Idempotent = random.Next(2) == 0 }
            );
        }

        private async Task SubmitAsync()
        {
            var task = await bench.SubmitAsync(Task());
            Assert.True(_known.Keys.All(known => known.Value < task.Value), $"The id {task} was given before.");
        }

        private async Task EndOneAsync()
        {
            while (bench.Runner.TakeStart() is { } started)
            {
                Assert.True(started.Token.Value > _tokens.GetValueOrDefault(started.Spec.Id), "Tokens only grow.");
                _tokens[started.Spec.Id] = started.Token.Value;
                _running.Add(started);
            }

            if (_running.Count == 0)
                return;
            var attempt = _running[random.Next(_running.Count)];
            _running.Remove(attempt);
            var state = await bench.StateAsync(attempt.Spec.Id);
            if (random.Next(3) > 0)
            {
                var data = $"\"{random.Next()}\"";
                await bench.Runner.SucceedAsync(attempt, data);
                if (state is TaskState.Running running && running.Token == attempt.Token)
                    _data[attempt.Spec.Id] = data;
            }
            else
            {
                await bench.Runner.FailAsync(attempt);
            }
        }

        private async Task AcknowledgeOneAsync()
        {
            if (Any(_known.Where(task => task.Value.State.IsFinal)) is not { } task)
                return;
            await bench.AckAsync(task);
            if (await bench.IsGoneAsync(task))
                _known.Remove(task);
            else
                _acknowledged.Add(task);
        }

        private async Task LookAsync()
        {
            var now = (await AllAsync()).ToDictionary(task => task.Spec.Id);
            foreach (var (id, before) in _known)
            {
                if (!now.TryGetValue(id, out var after))
                {
                    Assert.True(_acknowledged.Contains(id), $"Task {id} is gone and nobody acknowledged it.");
                    continue;
                }

                if (before.State.IsFinal)
                    Assert.Equal(before.State, after.State);
                // Skipped says of no attempt: it has none any more.
                if (after.State is not TaskState.Skipped)
                    Assert.True(StateNames.AttemptOf(after.State) >= StateNames.AttemptOf(before.State));
                if (after.State is TaskState.Done && _data.TryGetValue(id, out var data))
                    Assert.Equal(data, await DataAsync(id));
            }

            _known.Clear();
            foreach (var (id, task) in now)
                _known.Add(id, task);
        }

        private async Task<string> DataAsync(TaskId task) =>
            System.Text.Encoding.UTF8.GetString((await bench.ResultAsync(task)).Data.Span);

        private async Task<IReadOnlyList<TaskSnapshot>> AllAsync() =>
            (await bench.AskAsync((ledger, _) => ledger.Page(new TaskFilter { Group = Site, Limit = 1000 }))).Tasks;

        private TaskId? Any(IEnumerable<KeyValuePair<TaskId, TaskSnapshot>> tasks) =>
            tasks.ToList() is { Count: > 0 } list ? list[random.Next(list.Count)].Key : null;
    }
}
