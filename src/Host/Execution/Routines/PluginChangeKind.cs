namespace AptTask.Host.Execution.Routines;

/// <summary>What a reload made of a plugin.</summary>
internal enum PluginChangeKind
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>Its files are others than before.</summary>
    Changed,

    /// <summary>It is no longer there.</summary>
    Removed,

    /// <summary>Nothing; the code in memory stays.</summary>
    Unchanged,

    /// <summary>Its files are others than before, but cannot be used; the version before stays.</summary>
    Kept,
}
