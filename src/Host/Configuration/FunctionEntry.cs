namespace AptTask.Host.Configuration;

/// <summary>One <c>[[function]]</c>: exactly one public method. Either <see cref="Assembly"/> or <see cref="Plugin"/> is set.</summary>
internal sealed record FunctionEntry : RoutineRules
{
    /// <summary>For people; empty when the method's own description should hold.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The simple name of an assembly of the framework.</summary>
    public string? Assembly { get; init; }

    /// <summary>The name of a plugin.</summary>
    public string? Plugin { get; init; }

    /// <summary>The full name of the type.</summary>
    public required string Type { get; init; }

    /// <summary>The name of the method; when it is overloaded, with its parameter types: <c>Round(System.Double)</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Where it runs; null for what holds for the plugin (framework: a worker process).</summary>
    public Isolation? Isolation { get; init; }

    /// <summary>The fence; null for <c>sandbox.default_profile</c>.</summary>
    public SandboxProfile? Sandbox { get; init; }
}
