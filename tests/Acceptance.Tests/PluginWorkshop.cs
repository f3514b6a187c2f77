namespace AptTask.Acceptance.Tests;

/// <summary>
/// A folder outside of the clone, in which a plugin is built with the SDK as its author would: with nothing of this repository but
/// the packed contract, and with package caches of its own, so that no older package answers for today's.
/// </summary>
internal sealed class PluginWorkshop : IDisposable
{
    private readonly Dictionary<string, string> _environment;

    private PluginWorkshop(string folder)
    {
        Folder = folder;
        _environment = new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = Path.Combine(folder, "cache"),
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
            // Nothing of the build may outlive the test.
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
        };
    }

    public string Folder { get; }

    /// <summary>Where the packed contract lies.</summary>
    public string Packages => Path.Combine(Folder, "packages");

    /// <summary>An empty folder, and the contract packed as it was built with the tests.</summary>
    public static async Task<PluginWorkshop> OpenAsync()
    {
        var workshop = new PluginWorkshop(Directory.CreateTempSubdirectory("aptask-plugin-").FullName);
        await workshop.DotnetAsync(
            "pack",
            Path.Combine(Clone.Root, "src", "Plugin.Abstractions"),
            "--no-build",
            "--configuration",
            Clone.Flavour,
            "--output",
            workshop.Packages
        );
        return workshop;
    }

    /// <summary>Runs a command of the SDK, which has to succeed.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> DotnetAsync(params string[] arguments)
    {
        var run = await Programs.RunAsync("dotnet", arguments, Folder, environment: _environment);
        Assert.True(run.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{run.Output}\n{run.Errors}");
        return run.Output;
    }

    /// <summary>Writes a file, with its folders.</summary>
    public async Task WriteAsync(string path, string text)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
