using AptTask.Host.Engine;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host.Requests;

/// <summary>
/// Brings the events of a subscription into a session's outbox, behind the answer to the request that made it. Called by the loop
/// of the engine, so it only hands on.
/// </summary>
internal sealed class WatchSink(Session session, RequestId id, bool endsWithTask) : IEventSink
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Queue<WireEvent>? _early = new();

    /// <summary>Completes when the one task that is watched is final, or the watching was cut off.</summary>
    public Task Ended => _ended.Task;

    /// <inheritdoc/>
    public bool Offer(TaskEvent happened)
    {
        lock (_gate)
        {
            if (_ended.Task.IsCompleted || session.Closed.IsCancellationRequested)
                return false;
            var isLast = endsWithTask && happened is TaskEvent.State { Now.IsFinal: true };
            if (!Say_NeedsLock(Views.EventOf(happened, id)))
            {
                // It does not read. Its connection goes, so that it learns that events were missed.
                session.Abort();
                _ended.TrySetResult();
                return false;
            }

            if (!isLast)
                return true;
            Say_NeedsLock(
                new EndEvent
                {
                    Id = id,
                    Group = happened.Group.Value,
                    TaskId = happened.Task.Value,
                }
            );
            _ended.TrySetResult();
            return false;
        }
    }

    /// <summary>The answer has its place: what came early follows it.</summary>
    public void Open()
    {
        lock (_gate)
        {
            while (_early!.TryDequeue(out var happened))
                session.Outbox.Event(happened);
            _early = null;
        }
    }

    /// <summary>There is nothing to watch any more.</summary>
    /// <param name="group">Whose task it was.</param>
    public void End(GroupName group)
    {
        lock (_gate)
        {
            Say_NeedsLock(new EndEvent { Id = id, Group = group.Value });
            _ended.TrySetResult();
        }
    }

    private bool Say_NeedsLock(WireEvent happened)
    {
        if (_early is null)
            return session.Outbox.Event(happened);
        _early.Enqueue(happened);
        return true;
    }
}
