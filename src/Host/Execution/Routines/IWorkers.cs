using AptTask.Host.Configuration;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Routines.Loading;

namespace AptTask.Host.Execution.Routines;

/// <summary>Runs code in processes of its own, behind a fence.</summary>
internal interface IWorkers
{
    /// <summary>Starts a process for a plugin, lets it say what is in the plugin, and keeps it ready.</summary>
    /// <exception cref="UnusableCodeException">The process could not be started, or the plugin could not be read in it.</exception>
    Task<IPluginCode> OpenAsync(PluginFiles files, SandboxProfile fence, DaemonOptions options);

    /// <summary>Processes for functions of the framework. They are started when first needed.</summary>
    ICodeRunner ForFramework(SandboxProfile fence, DaemonOptions options);
}
