using System.Threading.Channels;
using AptTask.Host.Engine;

namespace AptTask.Host.Requests;

/// <summary>Says that a task has moved, not how: one signal is enough for any number of moves.</summary>
internal sealed class MoveSignal : IEventSink
{
    private readonly Channel<bool> _moved = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <inheritdoc/>
    public bool Offer(TaskEvent happened)
    {
        if (happened is TaskEvent.State)
            _moved.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Completes at the next move, or at once when there was one since the last call.</summary>
    public async Task NextAsync(CancellationToken cancellationToken) =>
        await _moved.Reader.ReadAsync(cancellationToken);
}
