namespace AptTask.Host.Engine;

/// <summary>Why the loop could not do what a letter asked.</summary>
internal enum LetterFault
{
    /// <summary>No such task, for this requester.</summary>
    NotFound,

    /// <summary>The task is not final.</summary>
    NotFinished,

    /// <summary>No such lane.</summary>
    UnknownLane,
}
