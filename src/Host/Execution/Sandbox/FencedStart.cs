namespace AptTask.Host.Execution.Sandbox;

/// <summary>
/// One start of a process in a fence, from before it until nothing of it is left. Whoever starts one opens this, starts
/// <see cref="Plan"/> on the spawner's thread with <see cref="Mark"/> in its environment, adds it to the strays, and in the end
/// awaits <see cref="EndAsync"/>; <see cref="StopSignals"/> stops it.
/// </summary>
internal sealed class FencedStart
{
    private readonly Spawner _spawner;
    private readonly FenceRequest _request;
    private readonly AttemptGroup? _group;

    private FencedStart(Spawner spawner, FenceRequest request, AttemptGroup? group)
    {
        _spawner = spawner;
        _request = request;
        _group = group;
        Mark = spawner.NewMark();
    }

    /// <summary>The value of <see cref="Spawner.MarkVariable"/>.</summary>
    public string Mark { get; }

    /// <summary>Whether what runs has numbers of its own, and its first process outside is not the command.</summary>
    public bool HasNamespaces => _request.HasNamespaces;

    /// <summary>Makes what one start needs.</summary>
    /// <exception cref="IOException">The daemon's files or groups could not be made.</exception>
    public static FencedStart Open(Spawner spawner, FenceRequest request)
    {
        // The tool that builds namespaces, and the first process in them.
        const int builders = 2;
        var group = request.Tools.UseCgroups
            ? ControlGroups.OfThisProcess.Open(request.Limits, request.HasNamespaces ? builders : 0)
            : null;
        var start = request.HasNamespaces ? FenceFiles.OfThisProcess.Prepare(request) : request.Start;
        request = request with { Start = start with { Joins = group?.Joins ?? [] } };
        if (request.Launcher is not null)
            request = request with { Launcher = Launchers.Find(request) };
        return new FencedStart(spawner, request, group);
    }

    /// <summary>What is started; see <see cref="Fence.Plan"/>.</summary>
    public LaunchPlan Plan(ReadOnlySpan<string> command) => Fence.Plan(_request, command);

    /// <summary>
    /// The first process inside, outside of which nothing of the command is. Null before the command is there, and when it has ended.
    /// </summary>
    /// <param name="root">The process that was started.</param>
    public int? Inside(int root)
    {
        if (Status() is not { Inside: { } inside, ExitCode: null } || ProcessTable.Find(inside) is not { } row)
            return null;
        // While it has no child it builds the fence, and would not hear a polite signal.
        return row.Parent == root && ProcessTable.HasChildren(inside) ? inside : null;
    }

    /// <summary>What the start has said until now.</summary>
    public FenceStatus Status() => _request.Start.Status is { } file ? FenceStatus.Read(file) : FenceStatus.Nothing;

    /// <summary>Ends all that is left when the process has ended, and comes back when it is gone.</summary>
    /// <param name="root">The process that was started.</param>
    public async Task<FenceEnd> EndAsync(int root)
    {
        var status = Status();
        var usage = await _spawner.Strays.ClearAsync(Mark, root, status.Inside, _group);
        if (_group is not null)
            usage = _group.Usage().Or(usage);
        Abandon();
        return new FenceEnd(status, usage);
    }

    /// <summary>Gives up a start that has not happened.</summary>
    public void Abandon()
    {
        FenceFiles.Drop(_request.Start);
        _group?.Remove();
    }
}
