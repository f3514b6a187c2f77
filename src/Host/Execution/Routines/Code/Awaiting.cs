namespace AptTask.Host.Execution.Routines.Code;

/// <summary>Waits for what a method returned, when that is a task, and gives its value. Chosen once for each method.</summary>
internal abstract class Awaiting
{
    /// <summary>Whether there is a value in the end.</summary>
    public abstract bool HasValue { get; }

    /// <summary>The value in the end.</summary>
    public abstract ValueTask<object?> ValueAsync(object? returned);

    /// <summary>For a return type.</summary>
    public static Awaiting For(Type type)
    {
        if (type == typeof(void))
            return new Nothing();
        if (type == typeof(Task))
            return new OfTask();
        if (type == typeof(ValueTask))
            return new OfValueTask();
        if (type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            return New(typeof(OfTask<>), type);
        if (type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return New(typeof(OfValueTask<>), type);
        if (type.IsByRef || type.IsByRefLike || type.IsPointer)
            throw new UnusableCodeException($"returns {type.Name}, which cannot be written as JSON");
        return IsAsyncStream(type)
            ? throw new UnusableCodeException("returns an IAsyncEnumerable; return a task of a list")
            : new Plain();
    }

    private static bool IsAsyncStream(Type type) =>
        type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);

    private static Awaiting New(Type awaiting, Type type) =>
        (Awaiting)Activator.CreateInstance(awaiting.MakeGenericType(type.GetGenericArguments()))!;

    private sealed class Nothing : Awaiting
    {
        public override bool HasValue => false;

        public override ValueTask<object?> ValueAsync(object? returned) => default;
    }

    private sealed class Plain : Awaiting
    {
        public override bool HasValue => true;

        public override ValueTask<object?> ValueAsync(object? returned) => new(returned);
    }

    private sealed class OfTask : Awaiting
    {
        public override bool HasValue => false;

        public override async ValueTask<object?> ValueAsync(object? returned)
        {
            if (returned is Task task)
                await task;
            return null;
        }
    }

    private sealed class OfValueTask : Awaiting
    {
        public override bool HasValue => false;

        public override async ValueTask<object?> ValueAsync(object? returned)
        {
            await (ValueTask)returned!;
            return null;
        }
    }

    private sealed class OfTask<T> : Awaiting
    {
        public override bool HasValue => true;

        public override async ValueTask<object?> ValueAsync(object? returned) =>
            returned is Task<T> task ? await task : null;
    }

    private sealed class OfValueTask<T> : Awaiting
    {
        public override bool HasValue => true;

        public override async ValueTask<object?> ValueAsync(object? returned) => await (ValueTask<T>)returned!;
    }
}
