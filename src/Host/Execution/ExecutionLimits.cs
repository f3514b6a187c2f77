namespace AptTask.Host.Execution;

/// <summary>What one task may leave.</summary>
internal sealed record ExecutionLimits
{
    /// <summary>The largest data of a result, in bytes.</summary>
    public int ResultBytes { get; init; } = 1024 * 1024;

    /// <summary>The largest posted data of one task together, in bytes.</summary>
    public int PostedBytes { get; init; } = 1024 * 1024;

    /// <summary>The longest message, in characters.</summary>
    public int MessageLength { get; init; } = 2000;
}
