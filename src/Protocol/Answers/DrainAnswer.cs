namespace AptTask.Protocol;

/// <summary>The daemon starts nothing more, or goes on.</summary>
/// <param name="Draining">How it stands now.</param>
/// <param name="Running">How many attempts still run.</param>
public sealed record DrainAnswer(bool Draining, int Running) : Answer;
