using AptTask.Protocol;

namespace AptTask.Host.Requests;

/// <summary>The processes that run routines, here and on other machines, for administrators.</summary>
internal interface IWorkerRoster
{
    /// <summary>Each one as it is now.</summary>
    IReadOnlyList<WorkerView> List();

    /// <summary>Ends every process of this machine at once, with all that it has started.</summary>
    /// <returns>How many there were.</returns>
    int KillAll();

    /// <summary>Gives a worker on another machine nothing more, or work again.</summary>
    /// <returns>How many tasks it still runs; null when there is no such worker.</returns>
    Task<int?> DrainAsync(string worker, bool on);
}
