namespace AptTask.Host.Engine;

/// <summary>How long the result of a task is kept.</summary>
internal enum KeepRule
{
    /// <summary>Until its owner has acknowledged it (or fetched it a while ago).</summary>
    Ack,

    /// <summary>For a while after the end, fetched or not.</summary>
    Linger,

    /// <summary>Only the final state, no data.</summary>
    None,
}
