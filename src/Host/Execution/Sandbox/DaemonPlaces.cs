using System.Collections.Immutable;
using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>The daemon's own folders and files, which nothing in a fence sees: keys, tasks, logs, configuration.</summary>
/// <param name="Folders">Folders that are the daemon's alone.</param>
/// <param name="Files">Its files, for where their folder is not hidden: one at the top, such as <c>/etc</c>, or one that is bound itself.</param>
internal sealed record DaemonPlaces(ImmutableArray<string> Folders, ImmutableArray<string> Files)
{
    /// <summary>Those that are there.</summary>
    public static DaemonPlaces Of(DaemonOptions options)
    {
        string?[] files =
        [
            options.KeysFile,
            options.Store.Path,
            options.Store.Path + "-wal",
            options.File,
            options.Log.File,
            options.Audit.File,
        ];
        var own = files.OfType<string>().Distinct(StringComparer.Ordinal).Where(File.Exists).ToImmutableArray();
        return new DaemonPlaces(
            [
                .. own.Select(file => Path.GetDirectoryName(file)!)
                    .Where(folder => folder.LastIndexOf('/') > 0)
                    .Distinct(StringComparer.Ordinal),
            ],
            own
        );
    }
}
