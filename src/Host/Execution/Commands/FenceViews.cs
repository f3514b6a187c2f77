using System.Collections.Immutable;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Execution.Commands;

/// <summary>What commands can see inside a fence with namespaces.</summary>
internal static class FenceViews
{
    /// <summary>
    /// The daemon's own folders and files, which no command sees: keys, tasks, logs, configuration. A folder at the top, such as
    /// <c>/etc</c>, is not the daemon's alone; there the files are hidden one by one.
    /// </summary>
    public static (ImmutableArray<string> Folders, ImmutableArray<string> Files) Hidden(DaemonOptions options)
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
        var own = files.OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        return (
            [
                .. own.Select(file => Path.GetDirectoryName(file)!)
                    .Where(folder => !IsAtTop(folder) && Directory.Exists(folder))
                    .Distinct(StringComparer.Ordinal),
            ],
            [.. own.Where(file => IsAtTop(Path.GetDirectoryName(file)!) && File.Exists(file))]
        );
    }

    /// <summary>What one command sees.</summary>
    public static FenceView Of(
        CommandEntry entry,
        FenceRequest fence,
        ImmutableArray<string> hiddenFolders,
        ImmutableArray<string> hiddenFiles
    )
    {
        var view = new FenceView
        {
            ReadOnly = [.. entry.BindReadOnly.Select(Bind.Same)],
            ReadWrite = [.. entry.BindReadWrite.Select(Bind.Same)],
            HiddenFolders = hiddenFolders,
            HiddenFiles = hiddenFiles,
            WorkingFolder = entry.WorkingFolder ?? Fence.ScratchInside(entry.Sandbox) ?? "/",
            HostNetwork = entry.HostNetwork,
        };
        // The program that the entry names is always there, wherever it comes from.
        return RealPath.Of(entry.Path) is not { } program || Fence.CanSee(fence with { View = view }, entry.Path)
            ? view
            : view with
            {
                ReadOnly = [.. view.ReadOnly, new Bind(program, entry.Path)],
            };
    }

    private static bool IsAtTop(string folder) => folder.LastIndexOf('/') <= 0;
}
