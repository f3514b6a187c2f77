using System.Collections;
using System.Collections.Immutable;

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
    )
    {
        var findings = new Findings();
        var guard = new FileGuard(protection, findings);
        var file = path is null ? null : Path.GetFullPath(path);
        var folder = file is null ? Environment.CurrentDirectory : Path.GetDirectoryName(file)!;
        var defaults = DaemonOptions.Defaults(folder) with { File = file };

        // Even when the file cannot be read the rest is: everything that is wrong is said at once.
        var root =
            (file is null ? null : Parse(file, guard, findings, isSecret: false))
            ?? new TomlNode.Table(new TextMark(file ?? "defaults", 0, 0));
        Overrides.Apply(root, sets, environment, findings);
        var options = new OptionsReader(new Section(root, "", folder, findings), defaults, findings).Read();
        var whitelist = ReadWhitelist(options, guard, findings);
        var keys = ReadKeys(options, guard, findings);
        var isGood = findings.Problems.Count == 0;
        return new ConfigurationOutcome
        {
            Options = isGood ? options : null,
            Whitelist = isGood ? whitelist : null,
            Keys = isGood ? keys : [],
            Problems = [.. findings.Problems],
            Warnings = [.. findings.Warnings],
        };
    }

    /// <summary>The variables of this process, for <see cref="Read"/>.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");

    private static TomlNode.Table? Parse(string file, FileGuard guard, Findings findings, bool isSecret)
    {
        if (guard.Read(file, isSecret) is not { } bytes || TomlSource.Decode(file, bytes, findings) is not { } text)
            return null;
        return TomlTree.Parse(file, text, findings);
    }

    /// <summary>Whether nothing of that name is there. A folder or a broken link in its place is a mistake, not an absence.</summary>
    private static bool IsAbsent(string file) => !Path.Exists(file) && !RealPath.IsLink(file);

    private static Whitelist ReadWhitelist(DaemonOptions options, FileGuard guard, Findings findings)
    {
        // The default name is only a hint where to look; a name that was given has to be there.
        var isDefault = options.WhitelistFile == DaemonOptions.Defaults(options.Folder).WhitelistFile;
        if (options.WhitelistFile is not { } file || (isDefault && IsAbsent(file)))
            return Whitelist.Empty;
        if (Parse(file, guard, findings, isSecret: false) is not { } table)
            return Whitelist.Empty;
        var section = new Section(table, "", Path.GetDirectoryName(file)!, findings);
        return WhitelistReader.Read(section, file, options, guard);
    }

    private static ImmutableArray<KeyEntry> ReadKeys(DaemonOptions options, FileGuard guard, Findings findings)
    {
        var isDefault = options.KeysFile == DaemonOptions.Defaults(options.Folder).KeysFile;
        if (isDefault && IsAbsent(options.KeysFile))
            return [];
        if (Parse(options.KeysFile, guard, findings, isSecret: true) is not { } table)
            return [];
        return KeysReader.Read(new Section(table, "", Path.GetDirectoryName(options.KeysFile)!, findings));
    }
}
