namespace AptTask.Protocol;

/// <summary>What a look for a line came to.</summary>
public enum Cut
{
    /// <summary>There is a line.</summary>
    Line,

    /// <summary>There is none yet.</summary>
    NeedMore,

    /// <summary>The line that has begun is longer than it may be. The connection has to end: what follows is its middle.</summary>
    TooLong,
}
