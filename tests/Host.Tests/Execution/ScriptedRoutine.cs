using System.Text.Json;
using AptTask.Host.Engine;

namespace AptTask.Host.Tests.Execution;

/// <summary>A routine that does what the test says.</summary>
internal sealed class ScriptedRoutine(
    RoutineDescriptor descriptor,
    Func<AttemptContext, Task<AttemptEnd>>? run = null,
    Func<JsonElement, Binding>? bind = null
) : IRunnableRoutine
{
    public RoutineDescriptor Descriptor { get; } = descriptor;

    public Binding Bind(JsonElement arguments, BindingMode mode) =>
        bind?.Invoke(arguments) ?? new Binding.Bound(JsonSerializer.SerializeToUtf8Bytes(arguments));

    public Task<AttemptEnd> RunAsync(AttemptContext attempt) => run!(attempt);

    public static RoutineDescriptor Named(string name) =>
        new()
        {
            Name = name,
            Kind = RoutineKind.Plugin,
            Origin = "test",
        };
}
