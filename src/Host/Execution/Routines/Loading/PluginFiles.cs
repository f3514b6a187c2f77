namespace AptTask.Host.Execution.Routines.Loading;

/// <summary>The copy of a plugin that is loaded from.</summary>
/// <param name="Name">The plugin's name: that of its folder and of its main assembly.</param>
/// <param name="Hash">SHA-256 over the names and contents of its files, in hex.</param>
/// <param name="Source">The folder that it was dropped into.</param>
/// <param name="Folder">The copy, which nobody else writes to.</param>
internal sealed record PluginFiles(string Name, string Hash, string Source, string Folder)
{
    /// <summary>The main assembly in the copy.</summary>
    public string MainAssembly => Path.Combine(Folder, Name + ".dll");

    /// <summary>The hash in short, for people.</summary>
    public string ShortHash => Hash[..12];
}
