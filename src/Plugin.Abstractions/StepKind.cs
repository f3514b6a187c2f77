namespace AptTask.Plugin;

/// <summary>What follows a step.</summary>
public enum StepKind
{
    /// <summary>Another step.</summary>
    GoOn,

    /// <summary>Nothing; the attempt succeeded.</summary>
    Done,

    /// <summary>Nothing; the attempt failed.</summary>
    Failed,
}
