using System.Collections.Immutable;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Arguments;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>What is known of a routine without its code. Holds nothing of a load context, so it may outlive one.</summary>
/// <param name="Name">The name that the author gave it.</param>
/// <param name="Help">For people.</param>
/// <param name="Arguments">In the order in which they can be given by position.</param>
/// <param name="Policy">What the author says about running it.</param>
internal sealed record RoutineFacts(string Name, string Help, ImmutableArray<Argument> Arguments, RoutinePolicy Policy);
