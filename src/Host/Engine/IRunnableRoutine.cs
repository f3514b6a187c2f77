using System.Text.Json;

namespace AptTask.Host.Engine;

/// <summary>A routine with what is behind it. Immutable: a reload makes a new one, and running attempts keep theirs.</summary>
internal interface IRunnableRoutine
{
    /// <summary>What clients see of it.</summary>
    RoutineDescriptor Descriptor { get; }

    /// <summary>
    /// Checks arguments: an object by name, or an array by position. The one binding function, whatever the door; pure but for
    /// looks at the file system that path types need. Never throws for bad arguments.
    /// </summary>
    Binding Bind(JsonElement arguments, BindingMode mode);

    /// <summary>
    /// Runs one attempt to its end. Stops politely when <see cref="AttemptContext.Stop"/> is cancelled and by force when
    /// <see cref="AttemptContext.Force"/> is; whatever it started is gone when it returns. Ends are values: it throws only for a bug.
    /// </summary>
    Task<AttemptEnd> RunAsync(AttemptContext attempt);
}
