namespace AptTask.Protocol;

/// <summary>Who is there and what this connection may do.</summary>
public sealed record HelloAnswer : Answer
{
    /// <summary>The version of the protocol that this library speaks.</summary>
    public const int ProtocolVersion = 1;

    /// <summary>The name of the server.</summary>
    public required string Server { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>The version of the protocol.</summary>
    public int Protocol { get; init; } = ProtocolVersion;

    /// <summary><c>user</c> or <c>admin</c>; null when the connection has not shown who it is.</summary>
    public string? Role { get; init; }

    /// <summary>The groups, or patterns of groups, that it may speak for.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    /// <summary>What this connection has to keep to.</summary>
    public required HelloLimits Limits { get; init; }
}
