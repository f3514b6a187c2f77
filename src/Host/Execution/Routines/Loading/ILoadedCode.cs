using System.Reflection;

namespace AptTask.Host.Execution.Routines.Loading;

/// <summary>A plugin's assemblies in a load context of their own. Disposing begins the unloading, which ends when nothing refers to it.</summary>
internal interface ILoadedCode : IDisposable
{
    /// <summary>The plugin's own assembly.</summary>
    Assembly Main { get; }
}
