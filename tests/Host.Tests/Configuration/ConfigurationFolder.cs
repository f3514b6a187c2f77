using AptTask.Host.Configuration;

namespace AptTask.Host.Tests.Configuration;

/// <summary>A folder with configuration files, removed afterwards. Not below /tmp: its sticky bit does not pass the protection check.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
    private static readonly UnixFileMode Private =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public ConfigurationFolder()
    {
        Path = System.IO.Path.Combine(AppContext.BaseDirectory, "scratch", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path, Private);
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public ConfigurationFolder With(string name, string text) => With(name, System.Text.Encoding.UTF8.GetBytes(text));

    public ConfigurationFolder With(string name, byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        System.IO.File.SetUnixFileMode(File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return this;
    }

    /// <summary>Reads with permissions as warnings: what these tests are about stands in the text.</summary>
    public ConfigurationOutcome Read(params string[] sets) => Read(FileProtection.Warn, sets);

    public ConfigurationOutcome Read(FileProtection protection, params string[] sets) =>
        ConfigurationReader.Read(
            System.IO.File.Exists(File("aptask.toml"))
                ? File("aptask.toml")
                : With("aptask.toml", "").File("aptask.toml"),
            sets,
            new Dictionary<string, string>(),
            protection
        );

    public static ConfigurationOutcome Options(string text)
    {
        using var folder = new ConfigurationFolder();
        return folder.With("aptask.toml", text).Read();
    }

    public static ConfigurationOutcome Whitelist(string text, string options = "")
    {
        using var folder = new ConfigurationFolder();
        return folder.With("aptask.toml", options).With("whitelist.toml", text).Read();
    }

    public static ConfigurationOutcome Keys(string text)
    {
        using var folder = new ConfigurationFolder();
        return folder.With("keys.toml", text).Read();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
