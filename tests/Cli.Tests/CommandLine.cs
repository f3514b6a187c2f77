using AptTask.TestKit;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace AptTask.Cli.Tests;

/// <summary>Runs command lines as a shell would, and keeps what they print.</summary>
internal sealed class CommandLine
{
    public Dictionary<string, string> Environment { get; } = [];

    public bool IsTerminal { get; set; }

    public string Input { get; set; } = "";

    public string Folder { get; set; } = Path.GetTempPath();

    public string Out { get; private set; } = "";

    public string Error { get; private set; } = "";

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public async Task<int> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        using var input = new StringReader(Input);
        var console = IsTerminal
            ? AnsiConsole.Create(
                new AnsiConsoleSettings
                {
                    Ansi = AnsiSupport.No,
                    Interactive = InteractionSupport.Yes,
                    Out = new AnsiConsoleOutput(output),
                }
            )
            : Surroundings.PlainConsole(output);
        if (IsTerminal)
            console.Profile.Width = 120;
        var surroundings = new Surroundings
        {
            Out = output,
            Error = error,
            In = input,
            IsTerminal = IsTerminal,
            Console = console,
            Environment = Environment.GetValueOrDefault,
            Time = Time,
            Folder = Folder,
        };
        var exitCode = await Application.RunAsync(arguments, surroundings).WaitAsync(ScriptedTalk.Patience);
        (Out, Error) = (output.ToString(), error.ToString());
        return exitCode;
    }

    public Task<int> RunAsync(FakeDaemon daemon, params string[] arguments)
    {
        Environment["APTASK_CONNECT"] = daemon.Address;
        return RunAsync(arguments);
    }
}
