using System.CommandLine;

namespace AptTask.Cli;

/// <summary>Makes commands that share their options, their way of failing, and help with examples.</summary>
internal sealed class CommandMaker(CommonOptions options, Surroundings surroundings)
{
    private readonly Dictionary<Command, string[]> _examples = [];

    /// <summary>The world around.</summary>
    public Surroundings Surroundings { get; } = surroundings;

    /// <summary>Makes a command that talks to the daemon.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">One sentence or two.</param>
    /// <param name="symbols">Its arguments and options.</param>
    /// <param name="talk">What it does.</param>
    /// <param name="examples">Command lines for its help.</param>
    public Command Make(
        string name,
        string description,
        IEnumerable<Symbol> symbols,
        Func<Conversation, CancellationToken, Task<int>> talk,
        params string[] examples
    )
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Option option)
                command.Add(option);
            else
                command.Add((Argument)symbol);
        }
        command.SetAction(
            (parsed, cancellationToken) => Conversation.RunAsync(parsed, options, Surroundings, talk, cancellationToken)
        );
        Illustrate(command, examples);
        return command;
    }

    /// <summary>Gives a command examples for its help.</summary>
    public void Illustrate(Command command, params string[] examples) => _examples[command] = examples;

    /// <summary>The examples of a command.</summary>
    public IReadOnlyList<string> ExamplesOf(Command command) => _examples.GetValueOrDefault(command) ?? [];
}
