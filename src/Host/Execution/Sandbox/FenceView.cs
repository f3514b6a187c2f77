using System.Collections.Immutable;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>What can be seen from inside the fences restricted and isolated, besides the system itself. The others do not look at it.</summary>
internal sealed record FenceView
{
    /// <summary>Nothing.</summary>
    public static FenceView Nothing { get; } = new();

    /// <summary>What may be read.</summary>
    public ImmutableArray<Bind> ReadOnly { get; init; } = [];

    /// <summary>What may be written too.</summary>
    public ImmutableArray<Bind> ReadWrite { get; init; } = [];

    /// <summary>Folders that are empty inside, wherever something of them could be seen. They are there on the machine.</summary>
    public ImmutableArray<string> HiddenFolders { get; init; } = [];

    /// <summary>Files that cannot be read inside, wherever they could be seen. They are there on the machine.</summary>
    public ImmutableArray<string> HiddenFiles { get; init; } = [];

    /// <summary>A folder of its own on the machine, that may be written; see <see cref="Fence.ScratchInside"/>. Null for none.</summary>
    public string? Scratch { get; init; }

    /// <summary>Where it starts, inside.</summary>
    public string WorkingFolder { get; init; } = "/";

    /// <summary>The network of the machine is open to it; otherwise it has none.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>The most bytes in <c>/tmp</c>, which is its own and in memory.</summary>
    public long TemporarySize { get; init; } = 64L * 1024 * 1024;

    /// <summary>The most bytes in <c>/dev/shm</c>, likewise.</summary>
    public long SharedMemorySize { get; init; } = 16L * 1024 * 1024;
}
