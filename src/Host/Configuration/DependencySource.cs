namespace AptTask.Host.Configuration;

/// <summary>Where a parameter takes its value from when the client gives none: <c>from = "JOB:POINTER"</c>.</summary>
/// <param name="Job">The job id that the task waits for.</param>
/// <param name="Posted">The name of posted data; null for what the job returned.</param>
/// <param name="Pointer">A JSON pointer into it; empty for the whole.</param>
internal sealed record DependencySource(string Job, string? Posted, string Pointer);
