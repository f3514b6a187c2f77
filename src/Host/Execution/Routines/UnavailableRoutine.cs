using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Arguments;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Routines;

/// <summary>A routine that is listed, with the reason why it cannot run here.</summary>
internal sealed class UnavailableRoutine(RoutineDescriptor descriptor, RoutineFacts facts, RunLimits limits)
    : IRunnableRoutine
{
    /// <inheritdoc/>
    public RoutineDescriptor Descriptor => descriptor;

    /// <inheritdoc/>
    public Binding Bind(JsonElement arguments, BindingMode mode) =>
        ArgumentBinder.Bind(descriptor.Name, facts.Arguments, arguments, mode, limits.MaxArguments)
            is Binding.Refused bad
            ? bad
            : new Binding.Refused("sandbox_unavailable", $"{descriptor.Name} {descriptor.Unavailable}");

    /// <inheritdoc/>
    public Task<AttemptEnd> RunAsync(AttemptContext attempt) =>
        Task.FromResult(
            Ends.Failed(FailureReason.Revoked, $"{descriptor.Name} {descriptor.Unavailable}", retryable: false)
        );
}
