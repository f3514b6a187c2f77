using AptTask.Host.Configuration;
using AptTask.Host.Engine;

namespace AptTask.Host;

/// <summary>The commands whose fence cannot be had on this machine.</summary>
internal static class Unfenced
{
    /// <summary>All of them.</summary>
    public static IEnumerable<RoutineDescriptor> In(IRoutineCatalogue catalogue) =>
        catalogue
            .Routines.Select(routine => routine.Descriptor)
            .Where(routine => routine is { Kind: RoutineKind.Command, Unavailable: not null });

    /// <summary>Says which they are where the configuration wants all commands or no daemon.</summary>
    /// <returns>Whether the daemon must not start.</returns>
    public static bool Forbid(SandboxOptions options, IRoutineCatalogue catalogue, TextWriter output)
    {
        var unfenced = options.RefuseStart ? In(catalogue).ToList() : [];
        foreach (var command in unfenced)
            output.WriteLine($"error: {command.Name} cannot run here: {command.Unavailable}");
        if (unfenced.Count > 0)
        {
            output.WriteLine(
                "error: sandbox.on_unavailable = \"refuse-start\" and not every command has its fence. Do what is said above, or take "
                    + "these commands out of the whitelist, or say \"refuse-command\" to start without them."
            );
        }

        return unfenced.Count > 0;
    }
}
