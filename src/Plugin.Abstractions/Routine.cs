namespace AptTask.Plugin;

/// <summary>
/// A routine that works in steps. Derive a public class with a parameterless constructor and put <see cref="RoutineAttribute"/>
/// on it; its public settable properties are its arguments, in the order in which they are declared.
/// </summary>
/// <remarks>
/// <para>
/// The life of one attempt: a new object, its arguments set, <see cref="InitializeAsync"/> once, <see cref="ProcessAsync"/> again and
/// again until a step says that it is the last one, then <c>DisposeAsync</c> or <c>Dispose</c> if the class has one.
/// </para>
/// <para>
/// When the attempt is asked to stop, the token is cancelled, <see cref="AbortAsync"/> is called while a step may still be under way,
/// and no further step begins. A step that goes on after the grace period is cut off: its process is ended, or, inside the
/// daemon where code cannot be ended, it is abandoned and reported.
/// </para>
/// </remarks>
public abstract class Routine
{
    /// <summary>What the routine leaves as its data, read after the last step; written as JSON. Null for nothing.</summary>
    public object? Result { get; protected set; }

    /// <summary>Called once before the first step.</summary>
    /// <param name="context">What the attempt knows and may say.</param>
    /// <param name="stop">Cancelled when the attempt is asked to stop.</param>
    public virtual ValueTask InitializeAsync(RoutineContext context, CancellationToken stop) => ValueTask.CompletedTask;

    /// <summary>
    /// Does one step and says how far it is. What it returns converts by itself: a <see cref="double"/> is progress from 0 to 1,
    /// where 1 or more is done and less than 0 is failed; an <see cref="int"/> is an exit code, where 0 is done and anything else is
    /// failed; a <see cref="string"/> is done with that closing message. Mind the dot: <c>1.0</c> is done, <c>1</c> is exit code 1.
    /// </summary>
    /// <param name="context">What the attempt knows and may say.</param>
    /// <param name="stop">Cancelled when the attempt is asked to stop.</param>
    public abstract ValueTask<Step> ProcessAsync(RoutineContext context, CancellationToken stop);

    /// <summary>
    /// Called once, from another thread, when the attempt is asked to stop while it runs. Ends what the token does not reach.
    /// </summary>
    /// <param name="context">What the attempt knows and may say.</param>
    public virtual ValueTask AbortAsync(RoutineContext context) => ValueTask.CompletedTask;
}
