namespace AptTask.Protocol;

/// <summary>How a client connects.</summary>
public sealed record AptTaskConnectionOptions
{
    /// <summary>The key; said once after each connecting. Null for none.</summary>
    public string? Key { get; init; }

    /// <summary>How a lost connection is made anew; null for not at all.</summary>
    public ReconnectPolicy? Reconnect { get; init; }

    /// <summary>The clock of the delays between attempts to reconnect.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Draws from 0 to 1, so that many clients do not come back in step. Null for always 1.</summary>
    public Func<double>? Jitter { get; init; }
}
