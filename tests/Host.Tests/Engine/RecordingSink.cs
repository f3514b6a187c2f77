using System.Threading.Channels;
using AptTask.Host.Engine;

namespace AptTask.Host.Tests.Engine;

/// <summary>A watcher that keeps what it is told.</summary>
internal sealed class RecordingSink(int room = int.MaxValue) : IEventSink
{
    private readonly Channel<TaskEvent> _told = Channel.CreateUnbounded<TaskEvent>();
    private int _count;

    public bool Offer(TaskEvent happened)
    {
        if (Interlocked.Increment(ref _count) > room)
            return false;
        _told.Writer.TryWrite(happened);
        return true;
    }

    /// <summary>All that it has been told and nobody took yet.</summary>
    public IReadOnlyList<TaskEvent> Take()
    {
        var told = new List<TaskEvent>();
        while (_told.Reader.TryRead(out var happened))
            told.Add(happened);
        return told;
    }
}
