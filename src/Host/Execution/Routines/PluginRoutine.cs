using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Arguments;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Routines;

/// <summary>A routine made of .NET code. Does not hold the code, so whoever keeps it keeps no load context alive.</summary>
internal sealed class PluginRoutine(
    RoutineDescriptor descriptor,
    RoutineFacts facts,
    ICodeRunner runner,
    CodeName code,
    RunLimits limits
) : IRunnableRoutine
{
    /// <inheritdoc/>
    public RoutineDescriptor Descriptor =>
        runner.Trouble is { } trouble ? descriptor with { Trouble = trouble } : descriptor;

    /// <summary>Where its code was found anew by a reload; asked when the code of this one is gone.</summary>
    internal Func<IRunnableRoutine?>? Successor { get; set; }

    /// <inheritdoc/>
    public Binding Bind(JsonElement arguments, BindingMode mode) =>
        ArgumentBinder.Bind(descriptor.Name, facts.Arguments, arguments, mode, limits.MaxArguments);

    /// <inheritdoc/>
    public Task<AttemptEnd> RunAsync(AttemptContext attempt) =>
        runner.TryRun(code, attempt, limits, out var run) ? run : RunElsewhereAsync(attempt);

    // A reload came between the look-up and the start. What was bound for the old code is bound again for the new.
    private async Task<AttemptEnd> RunElsewhereAsync(AttemptContext attempt)
    {
        var gone = $"{descriptor.Name} was removed by a reload.";
        if (Successor?.Invoke() is not { } successor)
            return Ends.Failed(FailureReason.Revoked, gone, retryable: false);
        return successor.Bind(JsonElement.Parse(attempt.Arguments.Span), BindingMode.Strict) switch
        {
            Binding.Bound bound when bound.Arguments.AsSpan().SequenceEqual(attempt.Arguments.Span) =>
                await successor.RunAsync(attempt),
            Binding.Refused refused => Ends.Failed(FailureReason.Revoked, refused.Message, retryable: false),
            _ => Ends.Failed(FailureReason.Revoked, gone, retryable: false),
        };
    }
}
