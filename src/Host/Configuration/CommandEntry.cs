using System.Collections.Immutable;

namespace AptTask.Host.Configuration;

/// <summary>One <c>[[command]]</c>: a program, its arguments as a template, and its fence.</summary>
internal sealed record CommandEntry : RoutineRules
{
    /// <summary>For people.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The absolute path of the program.</summary>
    public required string Path { get; init; }

    /// <summary>The templates of its arguments, as written.</summary>
    public ImmutableArray<string> Args { get; init; } = [];

    /// <summary>The same, taken apart.</summary>
    public ImmutableArray<ArgumentTemplate> Template { get; init; } = [];

    /// <summary>Its parameters, in the order as written.</summary>
    public ImmutableArray<ParameterEntry> Parameters { get; init; } = [];

    /// <summary>Why no <c>"--"</c> stands before a free value; null when it does.</summary>
    public string? NoDashDash { get; init; }

    /// <summary>Why the program cannot be run here; null when it can.</summary>
    public string? Missing { get; init; }

    /// <summary>The fence.</summary>
    public required SandboxProfile Sandbox { get; init; }

    /// <summary>Paths that the fence lets it read.</summary>
    public ImmutableArray<string> BindReadOnly { get; init; } = [];

    /// <summary>Paths that the fence lets it write.</summary>
    public ImmutableArray<string> BindReadWrite { get; init; } = [];

    /// <summary>The fence leaves it the network of the machine.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>The user it runs as when the daemon is root; null for <c>sandbox.user</c>.</summary>
    public string? User { get; init; }

    /// <summary>The absolute path of its working folder; null for the task's scratch folder.</summary>
    public string? WorkingFolder { get; init; } = "/";

    /// <summary>Its environment besides <c>PATH</c> and what the daemon adds.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>The parameter whose value is its standard input; null for an empty one.</summary>
    public string? StandardInput { get; init; }

    /// <summary>The most bytes of standard input.</summary>
    public int MaxStandardInput { get; init; }

    /// <summary>Exit codes that are successes; never empty.</summary>
    public ImmutableArray<int> Success { get; init; } = [0];

    /// <summary>How long it may take to end after a polite signal.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>What it may use.</summary>
    public CommandLimits Limits { get; init; } = CommandLimits.Unlimited;

    /// <summary>What is done with its standard output.</summary>
    public required OutputRule StandardOutput { get; init; }

    /// <summary>What is done with its standard error.</summary>
    public required OutputRule StandardError { get; init; }
}
