using AptTask.Host.Engine;
using AptTask.Host.Store;
using AptTask.Scheduling;
using CsCheck;

namespace AptTask.Host.Tests.Store;

/// <summary>What is committed is loaded again whole, whatever it is.</summary>
public sealed class LoadingTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whatever_was_committed_is_loaded_again_whole() => Gen.Int.Sample(Commit_and_load, iter: 40, threads: 1);

    [Fact]
    public void A_new_file_is_empty_and_gives_ids_from_one()
    {
        using var store = _folder.Open();

        var content = store.Load();

        Assert.Empty(content.Tasks);
        Assert.Empty(content.Jobs);
        Assert.Empty(content.Sequences);
        Assert.Equal(1, content.NextTaskId);
        Assert.True(store.SizeInBytes > 0);
    }

    private static void Commit_and_load(int seed)
    {
        using var folder = new StoreFolder();
        var random = new RandomRecords(seed);
        var model = new Model();
        for (var life = 0; life < 3; life++)
        {
            using var store = folder.Open();
            model.Check(store);
            for (var round = 0; round < 4; round++)
                StoreFolder.Commit(store, model.Next(random));
        }

        using var last = folder.Open();
        model.Check(last);
    }

    /// <summary>What the file should hold.</summary>
    private sealed class Model
    {
        private readonly SortedDictionary<long, TaskRecord> _tasks = [];
        private readonly Dictionary<long, byte[]> _data = [];
        private readonly Dictionary<long, byte[]> _logs = [];
        private readonly SortedDictionary<(long, string), byte[]> _posted = [];
        private readonly SortedDictionary<(string, string), JobRecord> _jobs = [];
        private readonly Dictionary<string, long> _sequences = [];
        private long _next = 1;

        public StoreBatch Next(RandomRecords random)
        {
            var batch = new StoreBatch();
            for (var count = random.Next(6); count > 0; count--)
                Insert(batch, random.Record(_next++));
            batch.NextTaskId = _next;
            foreach (var record in _tasks.Values.ToList())
                Change(batch, record, random);
            for (var count = random.Next(3); count > 0; count--)
            {
                var job = new JobRecord(
                    new GroupName(random.Text()),
                    new JobId(random.Text()),
                    new TaskId(1 + random.Next(100)),
                    random.MaybeValue(random.OneOf<TaskOutcome>),
                    random.MaybeValue(random.Instant)
                );
                batch.Jobs.Add(job);
                _jobs[(job.Group.Value, job.Job.Value)] = job;
            }

            if (
                _jobs.Count > 0
                && random.Next(3) == 0
                && _jobs.First() is var (key, faded)
                && !batch.Jobs.Contains(faded)
            )
            {
                batch.ForgottenJobs.Add((faded.Group, faded.Job));
                _jobs.Remove(key);
            }

            var group = random.Text();
            _sequences[group] = _sequences.GetValueOrDefault(group) + 1 + random.Next(5);
            batch.Sequences[new GroupName(group)] = _sequences[group];
            return batch;
        }

        public void Check(SqliteTaskStore store)
        {
            var content = store.Load();
            Assert.Equal(_tasks.Values.Select(RandomRecords.Describe), content.Tasks.Select(RandomRecords.Describe));
            Assert.Equal(_next, content.NextTaskId);
            Assert.Equal(_jobs.Values.ToHashSet(), content.Jobs.ToHashSet());
            Assert.Equal(
                _sequences.OrderBy(entry => entry.Key),
                content
                    .Sequences.Select(entry => KeyValuePair.Create(entry.Key.Value, entry.Value))
                    .OrderBy(entry => entry.Key)
            );
            for (var id = 1L; id < _next; id++)
            {
                var task = new TaskId(id);
                Assert.Equal(_data.GetValueOrDefault(id, []), store.ReadData(task).ToArray());
                Assert.Equal(_logs.GetValueOrDefault(id, []), store.ReadWorkLog(task).ToArray());
                Assert.Equal(
                    _posted
                        .Where(entry => entry.Key.Item1 == id)
                        .Select(entry => (entry.Key.Item2, Convert.ToHexString(entry.Value)))
                        .OrderBy(entry => entry.Item1, StringComparer.Ordinal),
                    store
                        .ReadPosted(task)
                        .Select(entry => (entry.Name, Convert.ToHexString(entry.Data)))
                        .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                );
            }
        }

        private void Insert(StoreBatch batch, TaskRecord record)
        {
            _tasks.Add(record.Spec.Id.Value, record);
            batch.Touch(record, PendingWrite.Insert);
            _data[record.Spec.Id.Value] = record.Data?.ToArray() ?? [];
        }

        private void Change(StoreBatch batch, TaskRecord record, RandomRecords random)
        {
            var id = record.Spec.Id.Value;
            switch (random.Next(6))
            {
                case 0:
                    random.Change(record);
                    batch.Touch(record, PendingWrite.State | PendingWrite.Data);
                    _data[id] = record.Data?.ToArray() ?? [];
                    break;
                case 1:
                    random.Change(record);
                    batch.Touch(record, PendingWrite.State);
                    if (batch.Tasks.Contains(record) && record.Pending.HasFlag(PendingWrite.Insert))
                        _data[id] = record.Data?.ToArray() ?? [];
                    break;
                case 2:
                    record.State = new TaskState.Running(1, new AttemptToken(random.Next(1000)), null);
                    record.Started = random.Instant();
                    batch.Touch(record, PendingWrite.Start);
                    break;
                case 3:
                    var content = random.Bytes();
                    record.WorkLogLength = content.Length + 1;
                    batch.Touch(record, PendingWrite.State);
                    batch.WorkLogs.Add((record.Spec.Id, content));
                    _logs[id] = content;
                    break;
                case 4:
                    var name = random.Text();
                    _posted[(id, name)] = random.Bytes();
                    record.HasPosted = true;
                    batch.Posted.Add((record.Spec.Id, name, _posted[(id, name)]));
                    break;
                case 5 when record.Pending == PendingWrite.None:
                    // The ledger deletes only what it knows: the length says whether there is a worklog.
                    if (_logs.ContainsKey(id) && record.WorkLogLength == 0)
                        record.WorkLogLength = 1;
                    batch.Touch(record, PendingWrite.Delete);
                    _tasks.Remove(id);
                    _data.Remove(id);
                    _logs.Remove(id);
                    foreach (var key in _posted.Keys.Where(key => key.Item1 == id).ToList())
                        _posted.Remove(key);
                    break;
            }
        }
    }
}
