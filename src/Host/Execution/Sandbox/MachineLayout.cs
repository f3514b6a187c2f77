using System.Collections.Immutable;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>What a fence has to know of the machine's own folders.</summary>
internal sealed record MachineLayout
{
    private static readonly ImmutableArray<string> Beside = ["/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32"];

    private static readonly ImmutableArray<string> Private = ["/tmp", "/var/tmp", "/run", "/home", "/root"];

    private static readonly Lazy<MachineLayout> Found = new(Look);

    /// <summary>This machine's, as it was when it was first asked for.</summary>
    public static MachineLayout OfThisMachine => Found.Value;

    /// <summary>Folders of programs beside <c>/usr</c>; where a link leads, or null for a folder.</summary>
    public required ImmutableArray<(string Path, string? Link)> Programs { get; init; }

    /// <summary>Folders that are private to users or to the moment, of those that are there.</summary>
    public required ImmutableArray<string> PrivateFolders { get; init; }

    /// <summary>Where the list of name servers really is, when that is within a private folder; otherwise null.</summary>
    public string? NameServers { get; init; }

    private static MachineLayout Look()
    {
        var servers = Configuration.RealPath.Of("/etc/resolv.conf");
        return new MachineLayout
        {
            Programs = [.. Beside.Where(Directory.Exists).Select(path => (path, new FileInfo(path).LinkTarget))],
            PrivateFolders = [.. Private.Where(Directory.Exists)],
            NameServers =
                servers is not null && Private.Any(folder => PathPrefix.IsBelow(servers, folder)) ? servers : null,
        };
    }
}
