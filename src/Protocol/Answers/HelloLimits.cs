namespace AptTask.Protocol;

/// <summary>The limits that a client has to keep to.</summary>
public sealed record HelloLimits
{
    /// <summary>The longest line that this connection may send now, without its line feed.</summary>
    public int LineBytes { get; init; } = WireLimits.LineBytes;

    /// <summary>How deep JSON may be nested.</summary>
    public int Depth { get; init; } = WireLimits.Depth;

    /// <summary>How many requests of one connection may be open at once.</summary>
    public int? OpenRequests { get; init; }
}
