using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Commands;
using AptTask.Host.Tests.Configuration;

namespace AptTask.Host.Tests.Commands;

/// <summary>Commands as a whitelist would give them.</summary>
internal static class Entries
{
    /// <summary>Reads one command from the text that follows its name and fence.</summary>
    public static CommandEntry Command(string rest, string path = "/usr/bin/true")
    {
        var outcome = ConfigurationFolder.Whitelist(
            $"[[command]]\nname = \"x\"\nsandbox = \"limits\"\npath = \"{path}\"\n{rest}"
        );
        Assert.Empty(outcome.Problems);
        return Assert.Single(outcome.Whitelist!.Commands);
    }

    public static CommandBinder Binder(string rest) => new(Command(rest), RealPath.Of);

    public static JsonElement Json(string text) => JsonElement.Parse(text);

    /// <summary>The command line for these arguments, all the way: bound, kept, bound again.</summary>
    public static IReadOnlyList<string> Tokens(
        CommandBinder binder,
        string arguments,
        BindingMode mode = BindingMode.Strict
    )
    {
        var bound = Assert.IsType<Binding.Bound>(binder.Bind(Json(arguments), mode));
        var line = binder.Complete(bound.Arguments, new Dictionary<string, DependencyResult>(), out var error);
        Assert.True(line is not null, error);
        return line.Arguments;
    }

    public static Binding.Refused Refusal(
        CommandBinder binder,
        string arguments,
        BindingMode mode = BindingMode.Strict
    ) => Assert.IsType<Binding.Refused>(binder.Bind(Json(arguments), mode));
}
