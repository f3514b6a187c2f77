namespace AptTask.Host.Endpoints;

/// <summary>What a connection bears.</summary>
internal sealed record LineLimits
{
    /// <summary>The longest line in bytes.</summary>
    public required int Line { get; init; }

    /// <summary>The longest line before a valid key was shown, in bytes.</summary>
    public required int LineBeforeKey { get; init; }

    /// <summary>How long a connection may take for its first line.</summary>
    public required TimeSpan FirstLine { get; init; }

    /// <summary>How long it may be silent with no request open.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>How long a client may leave an answer unread.</summary>
    public required TimeSpan Write { get; init; }
}
