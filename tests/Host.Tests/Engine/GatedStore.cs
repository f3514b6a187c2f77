using AptTask.Host.Engine;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Engine;

/// <summary>The real store, whose commits the test can hold, count and let fail.</summary>
internal sealed class GatedStore(ITaskStore store) : ITaskStore
{
    private volatile Gate? _gate;
    private volatile Exception? _fault;
    private int _commits;

    /// <summary>How many commits went through.</summary>
    public int Commits => Volatile.Read(ref _commits);

    public long Epoch => store.Epoch;

    public long SizeInBytes => store.SizeInBytes;

    /// <summary>Holds the next commit until the gate is opened.</summary>
    public Gate HoldNextCommit()
    {
        var gate = new Gate();
        _gate = gate;
        return gate;
    }

    /// <summary>Lets the next commit fail as a full disk would.</summary>
    public void FailNextCommit(Exception fault) => _fault = fault;

    public void Commit(StoreBatch batch)
    {
        // What is said while this one is held at the gate is for the next.
        var fault = _fault;
        if (Interlocked.Exchange(ref _gate, null) is { } gate)
            gate.Pass();
        if (fault is not null)
            throw fault;
        store.Commit(batch);
        Interlocked.Increment(ref _commits);
    }

    public StoreContent Load() => store.Load();

    public ReadOnlyMemory<byte> ReadData(TaskId task) => store.ReadData(task);

    public IReadOnlyList<(string Name, byte[] Data)> ReadPosted(TaskId task) => store.ReadPosted(task);

    public ReadOnlyMemory<byte> ReadWorkLog(TaskId task) => store.ReadWorkLog(task);

    public DateTimeOffset? ReadScheduleRun(string schedule) => store.ReadScheduleRun(schedule);

    public void Dispose() => store.Dispose();

    /// <summary>A point at which the loop stands still.</summary>
    internal sealed class Gate
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new();

        /// <summary>Completes when the loop stands at the gate.</summary>
        public Task Reached => _reached.Task.WaitAsync(EngineBench.Patience);

        public void Open() => _open.TrySetResult();

        internal void Pass()
        {
            _reached.TrySetResult();
            // A test that fails leaves the gate closed; the loop must not stay behind it for ever.
            ((IAsyncResult)_open.Task).AsyncWaitHandle.WaitOne(EngineBench.Patience);
        }
    }
}
