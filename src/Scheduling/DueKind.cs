namespace AptTask.Scheduling;

/// <summary>What is due. Of two things due at the same instant the one named first here comes first: a deadline ends what would else begin.</summary>
internal enum DueKind : byte
{
    Deadline,
    NotBefore,
    Retry,
    Timeout,
    Memory,
}
