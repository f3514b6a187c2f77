using System.Collections.Immutable;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Routines;
using AptTask.Host.Execution.Routines.Loading;
using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Execution.Workers;

/// <summary>All worker processes of this machine: a pool for each version of a plugin behind each fence.</summary>
internal sealed class WorkerPools(TimeProvider time) : IWorkers, IDisposable
{
    /// <summary>Processes and threads of one worker behind a fence that counts them for itself.</summary>
    private const int MaxThreads = 256;

    /// <summary>Assemblies are files that stay open.</summary>
    private const int MaxFiles = 1024;

    /// <summary>What a frame holds beside the data of a result.</summary>
    public const int FrameMargin = 256 * 1024;

    private readonly string _root = Path.Combine(Path.GetTempPath(), Spawner.OfThisProcess.Folder, "workers");
    private readonly Lock _gate = new();
    private readonly List<WorkerPool> _pools = [];
    private readonly Dictionary<SandboxProfile, WorkerPool> _framework = [];
    private static long _folders;

    /// <summary>Every process that there is.</summary>
    public ImmutableArray<(WorkerPool Pool, WorkerProcess Worker)> Workers
    {
        get
        {
            lock (_gate)
            {
                _pools.RemoveAll(pool => pool.IsUnloaded);
                return [.. _pools.SelectMany(pool => pool.Workers.Select(worker => (pool, worker)))];
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IPluginCode> OpenAsync(PluginFiles files, SandboxProfile fence, DaemonOptions options)
    {
        var pool = Add(files, fence, options);
        await pool.OpenAsync();
        return pool;
    }

    /// <inheritdoc/>
    public ICodeRunner ForFramework(SandboxProfile fence, DaemonOptions options)
    {
        lock (_gate)
        {
            if (_framework.TryGetValue(fence, out var known) && known.Suits(options))
                return known;
            known?.Retire();
            return _framework[fence] = Add(null, fence, options);
        }
    }

    /// <summary>Ends every worker at once, with all that it runs.</summary>
    /// <returns>How many there were.</returns>
    public int KillAll()
    {
        var all = Workers;
        foreach (var (_, worker) in all)
            worker.Kill();
        return all.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => KillAll();

    private WorkerPool Add(PluginFiles? files, SandboxProfile fence, DaemonOptions options)
    {
        var pool = new WorkerPool(files, () => StartAsync(files, fence, options), options, time);
        lock (_gate)
            _pools.Add(pool);
        return pool;
    }

    private async Task<WorkerProcess> StartAsync(PluginFiles? files, SandboxProfile profile, DaemonOptions options)
    {
        var folder = Path.Combine(_root, $"{Interlocked.Increment(ref _folders)}");
        var fence = FenceOf(files, folder, profile, options);
        if (FenceCheck.Refuse(fence, Environment.IsPrivilegedProcess) is { } refused)
            throw new WorkerFailedException(
                $"its worker process needs the fence \"{profile.ToString().ToLowerInvariant()}\", and {refused}"
            );
        Directory.CreateDirectory(folder);
        if (fence.User is { } user && !Native.Give(folder, user))
            throw new WorkerFailedException($"its folder {folder} could not be given to the user {user.Name}");
        var plan = new WorkerPlan
        {
            Fence = fence,
            Command = WorkerProgram.Command,
            Environment = WorkerProgram.Environment(fence.View.WorkingFolder, options.Workers.Memory),
            Folder = folder,
            MaxFrame = Math.Max(options.Results.MaxResult, options.Results.MaxPosted) + FrameMargin,
            Grace = options.Workers.Grace,
            Patience = options.Workers.StartTimeout,
        };
        return await WorkerProcess.StartAsync(plan, Spawner.OfThisProcess, time);
    }

    private static FenceRequest FenceOf(
        PluginFiles? files,
        string folder,
        SandboxProfile profile,
        DaemonOptions options
    )
    {
        var limits = new CommandLimits
        {
            Memory = options.Workers.Memory,
            Files = MaxFiles,
            Processes = profile == SandboxProfile.Isolated ? MaxThreads : null,
        };
        var user = Environment.IsPrivilegedProcess ? UserTable.Find(options.Sandbox.User) : null;
        var hidden = DaemonPlaces.Of(options);
        var fence = new FenceRequest(profile, limits, user, options.Sandbox)
        {
            View = new FenceView
            {
                ReadOnly =
                [
                    Bind.Same(WorkerProgram.Runtime),
                    Bind.Same(WorkerProgram.Folder),
                    .. files is null ? [] : new[] { Bind.Same(files.Folder) },
                ],
                HiddenFolders = hidden.Folders,
                HiddenFiles = hidden.Files,
                Scratch = folder,
                WorkingFolder = Fence.ScratchInside(profile) ?? folder,
            },
        };
        return options.Sandbox.UseTools ? fence : fence with { Launcher = Launchers.Find(fence) };
    }
}
