namespace AptTask.Host;

/// <summary>How <c>aptaskd</c> ends. Scripts compare these, so they never change.</summary>
internal static class ExitCodes
{
    /// <summary>All went well.</summary>
    public const int Ok = 0;

    /// <summary><c>run</c>: a line was refused or a task did not end as done.</summary>
    public const int NotAllDone = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>The configuration has mistakes; <c>check</c>: or a command cannot have its fence here.</summary>
    public const int BadConfiguration = 3;

    /// <summary>The daemon could not start: an address or the database is taken or may not be used, or a fence cannot be had
    /// that has to be.</summary>
    public const int CannotStart = 4;

    /// <summary>The daemon had to end: what was accepted could not be written.</summary>
    public const int Broken = 5;
}
