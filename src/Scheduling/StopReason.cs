namespace AptTask.Scheduling;

/// <summary>Why a task is being stopped, or was.</summary>
public enum StopReason
{
    /// <summary>A person or program asked for it.</summary>
    Stop,

    /// <summary>An administrator ended everything.</summary>
    Kill,

    /// <summary>Its deadline passed.</summary>
    Deadline,

    /// <summary>The attempt took longer than it may. Ends as a failure, which may be retried, not as stopped.</summary>
    Timeout,
}
