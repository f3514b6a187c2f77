using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>
/// Starts every process of the daemon, from one thread that never ends. The thread matters: a parent-death signal is sent
/// when the <em>thread</em> that started the child ends, and pool threads do after some idle seconds. Also arranges what
/// holds for the process as a whole: orphans come to us, and a <see cref="Guard"/> ends what outlives us.
/// There is one for each process, because all of that is the process's.
/// </summary>
internal sealed class Spawner
{
    /// <summary>The variable that marks everything an attempt has started: <c>OWNER.NUMBER</c>.</summary>
    public const string MarkVariable = "APTASK_JOB";

    private static readonly Lazy<Spawner> Instance = new(() => new Spawner());

    private readonly BlockingCollection<Action> _starts = [];
    private readonly Guard _guard;
    private long _marks;

    private Spawner()
    {
        Owner = RandomNumberGenerator.GetHexString(16, lowercase: true);
        CanFindOrphans = OperatingSystem.IsLinux() && Native.BecomeSubreaper();
        Native.ForbidCoreFiles();
        Native.KeepFilesFromChildren();
        _guard = new Guard(Owner);
        new Thread(Work) { IsBackground = true, Name = "spawner" }.Start();
    }

    /// <summary>The one of this process.</summary>
    public static Spawner OfThisProcess => Instance.Value;

    /// <summary>A word that only this daemon uses.</summary>
    public string Owner { get; }

    /// <summary>The name of the daemon's folder for what runs: nobody can know it before and put something else in its place.</summary>
    public string Folder => $"aptask-{Environment.ProcessId}-{Owner}";

    /// <summary>Whether orphans of commands come to the daemon.</summary>
    public bool CanFindOrphans { get; }

    /// <summary>Processes that were started and have not been cleared away yet.</summary>
    public StrayRegister Strays { get; } = new();

    /// <summary>A new mark for what is about to be started.</summary>
    public string NewMark() => $"{Owner}.{Interlocked.Increment(ref _marks)}";

    /// <summary>Runs a start on the thread and hands its outcome back.</summary>
    public Task<T> StartAsync<T>(Func<T> start)
    {
        var outcome = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _starts.Add(() =>
        {
            try
            {
                _guard.Watch();
                Native.LetChildrenDieOfBrokenPipes();
                outcome.SetResult(start());
            }
            catch (Exception failure)
            {
                // It belongs to the one who asked; the thread has to go on.
                outcome.SetException(failure);
            }
        });
        return outcome.Task;
    }

    private void Work()
    {
        foreach (var start in _starts.GetConsumingEnumerable())
            start();
    }
}
