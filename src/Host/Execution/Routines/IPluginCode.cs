using System.Collections.Immutable;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Routines.Loading;

namespace AptTask.Host.Execution.Routines;

/// <summary>
/// One version of a plugin, wherever its code runs. Takes attempts until it is retired; once the last of them has ended, it
/// lets go of its code.
/// </summary>
internal interface IPluginCode : ICodeRunner
{
    /// <summary>Its copy on the disk.</summary>
    PluginFiles Files { get; }

    /// <summary>For people: <c>plugin files</c>.</summary>
    string Title { get; }

    /// <summary>The version of its main assembly, as its author wrote it.</summary>
    string Version { get; }

    /// <summary>The routines that its author marked.</summary>
    ImmutableArray<RoutineFacts> Routines { get; }

    /// <summary>What in it cannot be offered, and why.</summary>
    ImmutableArray<string> Problems { get; }

    /// <summary>The methods that a pattern of a module may allow.</summary>
    ImmutableArray<MethodName> Methods { get; }

    /// <summary>The attempts under way in it, abandoned ones among them.</summary>
    int Running { get; }

    /// <summary>The attempts that ended for the daemon while their code still runs.</summary>
    int Abandoned { get; }

    /// <summary>Whether nothing of it is left in memory.</summary>
    bool IsUnloaded { get; }

    /// <summary>Whether it would be the same if it were made anew with these options.</summary>
    bool Suits(DaemonOptions options);

    /// <summary>Takes in a method that an administrator names. The same one again is no harm.</summary>
    /// <exception cref="UnusableCodeException">There is no such method, or it cannot be called.</exception>
    ValueTask<RoutineFacts> IncludeAsync(CodeName method);

    /// <summary>Takes no more attempts.</summary>
    void Retire();
}
