using AptTask.Host.Engine;

namespace AptTask.Host.Requests;

/// <summary>One client as long as it is connected: who it is, what it is told, what it watches. One reader, one writer.</summary>
internal sealed class Session : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly List<Func<Task>> _closing = [];

    private readonly IDisposable? _place;

    /// <param name="peer">Where it comes from, for the audit.</param>
    /// <param name="isOwner">Whether the kernel says that it is the daemon's own user; else a key has to show who it is.</param>
    /// <param name="address">What its wrong keys are counted under.</param>
    /// <param name="place">What it takes up as long as it is a stranger; given back when it is one no longer.</param>
    public Session(string peer, bool isOwner, PeerAddress address = default, IDisposable? place = null)
    {
        Peer = peer;
        // A door without addresses has one client: it is its own place.
        Address = address.Name is null ? new PeerAddress(peer, IsShared: false) : address;
        _place = place;
        IsIntroduced = isOwner;
        Vouched = isOwner ? Access.Owner : null;
        Closed = _closed.Token;
    }

    /// <summary>Where it comes from.</summary>
    public string Peer { get; }

    /// <summary>What its wrong keys are counted under.</summary>
    public PeerAddress Address { get; }

    /// <summary>Whether it is no stranger: it has shown a right key, or needs none and has sent a request.</summary>
    public bool IsIntroduced { get; private set; }

    /// <summary>Who the kernel says it is.</summary>
    public Requester? Vouched { get; }

    /// <summary>The key that it has shown last and the requester behind it.</summary>
    public ShownKey? Shown { get; set; }

    /// <summary>Whether it is known, so that it may send long lines.</summary>
    public bool IsKnown => Vouched is not null || Shown is not null;

    /// <summary>What it is told.</summary>
    public Outbox Outbox { get; } = new();

    /// <summary>Cancelled when the client has gone, or does not read.</summary>
    public CancellationToken Closed { get; }

    /// <summary>Whether it watches something that has no end: silence is what it is there for.</summary>
    public bool IsWatching { get; set; }

    /// <summary>It is a stranger no longer.</summary>
    public void Introduce()
    {
        IsIntroduced = true;
        _place?.Dispose();
    }

    /// <summary>Does something when the session ends.</summary>
    public void WhenClosing(Func<Task> work)
    {
        lock (_closing)
            _closing.Add(work);
    }

    /// <summary>The client has gone: what is open for it ends.</summary>
    public async Task CloseAsync()
    {
        await _closed.CancelAsync();
        Outbox.Complete();
        Func<Task>[] closing;
        lock (_closing)
            closing = [.. _closing];
        foreach (var work in closing)
            await work();
    }

    /// <summary>The client does not read: everything of it ends at once.</summary>
    public void Abort() => _ = _closed.CancelAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _place?.Dispose();
        _closed.Dispose();
        Outbox.Dispose();
    }
}
