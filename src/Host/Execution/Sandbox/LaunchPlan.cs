using System.Collections.Immutable;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>Exactly what the operating system is asked to start. Pure text: nothing has been looked up or started.</summary>
/// <param name="Program">The absolute path of the first program of the chain.</param>
/// <param name="Arguments">Its arguments, of which the last ones are the command's own.</param>
internal sealed record LaunchPlan(string Program, ImmutableArray<string> Arguments);
