namespace AptTask.Protocol;

/// <summary>Every routine that the key may use.</summary>
/// <param name="Routines">By name.</param>
public sealed record IndexAnswer(IReadOnlyList<RoutineView> Routines) : Answer;
