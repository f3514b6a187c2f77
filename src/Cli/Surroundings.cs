using Spectre.Console;

namespace AptTask.Cli;

/// <summary>All that the client touches of the world around it, so that a test can be that world.</summary>
internal sealed record Surroundings
{
    // Wide enough that a table that goes to a program or a file is not folded.
    private const int WidthOfFiles = 240;

    /// <summary>For answers.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>For what went wrong, and for what is only said by the way.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>For files given as <c>-</c>.</summary>
    public required TextReader In { get; init; }

    /// <summary>Whether answers are read by a person at a terminal.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>Draws tables and progress on <see cref="Out"/>.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>Environment variables.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where relative paths begin.</summary>
    public required string Folder { get; init; }

    /// <summary>Prints a line.</summary>
    public void Say(string line) => Out.WriteLine(line);

    /// <summary>The real ones.</summary>
    public static Surroundings OfThisProcess()
    {
        var isTerminal = !System.Console.IsOutputRedirected;
        return new()
        {
            Out = System.Console.Out,
            Error = System.Console.Error,
            In = System.Console.In,
            IsTerminal = isTerminal,
            Console = isTerminal ? AnsiConsole.Console : PlainConsole(System.Console.Out),
            Environment = System.Environment.GetEnvironmentVariable,
            Time = TimeProvider.System,
            Folder = Directory.GetCurrentDirectory(),
        };
    }

    /// <summary>A console without colours and without folding.</summary>
    public static IAnsiConsole PlainConsole(TextWriter output)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(output),
            }
        );
        console.Profile.Width = WidthOfFiles;
        return console;
    }
}
