namespace AptTask.Host.Engine;

/// <summary>Where a piece of a worklog came from.</summary>
internal enum LogStream
{
    /// <summary>Standard output.</summary>
    Out,

    /// <summary>Standard error.</summary>
    Err,

    /// <summary>The routine's own log.</summary>
    Log,
}
