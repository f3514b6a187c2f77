namespace AptTask.Host.Engine;

/// <summary>What has to be written of a task in the next commit.</summary>
[Flags]
internal enum PendingWrite
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It is new.</summary>
    Insert = 1,

    /// <summary>It was made ready or started: its state and little else changed.</summary>
    Start = 16,

    /// <summary>Anything of it may have changed but the data.</summary>
    State = 2,

    /// <summary>It left data.</summary>
    Data = 4,

    /// <summary>It is gone.</summary>
    Delete = 8,
}
