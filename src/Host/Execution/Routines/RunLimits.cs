namespace AptTask.Host.Execution.Routines;

/// <summary>Bounds on one attempt of a routine in this process.</summary>
/// <param name="MaxArguments">The largest bound arguments, in bytes.</param>
/// <param name="MaxResult">The largest result, in bytes.</param>
/// <param name="MaxPosted">The largest posted data, in bytes.</param>
internal sealed record RunLimits(int MaxArguments, int MaxResult, int MaxPosted);
