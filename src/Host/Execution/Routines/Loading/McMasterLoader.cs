using System.Reflection;
using AptTask.Plugin;
using McMaster.NETCore.Plugins;

namespace AptTask.Host.Execution.Routines.Loading;

/// <summary>Loads plugins with McMaster.NETCore.Plugins: the contract is shared with the daemon, all else is the plugin's own.</summary>
internal sealed class McMasterLoader : IPluginLoader
{
    /// <inheritdoc/>
    public ILoadedCode Load(string mainAssembly)
    {
        var loader = PluginLoader.CreateFromAssemblyFile(
            mainAssembly,
            isUnloadable: true,
            sharedTypes: [typeof(RoutineContext)]
        );
        try
        {
            return new Loaded(loader, loader.LoadDefaultAssembly());
        }
        catch
        {
            loader.Dispose();
            throw;
        }
    }

    // Holds the loader: were it collected while code of it still runs, the next dependency could not be loaded.
    private sealed class Loaded(PluginLoader loader, Assembly main) : ILoadedCode
    {
        public Assembly Main => main;

        public void Dispose() => loader.Dispose();
    }
}
