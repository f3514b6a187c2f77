namespace AptTask.Protocol;

/// <summary>Measures of the store.</summary>
public sealed record StoreStats
{
    /// <summary>Its file; null when it is in memory.</summary>
    public string? Path { get; init; }

    /// <summary><c>full</c>, <c>normal</c> or <c>memory</c>.</summary>
    public required string Durability { get; init; }

    /// <summary>The size of its file.</summary>
    public long? Bytes { get; init; }

    /// <summary>Commits since the start.</summary>
    public long? Commits { get; init; }

    /// <summary>Changes since the start.</summary>
    public long? Changes { get; init; }
}
