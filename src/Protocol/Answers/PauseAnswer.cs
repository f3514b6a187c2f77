namespace AptTask.Protocol;

/// <summary>A lane or a group is paused, or goes on. The answer to <c>pause</c> and <c>resume</c>.</summary>
/// <param name="Paused">How it stands now.</param>
public sealed record PauseAnswer(bool Paused) : Answer
{
    /// <summary>The lane, if it was one.</summary>
    public string? Lane { get; init; }

    /// <summary>The group, if it was one.</summary>
    public string? Group { get; init; }
}
