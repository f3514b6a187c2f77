using AptTask.Host.Configuration;

namespace AptTask.Host;

/// <summary>Where the configuration comes from. Read again for every reload.</summary>
/// <param name="File">The file; null for the defaults.</param>
/// <param name="Sets">The <c>--set</c> options.</param>
/// <param name="InsecurePermissions">Whether files that others could change are only warned about.</param>
internal sealed record Setup(string? File, IReadOnlyList<string> Sets, bool InsecurePermissions)
{
    /// <summary>The file that is taken when none is named.</summary>
    public const string DefaultFile = "aptask.toml";

    /// <summary>Reads it.</summary>
    /// <param name="protection">How files that others could change are taken.</param>
    public ConfigurationOutcome Read(FileProtection protection) =>
        ConfigurationReader.Read(
            File,
            Sets,
            ConfigurationReader.ProcessEnvironment(),
            InsecurePermissions ? FileProtection.Warn : protection
        );

    /// <summary>Says what is wrong, for people.</summary>
    /// <returns>Whether it can be used.</returns>
    public static bool Explain(ConfigurationOutcome setup, TextWriter output)
    {
        foreach (var warning in setup.Warnings)
            output.WriteLine($"warning: {warning}");
        foreach (var problem in setup.Problems)
            output.WriteLine($"error: {problem}");
        return setup.Options is not null;
    }
}
