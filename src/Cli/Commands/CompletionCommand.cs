using System.CommandLine;

namespace AptTask.Cli.Commands;

/// <summary>Prints scripts that let a shell complete command lines. The completions themselves come from the command tree.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # aptask completion bash: put this line into ~/.bashrc:  eval "$(aptask completion bash)"
        _aptask() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(aptask "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _aptask aptask
        """;

    private const string Zsh = """
        #compdef aptask
        # aptask completion zsh: put this line into ~/.zshrc (after compinit):  eval "$(aptask completion zsh)"
        _aptask() {
            local -a found
            found=("${(@f)$(aptask "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- ${found}
        }
        compdef _aptask aptask
        """;

    private const string Fish = """
        # aptask completion fish: save it as ~/.config/fish/completions/aptask.fish
        function __aptask_complete
            set -l line (commandline -cp)
            aptask "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c aptask -f -a "(__aptask_complete)"
        """;

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandMaker maker)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints a script that lets a shell complete aptask's command lines.")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            var script = parsed.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            };
            maker.Surroundings.Out.WriteLine(script);
            return ExitCodes.Ok;
        });
        maker.Illustrate(
            command,
            "eval \"$(aptask completion bash)\"",
            "aptask completion fish > ~/.config/fish/completions/aptask.fish"
        );
        return command;
    }
}
