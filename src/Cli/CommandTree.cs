using System.CommandLine;
using AptTask.Cli.Commands;

namespace AptTask.Cli;

/// <summary>The tree of all commands.</summary>
internal static class CommandTree
{
    /// <summary>Builds it.</summary>
    public static RootCommand Build(Surroundings surroundings)
    {
        var options = new CommonOptions();
        var maker = new CommandMaker(options, surroundings);
        var root = new RootCommand("Talks to the AptTask daemon: starts tasks, follows them, fetches what they left.");
        options.AddTo(root);
        foreach (var command in TaskCommands.All(maker))
            root.Add(command);
        root.Add(AdminCommands.Create(maker));
        root.Add(CompletionCommand.Create(maker));
        HelpWithExamples.AddTo(root, maker);
        return root;
    }
}
