using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>
/// Keeps what was accepted. Used by the loop alone. A commit is taken whole or throws, and then the daemon stops: nothing
/// is acted upon that is not written.
/// </summary>
internal interface ITaskStore : IDisposable
{
    /// <summary>The owner's epoch: raised at each opening, so that an owner that was thought dead can be told from today's.</summary>
    long Epoch { get; }

    /// <summary>Reads all that was kept.</summary>
    StoreContent Load();

    /// <summary>Writes a batch in one transaction.</summary>
    /// <exception cref="StaleOwnerException">Another owner has taken a group over since.</exception>
    void Commit(StoreBatch batch);

    /// <summary>What a task returned; empty for nothing.</summary>
    ReadOnlyMemory<byte> ReadData(TaskId task);

    /// <summary>What a task posted, by name.</summary>
    IReadOnlyList<(string Name, byte[] Data)> ReadPosted(TaskId task);

    /// <summary>The stored worklog of a task; empty for nothing.</summary>
    ReadOnlyMemory<byte> ReadWorkLog(TaskId task);

    /// <summary>When a schedule last ran.</summary>
    DateTimeOffset? ReadScheduleRun(string schedule);

    /// <summary>The size of the store on disk, 0 for none.</summary>
    long SizeInBytes { get; }
}
