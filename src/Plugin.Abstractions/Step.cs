namespace AptTask.Plugin;

/// <summary>
/// What one step of a <see cref="Routine"/> says: go on, done or failed. Usually made by returning a number or a string; the named
/// methods say the same in words.
/// </summary>
public readonly record struct Step
{
    private Step(StepKind kind, double progress, int? exitCode, string? message)
    {
        Kind = kind;
        Progress = progress;
        ExitCode = exitCode;
        Message = message;
    }

    /// <summary>What follows. A default value goes on.</summary>
    public StepKind Kind { get; }

    /// <summary>How far the routine is, 0 to 1.</summary>
    public double Progress { get; }

    /// <summary>The exit code, when the step was made of one.</summary>
    public int? ExitCode { get; }

    /// <summary>For people; null for none.</summary>
    public string? Message { get; }

    /// <summary>There is more to do.</summary>
    /// <param name="progress">How far the routine is, 0 to 1; clamped. Not a number counts as 0.</param>
    /// <param name="message">What it is at, for people.</param>
    public static Step GoOn(double progress, string? message = null) =>
        new(StepKind.GoOn, double.IsNaN(progress) ? 0 : Math.Clamp(progress, 0, 1), null, message);

    /// <summary>The routine has done what it should.</summary>
    /// <param name="message">The closing message.</param>
    public static Step Done(string? message = null) => new(StepKind.Done, 1, null, message);

    /// <summary>The routine has failed and may be tried again.</summary>
    /// <param name="message">What went wrong, for people.</param>
    public static Step Failed(string? message = null) => new(StepKind.Failed, 0, null, message);

    /// <summary>Takes an exit code: 0 is done, anything else is failed.</summary>
    public static Step FromInt32(int exitCode) =>
        exitCode == 0
            ? new(StepKind.Done, 1, 0, null)
            : new(StepKind.Failed, 0, exitCode, $"The routine ended with exit code {exitCode}.");

    /// <summary>Takes a progress: from 0 to 1 goes on, 1 or more is done, less than 0 or not a number is failed.</summary>
    public static Step FromDouble(double progress) =>
        progress switch
        {
            >= 1 => Done(),
            >= 0 => GoOn(progress),
            double.NaN => Failed("A step gave a progress that is not a number."),
            _ => Failed($"A step gave the progress {progress}; less than 0 means failed."),
        };

    /// <summary>Done, with this closing message.</summary>
    public static Step FromString(string message) => Done(message);

    /// <inheritdoc cref="FromDouble"/>
    public static implicit operator Step(double progress) => FromDouble(progress);

    /// <inheritdoc cref="FromInt32"/>
    public static implicit operator Step(int exitCode) => FromInt32(exitCode);

    /// <inheritdoc cref="FromString"/>
    public static implicit operator Step(string message) => FromString(message);
}
