using AptTask.Host.Tests.Routines;

namespace AptTask.Host.Tests.Workers;

/// <summary>A drop folder with plugins that nobody trusts. At the end nothing of their processes is left.</summary>
public sealed class WorkerFolder : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>With all fixtures that workers are tried with.</summary>
    public WorkerFolder()
        : this("Ruinous", "Sampler", "Hostile") { }

    internal WorkerFolder(params string[] plugins)
    {
        Folder = new DropFolder(plugins)
        {
            WorkerRules = rules => rules with { Count = 1, MaxDeaths = 1000, Grace = TimeSpan.FromSeconds(1) },
        };
        foreach (var plugin in plugins)
            Folder.Distrust(plugin);
    }

    internal DropFolder Folder { get; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Assert.Empty((await Folder.LoadAsync()).Problems);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        var workers = Folder.Workers.Workers;
        Folder.Dispose();
        await Task.WhenAll(workers.Select(worker => worker.Worker.Ended)).WaitAsync(Patience);
        Assert.All(workers, worker => Assert.False(Directory.Exists($"/proc/{worker.Worker.Pid}")));
    }
}
