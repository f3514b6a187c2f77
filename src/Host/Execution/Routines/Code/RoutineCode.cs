using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Results;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>Code that can be run as a routine. References a load context: only a <c>LoadedPlugin</c> may hold it for long.</summary>
internal abstract class RoutineCode
{
    /// <summary>What is known of it without running it.</summary>
    public required RoutineFacts Facts { get; init; }

    /// <summary>Writes what it returns.</summary>
    public required PlainJson Json { get; init; }

    /// <summary>
    /// Runs it to its end on the thread of the caller, as far as it is synchronous. Throws what the code throws.
    /// </summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="resultLimit">The most bytes that a result may have.</param>
    /// <param name="context">What the code may say; made when it is first asked for.</param>
    public abstract ValueTask<AttemptEnd> RunAsync(AttemptContext attempt, int resultLimit, Lazily context);

    /// <summary>Makes a context when code first asks for one, so that code that does not ask costs nothing.</summary>
    internal sealed class Lazily(AttemptContext attempt, PlainJson json, int postLimit)
    {
        private AttemptRoutineContext? _context;

        /// <summary>The context.</summary>
        public AttemptRoutineContext Get() => _context ??= new AttemptRoutineContext(attempt, json, postLimit);

        /// <summary>What the code says from now on is ignored.</summary>
        public void End() => _context?.End();
    }
}
