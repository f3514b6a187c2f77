namespace AptTask.Acceptance.Tests;

/// <summary>The completion scripts of <c>aptask</c> in the shells that they are for, with the client as it is built.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aptask-shell-").FullName;

    public CompletionTests()
    {
        // What is completed goes to the client; what is then run is only told.
        var client = Path.Combine(_folder, "aptask");
        File.WriteAllText(
            client,
            $"""
            #!/bin/sh
            case $1 in
            "[suggest"* | completion) exec dotnet '{Path.Combine(Clone.Output("Cli"), "aptask.dll")}' "$@" ;;
            *) echo "ran<$*>" ;;
            esac

            """
        );
        File.SetUnixFileMode(client, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("bash --norc --noprofile -i", "eval \"$(aptask completion bash)\"")]
    [InlineData("zsh -f -i", "autoload -Uz compinit && compinit -D; eval \"$(aptask completion zsh)\"")]
    public async Task A_tab_completes_a_command_an_option_and_a_command_of_a_command(string shell, string setUp)
    {
        // script gives the shell a terminal, without which it would not complete anything.
        var typed = await ShellAsync(
            "script",
            ["-qec", shell, "/dev/null"],
            $"{setUp}\naptask activ\t\naptask start --prior\t\naptask admin relo\t\nexit\n"
        );
        Assert.Contains("ran<active>", typed, StringComparison.Ordinal);
        Assert.Contains("ran<start --priority>", typed, StringComparison.Ordinal);
        Assert.Contains("ran<admin reload>", typed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aptask activ", "active")]
    [InlineData("aptask start --prior", "--priority")]
    [InlineData("aptask admin relo", "reload")]
    [InlineData("aptask sta", "start\nstatus")]
    public async Task Fish_completes_a_command_an_option_and_a_command_of_a_command(string line, string completed) =>
        Assert.Equal(
            completed,
            (
                await ShellAsync(
                    "fish",
                    ["--no-config", "-c", $"aptask completion fish | source; complete -C '{line}'"]
                )
            ).Trim()
        );

    private async Task<string> ShellAsync(string program, string[] arguments, string? input = null)
    {
        var run = await Programs.RunAsync(
            program,
            arguments,
            _folder,
            input,
            new Dictionary<string, string>
            {
                ["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}",
                ["HOME"] = _folder,
                ["TERM"] = "dumb",
            }
        );
        return run.Output + run.Errors;
    }
}
