using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Code;

namespace AptTask.Host.Execution.Routines;

/// <summary>
/// One attempt in this process. Code that does not end when it is told to cannot be ended: after the force it is given up,
/// which is said in the worklog and counted at the plugin, and the attempt ends all the same.
/// </summary>
internal sealed class RoutineRun : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<AttemptEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ICodeHome _home;
    private readonly AttemptContext _attempt;
    private readonly RunLimits _limits;
    private readonly Pace _pace;
    private readonly RoutineCode.Lazily _context;
    private RoutineCode? _code;
    private CancellationTokenRegistration _force;

    /// <summary>Prepares it; the home was entered.</summary>
    public RoutineRun(ICodeHome home, RoutineCode code, AttemptContext attempt, RunLimits limits, Pace pace)
    {
        _home = home;
        _code = code;
        _attempt = attempt;
        _limits = limits;
        _pace = pace;
        _context = new RoutineCode.Lazily(attempt, code.Json, limits.MaxPosted);
    }

    /// <summary>Starts it off the caller's thread, since foreign code may hold a thread for as long as it likes.</summary>
    public Task<AttemptEnd> StartAsync()
    {
        if (_attempt.Force.CanBeCanceled)
            _force = _attempt.Force.UnsafeRegister(static run => ((RoutineRun)run!).GiveUp(), this);
        if (_pace.IsQuick)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else
            new Thread(Run) { IsBackground = true, Name = "routine" }.UnsafeStart();
        return _end.Task;
    }

    void IThreadPoolWorkItem.Execute() => Run();

    private void Run()
    {
        var code = _code!;
        _code = null;
        var begin = _pace.Begin();
        var run = Invoke(code);
        _pace.End(begin);
        if (run.IsCompletedSuccessfully)
            Finish(run.Result);
        else
            _ = FinishLaterAsync(run);
    }

    private ValueTask<AttemptEnd> Invoke(RoutineCode code)
    {
        try
        {
            return code.RunAsync(_attempt, _limits.MaxResult, _context);
        }
        // Foreign code may throw anything; it becomes the end of the attempt.
        catch (Exception thrown)
        {
            return new ValueTask<AttemptEnd>(Ends.FromException(thrown, _attempt));
        }
    }

    private async Task FinishLaterAsync(ValueTask<AttemptEnd> run)
    {
        AttemptEnd end;
        try
        {
            end = await run;
        }
        // See Invoke.
        catch (Exception thrown)
        {
            end = Ends.FromException(thrown, _attempt);
        }
        Finish(end);
    }

    private void Finish(AttemptEnd end)
    {
        _force.Unregister();
        _context.End();
        _home.Leave();
        if (!_end.TrySetResult(end))
            _home.Return();
    }

    private void GiveUp()
    {
        if (_end.Task.IsCompleted)
            return;
        _home.Abandon();
        var message =
            $"The code did not end when it was told to. It cannot be ended inside the daemon and was given up; it may still run in {_home.Title}.";
        AttemptRoutineContext.Log(_attempt, message);
        _context.End();
        if (!_end.TrySetResult(Ends.Stopped(message)))
            _home.Return();
    }
}
