using System.CommandLine;
using AptTask.Protocol;

namespace AptTask.Cli;

/// <summary>The client from its command line to its exit code.</summary>
internal static class Application
{
    /// <summary>Runs one command.</summary>
    public static async Task<int> RunAsync(string[] arguments, Surroundings surroundings)
    {
        var parsed = CommandTree
            .Build(surroundings)
            .Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
        {
            foreach (var complaint in Complaints(parsed))
                await surroundings.Error.WriteLineAsync("aptask: " + TerminalText.Line(complaint));
            var command = string.Join(' ', PathOf(parsed.CommandResult.Command));
            await surroundings.Error.WriteLineAsync($"Try: {command} --help");
            return ExitCodes.Usage;
        }
        var configuration = new InvocationConfiguration
        {
            Output = surroundings.Out,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
        };
        return await parsed.InvokeAsync(configuration);
    }

    private static IEnumerable<string> Complaints(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is not [var first, ..] || command.Subcommands.Count == 0)
            return parsed.Errors.Select(error => error.Message);
        // The parser says of a mistyped command that one is missing and that a word is too much; one sentence is enough.
        var nearest = Nearest.To(first, command.Subcommands.Select(sub => sub.Name));
        return [$"There is no command \"{first}\"." + (nearest is null ? "" : $" Did you mean {nearest}?")];
    }

    private static IEnumerable<string> PathOf(Command command) =>
        command.Parents.OfType<Command>().SelectMany(PathOf).Append(command is RootCommand ? "aptask" : command.Name);
}
