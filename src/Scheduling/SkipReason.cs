namespace AptTask.Scheduling;

/// <summary>Why a task never ran.</summary>
public enum SkipReason
{
    /// <summary>A job that it waited for ended otherwise than it asked.</summary>
    Dependency,

    /// <summary>Its deadline passed before it could start.</summary>
    Deadline,
}
