namespace AptTask.Cli;

/// <summary>What the client ends with. Scripts compare them, so none ever changes; <c>docs/cli.md</c> has the table.</summary>
internal static class ExitCodes
{
    /// <summary>What was asked was done; a task that was waited for succeeded.</summary>
    public const int Ok = 0;

    /// <summary>A task that was waited for, or whose result was fetched, did not succeed.</summary>
    public const int TaskFailed = 1;

    /// <summary>The command line is not understood.</summary>
    public const int Usage = 2;

    /// <summary>The daemon refused.</summary>
    public const int Refused = 3;

    /// <summary>No daemon, or the connection was lost.</summary>
    public const int NoConnection = 4;

    /// <summary>The time given to <c>wait</c> was over.</summary>
    public const int TimedOut = 5;

    /// <summary>Ended by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}
