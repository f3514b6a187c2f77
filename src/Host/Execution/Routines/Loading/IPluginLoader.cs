namespace AptTask.Host.Execution.Routines.Loading;

/// <summary>Loads a plugin. Ours, so that the package behind it can be replaced.</summary>
internal interface IPluginLoader
{
    /// <summary>Loads the assembly at an absolute path into a collectible context of its own; nothing of it is run.</summary>
    ILoadedCode Load(string mainAssembly);
}
