using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>
/// Runs attempts off the loop. Both calls return at once and never throw; the end of each started attempt is told to the
/// engine exactly once, also when it could not be started at all.
/// </summary>
internal interface IAttemptRunner
{
    /// <summary>Starts an attempt.</summary>
    void Start(AttemptOrder attempt, IAttemptEvents events);

    /// <summary>Asks an attempt to stop; with force it gets no grace. Nothing happens when it has ended.</summary>
    void Stop(AttemptToken token, bool force);
}
