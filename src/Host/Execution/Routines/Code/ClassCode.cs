using System.Reflection;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Results;
using AptTask.Plugin;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>A class that works in steps.</summary>
internal sealed class ClassCode : RoutineCode
{
    private readonly ConstructorInvoker _constructor;
    private readonly (ClrArgument Argument, MethodInvoker Set)[] _properties;

    private ClassCode(ConstructorInvoker constructor, (ClrArgument, MethodInvoker)[] properties)
    {
        _constructor = constructor;
        _properties = properties;
    }

    /// <summary>Describes a class; runs nothing of it.</summary>
    /// <exception cref="UnusableCodeException">It cannot be run.</exception>
    public static ClassCode Of(Type type, string name, RoutinePolicy policy, PlainJson json)
    {
        if (!type.IsVisible || type.IsAbstract || type.ContainsGenericParameters || !type.IsSubclassOf(typeof(Routine)))
            throw new UnusableCodeException(
                "is not a public class derived from AptTask.Plugin.Routine, or is abstract or generic"
            );
        if (type.GetConstructor([]) is not { } constructor)
            throw new UnusableCodeException("has no public constructor without parameters");
        var types = new ClrTypes();
        var properties = ClrObjects
            .SettableProperties(type)
            .Select(property => (ArgumentOf(property, types), MethodInvoker.Create(property.SetMethod!)))
            .ToArray();
        return new ClassCode(ConstructorInvoker.Create(constructor), properties)
        {
            Facts = new RoutineFacts(
                name,
                Limits.HelpOf(type),
                [.. properties.Select(property => property.Item1.Declared)],
                policy
            ),
            Json = json,
        };
    }

    /// <inheritdoc/>
    public override async ValueTask<AttemptEnd> RunAsync(AttemptContext attempt, int resultLimit, Lazily context)
    {
        var routine = Make(attempt);
        var aborting = new Abort(routine, context.Get(), attempt);
        try
        {
            AttemptEnd end;
            using (attempt.Stop.UnsafeRegister(static abort => ((Abort)abort!).Begin(), aborting))
            {
                end = await WorkAsync(routine, attempt, context.Get(), resultLimit);
            }
            return end;
        }
        finally
        {
            await aborting.FinishAsync();
            await DisposeAsync(routine);
        }
    }

    private async ValueTask<AttemptEnd> WorkAsync(
        Routine routine,
        AttemptContext attempt,
        RoutineContext context,
        int resultLimit
    )
    {
        await routine.InitializeAsync(context, attempt.Stop);
        while (!attempt.Stop.IsCancellationRequested)
        {
            var step = await routine.ProcessAsync(context, attempt.Stop);
            if (step.Kind == StepKind.Failed)
                return Ends.Failed(FailureReason.ExitCode, step.Message) with { ExitCode = step.ExitCode };
            context.Report(step.Progress, step.Message);
            if (step.Kind == StepKind.Done)
                return Done(routine, step, resultLimit);
        }
        return Ends.Stopped();
    }

    private AttemptEnd Done(Routine routine, Step step, int resultLimit) =>
        new(AttemptOutcome.Succeeded.Instance)
        {
            Data = routine.Result is { } result ? Json.Write(result, resultLimit) : default,
            ExitCode = step.ExitCode,
            Message = step.Message,
        };

    private Routine Make(AttemptContext attempt)
    {
        var routine = (Routine)_constructor.Invoke();
        if (_properties.Length == 0)
            return routine;
        var arguments = JsonElement.Parse(attempt.Arguments.Span);
        foreach (var (argument, set) in _properties)
        {
            if (argument.TryRead(arguments, out var value))
                set.Invoke(routine, value);
        }
        return routine;
    }

    private static ClrArgument ArgumentOf(PropertyInfo property, ClrTypes types)
    {
        try
        {
            return types.Of(property);
        }
        catch (UnusableCodeException unusable)
        {
            throw new UnusableCodeException($"has a property '{property.Name}' that {unusable.Message}");
        }
    }

    private static async ValueTask DisposeAsync(Routine routine)
    {
        if (routine is IAsyncDisposable asynchronously)
            await asynchronously.DisposeAsync();
        else
            (routine as IDisposable)?.Dispose();
    }

    /// <summary>Calls the routine's abort, once, off the thread that asks for the stop.</summary>
    private sealed class Abort(Routine routine, RoutineContext context, AttemptContext attempt)
    {
        private Task _under = Task.CompletedTask;

        public void Begin() => _under = Task.Run(async () => await routine.AbortAsync(context));

        public async ValueTask FinishAsync()
        {
            try
            {
                await _under;
            }
            // Foreign code: its abort may throw anything. The attempt ends as it ends; the text is in the worklog.
            catch (Exception thrown)
            {
                _ = Ends.FromException(thrown, attempt);
            }
        }
    }
}
