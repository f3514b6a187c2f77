namespace AptTask.Scheduling;

/// <summary>Why an attempt failed.</summary>
public enum FailureReason
{
    /// <summary>The program ended with an exit code that is not a success.</summary>
    ExitCode,

    /// <summary>The routine threw.</summary>
    Exception,

    /// <summary>The attempt took longer than it may.</summary>
    Timeout,

    /// <summary>It used more processor time than it may.</summary>
    CpuLimit,

    /// <summary>It used more memory than it may.</summary>
    Memory,

    /// <summary>It wrote more output than it may.</summary>
    OutputLimit,

    /// <summary>Its result is larger than a result may be.</summary>
    ResultTooLarge,

    /// <summary>Its output is not in the form that was declared.</summary>
    BadOutput,

    /// <summary>The fence around it could not be built.</summary>
    SandboxFailed,

    /// <summary>The process that ran it died.</summary>
    WorkerDied,

    /// <summary>The daemon or the worker ended while it ran; nobody knows how far it came.</summary>
    Lost,

    /// <summary>Checked again before the attempt, it was no longer allowed or no longer there.</summary>
    Revoked,
}
