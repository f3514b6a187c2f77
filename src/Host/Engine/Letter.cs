namespace AptTask.Host.Engine;

/// <summary>Something for the loop to do. Taken once; answered after the commit of its batch, or dropped.</summary>
internal abstract class Letter
{
    /// <summary>Does the work on what the loop owns. Never waits.</summary>
    public abstract void Take(TaskLedger ledger, DateTimeOffset now);

    /// <summary>Tells the sender. Comes after the commit and after the acts.</summary>
    public abstract void Answer();

    /// <summary>Tells the sender that nobody will answer: the daemon stops.</summary>
    public abstract void Drop();
}
