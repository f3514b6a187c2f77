using AptTask.Host.Configuration;
using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Execution.Commands;

/// <summary>What commands can see inside a fence with namespaces.</summary>
internal static class CommandView
{
    /// <summary>What one command sees.</summary>
    public static FenceView Of(CommandEntry entry, FenceRequest fence, DaemonPlaces hidden)
    {
        var view = new FenceView
        {
            ReadOnly = [.. entry.BindReadOnly.Select(Bind.Same)],
            ReadWrite = [.. entry.BindReadWrite.Select(Bind.Same)],
            HiddenFolders = hidden.Folders,
            HiddenFiles = hidden.Files,
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
}
