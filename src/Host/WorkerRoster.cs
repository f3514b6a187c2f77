using AptTask.Host.Execution.Workers;
using AptTask.Host.Execution.Workers.Remote;
using AptTask.Host.Requests;
using AptTask.Protocol;

namespace AptTask.Host;

/// <summary>Shows the worker processes of this machine and the workers on other machines as one list.</summary>
internal sealed class WorkerRoster(WorkerPools pools, RemoteWorkers remote, TimeProvider time) : IWorkerRoster
{
    /// <inheritdoc/>
    public IReadOnlyList<WorkerView> List() =>
        [.. pools.Workers.Select(one => Local(one.Pool, one.Worker)), .. remote.Workers.Select(Remote)];

    /// <inheritdoc/>
    public int KillAll() => pools.KillAll();

    /// <inheritdoc/>
    public async Task<int?> DrainAsync(string worker, bool on)
    {
        if (remote.Workers.FirstOrDefault(one => one.Name == worker) is not { } found)
            return null;
        found.IsDraining = on;
        await remote.Changed();
        return found.Tasks.Length;
    }

    private static WorkerView Local(WorkerPool pool, WorkerProcess worker) =>
        new()
        {
            Name = pool.Title,
            Kind = "local",
            State =
                !worker.IsUsable ? "ending"
                : worker.Task is null ? "idle"
                : "busy",
            Pid = worker.Pid,
            TaskIds = worker.Task is { } task ? [task.Value] : [],
            Finished = worker.Calls - (worker.Task is null ? 0 : 1),
            MemoryBytes = worker.Memory == 0 ? null : worker.Memory,
        };

    private WorkerView Remote(RemoteWorker worker)
    {
        var tasks = worker.Tasks;
        return new WorkerView
        {
            Name = worker.Name,
            Kind = "remote",
            State =
                worker.IsDraining ? "draining"
                : tasks.IsEmpty ? "idle"
                : "busy",
            Version = worker.Program,
            Address = worker.Address,
            Lanes = worker.Lanes,
            Routines = worker.Routines.Count,
            TaskIds = [.. tasks.Select(task => task.Value)],
            Finished = worker.Finished,
            Since = worker.Since,
            Seen = worker.Seen,
            LinkAgeSeconds = Math.Round((time.GetUtcNow() - worker.Since).TotalSeconds, 3),
        };
    }
}
