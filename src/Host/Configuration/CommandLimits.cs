namespace AptTask.Host.Configuration;

/// <summary>What one command may use; null is no limit of its own.</summary>
internal sealed record CommandLimits
{
    /// <summary>Nothing limited.</summary>
    public static CommandLimits Unlimited { get; } = new();

    /// <summary>Processor time of each of its processes.</summary>
    public TimeSpan? Cpu { get; init; }

    /// <summary>Memory of each of its processes, in bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>Processes of its user.</summary>
    public int? Processes { get; init; }

    /// <summary>Open files of each of its processes.</summary>
    public int? Files { get; init; }

    /// <summary>The largest file it may write, in bytes.</summary>
    public long? FileSize { get; init; }
}
