using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace AptTask.Cli;

/// <summary>Help as the parser writes it, and the examples of the command behind it.</summary>
internal sealed class HelpWithExamples(HelpAction help, CommandMaker maker) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Puts it in the place of the help option's own action.</summary>
    public static void AddTo(RootCommand root, CommandMaker maker)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!, maker);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        ArgumentNullException.ThrowIfNull(parseResult);
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var examples = maker.ExamplesOf(parseResult.CommandResult.Command);
        if (examples.Count > 0)
            output.WriteLine("Examples:");
        foreach (var example in examples)
            output.WriteLine("  " + example);
        return ExitCodes.Ok;
    }
}
