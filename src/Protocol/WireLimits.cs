namespace AptTask.Protocol;

/// <summary>The limits of the protocol itself.</summary>
public static class WireLimits
{
    /// <summary>The longest line, without its line feed.</summary>
    public const int LineBytes = 1024 * 1024;

    /// <summary>The longest line of a connection that has not shown a key yet.</summary>
    public const int LineBytesBeforeKey = 4 * 1024;

    /// <summary>How deep JSON may be nested; the line's own object is the first level.</summary>
    public const int Depth = 16;

    /// <summary>The most tasks of one <c>submit</c>.</summary>
    public const int SubmitTasks = 10_000;

    /// <summary>The most entries of one <c>waitfor</c>.</summary>
    public const int WaitForEntries = 10_000;

    /// <summary>The longest job id, group, routine, lane or unique key, in UTF-16 units.</summary>
    public const int NameLength = 200;

    /// <summary>The most rows of an <c>active</c> answer.</summary>
    public const int ActiveRows = 1000;
}
