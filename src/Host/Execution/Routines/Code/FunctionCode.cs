using System.Reflection;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Arguments;
using AptTask.Host.Execution.Routines.Results;
using AptTask.Plugin;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>A public static method.</summary>
internal sealed class FunctionCode : RoutineCode
{
    private readonly MethodInvoker _invoker;
    private readonly Awaiting _awaiting;
    private readonly Func<Call, object?>[] _parameters;

    private FunctionCode(MethodInvoker invoker, Awaiting awaiting, Func<Call, object?>[] parameters)
    {
        _invoker = invoker;
        _awaiting = awaiting;
        _parameters = parameters;
    }

    /// <summary>Describes a method; runs nothing of it.</summary>
    /// <exception cref="UnusableCodeException">It cannot be called with JSON.</exception>
    public static FunctionCode Of(MethodInfo method, string name, RoutinePolicy policy, PlainJson json)
    {
        if (!method.IsStatic || !method.IsPublic || method.DeclaringType is not { IsVisible: true })
            throw new UnusableCodeException("is not a public static method of a public class");
        if (method.ContainsGenericParameters)
            throw new UnusableCodeException("is generic");
        var types = new ClrTypes();
        var arguments = new List<Argument>();
        var parameters = Array.ConvertAll(method.GetParameters(), parameter => Source(parameter, types, arguments));
        return new FunctionCode(MethodInvoker.Create(method), Awaiting.For(method.ReturnType), parameters)
        {
            Facts = new RoutineFacts(name, Limits.HelpOf(method), [.. arguments], policy),
            Json = json,
        };
    }

    /// <inheritdoc/>
    public override ValueTask<AttemptEnd> RunAsync(AttemptContext attempt, int resultLimit, Lazily context)
    {
        var returned = _parameters.Length == 0 ? _invoker.Invoke(null) : InvokeWithArguments(attempt, context);
        return FinishAsync(_awaiting.ValueAsync(returned), resultLimit);
    }

    private object? InvokeWithArguments(AttemptContext attempt, Lazily context)
    {
        var call = new Call(
            Facts.Arguments.IsEmpty ? default : JsonElement.Parse(attempt.Arguments.Span),
            attempt,
            context
        );
        var values = new object?[_parameters.Length];
        for (var index = 0; index < values.Length; index++)
            values[index] = _parameters[index](call);
        return _invoker.Invoke(null, values.AsSpan());
    }

    private async ValueTask<AttemptEnd> FinishAsync(ValueTask<object?> end, int resultLimit)
    {
        var value = await end;
        return _awaiting.HasValue
            ? new AttemptEnd(AttemptOutcome.Succeeded.Instance) { Data = Json.Write(value, resultLimit) }
            : Ends.Done;
    }

    private static Func<Call, object?> Source(ParameterInfo parameter, ClrTypes types, List<Argument> arguments)
    {
        if (parameter.ParameterType == typeof(CancellationToken))
            return static call => call.Attempt.Stop;
        if (parameter.ParameterType == typeof(RoutineContext))
            return static call => call.Context.Get();
        try
        {
            if (parameter.ParameterType.IsByRef)
                throw new UnusableCodeException("is ref, in or out");
            var argument = types.Of(parameter);
            if (arguments.Exists(other => other.Name == argument.Declared.Name))
                throw new UnusableCodeException("has the name of another one in snake_case");
            arguments.Add(argument.Declared);
            return call =>
            {
                argument.TryRead(call.Arguments, out var value);
                return value;
            };
        }
        catch (UnusableCodeException unusable)
        {
            throw new UnusableCodeException($"has a parameter '{parameter.Name}' that {unusable.Message}");
        }
    }

    private readonly record struct Call(JsonElement Arguments, AttemptContext Attempt, Lazily Context);
}
