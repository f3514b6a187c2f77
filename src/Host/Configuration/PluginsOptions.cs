using System.Collections.Immutable;

namespace AptTask.Host.Configuration;

/// <summary><c>[plugins]</c> and the <c>[[plugin]]</c> entries.</summary>
/// <param name="Folders">Absolute paths of the drop folders, each with one folder for each plugin.</param>
/// <param name="Cache">The absolute path of the folder with the copies that plugins are loaded from.</param>
/// <param name="Entries">What the administrator says about single plugins.</param>
internal sealed record PluginsOptions(ImmutableArray<string> Folders, string Cache, ImmutableArray<PluginEntry> Entries)
{
    /// <summary>What holds for a plugin: its entry, or the defaults.</summary>
    public PluginEntry For(string plugin) =>
        Entries.FirstOrDefault(entry => entry.Name == plugin) ?? new PluginEntry { Name = plugin };
}
