namespace AptTask.Host.Store;

/// <summary>What a commit outlives.</summary>
internal enum StoreDurability
{
    /// <summary>Power loss: it is flushed to the disk before it counts.</summary>
    Full,

    /// <summary>The end of the process; the last moments before a power loss may be gone.</summary>
    Normal,

    /// <summary>Nothing: the database is in memory and ends with the daemon.</summary>
    Memory,
}
