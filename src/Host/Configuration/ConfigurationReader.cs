namespace AptTask.Host.Configuration;

/// <summary>Reads <c>aptask.toml</c>, the whitelist and the keys it names. Reports every mistake at once; changes nothing.</summary>
internal static class ConfigurationReader
{
    /// <summary>Reads everything.</summary>
    /// <param name="path">The path of <c>aptask.toml</c>; null for the defaults alone, relative to the working folder.</param>
    /// <param name="sets">The values of <c>--set</c>, each <c>table.key=value</c>.</param>
    /// <param name="environment">The environment, of which <c>APTASK__TABLE__KEY</c> counts.</param>
    /// <param name="protection">What is made of files that others could change.</param>
    public static ConfigurationOutcome Read(
        string? path,
        IReadOnlyList<string> sets,
        IReadOnlyDictionary<string, string> environment,
        FileProtection protection
    ) =>
        throw new NotSupportedException(
            "The files are read from the next landing on; take DaemonOptions.Defaults until then."
        );
}
