namespace AptTask.Protocol;

/// <summary>The lanes.</summary>
/// <param name="Lanes">By name.</param>
public sealed record LanesAnswer(IReadOnlyList<LaneRow> Lanes) : Answer;
