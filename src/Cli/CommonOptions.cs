using System.CommandLine;

namespace AptTask.Cli;

/// <summary>The options that every command has.</summary>
internal sealed class CommonOptions
{
    /// <summary>Where the daemon is.</summary>
    public Option<string?> Connect { get; } =
        new("--connect")
        {
            Description =
                "Where the daemon is: host:port, tls:host:port or unix:PATH. Else $APTASK_CONNECT, else the socket var/aptask.sock if it is there, else 127.0.0.1:2142.",
            HelpName = "address",
            Recursive = true,
        };

    /// <summary>Where the key is.</summary>
    public Option<string?> KeyFile { get; } =
        new("--key-file")
        {
            Description = "A file with the key. Else $APTASK_KEY, else none.",
            HelpName = "file",
            Recursive = true,
        };

    /// <summary>A key on the command line: refused, with the reason.</summary>
    public Option<string?> Key { get; } = new("--key") { Hidden = true, Recursive = true };

    /// <summary>Whose tasks are meant.</summary>
    public Option<string?> Group { get; } =
        new("--group")
        {
            Description = "Whose tasks are meant: needed with a key of several groups, a filter for administrators.",
            HelpName = "name",
            Recursive = true,
        };

    /// <summary>For programs.</summary>
    public Option<bool> Json { get; } =
        new("--json")
        {
            Description = "For programs: the daemon's own answers, one JSON object a line.",
            Recursive = true,
        };

    /// <summary>Makes them, with their rules.</summary>
    public CommonOptions() =>
        Key.Validators.Add(result =>
            result.AddError(
                "A key on the command line can be read by everyone on this machine. Put it into $APTASK_KEY or a --key-file."
            )
        );

    /// <summary>Gives them to the root and so to every command.</summary>
    public void AddTo(RootCommand root)
    {
        root.Add(Connect);
        root.Add(KeyFile);
        root.Add(Key);
        root.Add(Group);
        root.Add(Json);
    }
}
