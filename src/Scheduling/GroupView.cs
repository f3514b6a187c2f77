namespace AptTask.Scheduling;

/// <summary>How a group stands at one moment.</summary>
/// <param name="Name">Which group.</param>
/// <param name="Waiting">Tasks that wait for jobs or for their time.</param>
/// <param name="Ready">Tasks that wait for a place.</param>
/// <param name="Running">Tasks with an attempt under way.</param>
/// <param name="BackingOff">Tasks between two attempts.</param>
/// <param name="Kept">Final tasks whose results are kept.</param>
/// <param name="Paused">Whether nothing more of it starts.</param>
public sealed record GroupView(
    GroupName Name,
    int Waiting,
    int Ready,
    int Running,
    int BackingOff,
    int Kept,
    bool Paused
);
