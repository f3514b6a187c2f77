using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines;
using AptTask.Host.Execution.Sandbox;
using AptTask.Host.Execution.Workers.Frames;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Workers;

/// <summary>
/// One worker process of this machine, as the daemon sees it. One thread reads all that it says: the frames, and what its code
/// prints. It is given one attempt at a time and nothing ahead; whatever it does that it should not ends it and nothing else.
/// </summary>
internal sealed class WorkerProcess
{
    private const int TailLimit = 32 * 1024;
    private const int LargeFrame = 16 * 1024;

    /// <summary>How long the pipes may stay open when everything that could be found is gone.</summary>
    private static readonly TimeSpan PipePatience = TimeSpan.FromSeconds(2);

    private readonly WorkerPlan _plan;
    private readonly TimeProvider _time;
    private readonly FencedStart _start;
    private readonly Process _process;
    private readonly FrameWriter _frames;
    private readonly FrameCutter _cutter;
    private readonly StopSignals _signals;
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _tailGate = new();
    private readonly StringBuilder _tail = new();
    private WorkerCall? _call;
    private TaskCompletionSource<Frame>? _question;
    private long _calls;
    private string? _fault;
    private ITimer? _lastCall;
    private volatile bool _isSpent;

    private WorkerProcess(WorkerPlan plan, TimeProvider time, FencedStart start, Process process)
    {
        _plan = plan;
        _time = time;
        _start = start;
        _process = process;
        _frames = new FrameWriter(process.StandardInput.BaseStream);
        _cutter = new FrameCutter(plan.MaxFrame);
        _signals = new StopSignals(process.Id, TimeSpan.Zero, time, start);
        Pid = process.Id;
    }

    /// <summary>Its process.</summary>
    public int Pid { get; }

    /// <summary>How many attempts it was given.</summary>
    public long Calls => Volatile.Read(ref _calls);

    /// <summary>Its memory when it last said, in bytes.</summary>
    public long Memory { get; private set; }

    /// <summary>Whether it can be given another attempt.</summary>
    public bool IsUsable => !_isSpent && !_ended.Task.IsCompleted;

    /// <summary>The task that it works on; null when it is idle.</summary>
    public TaskId? Task => Volatile.Read(ref _call)?.Attempt.Task;

    /// <summary>Completes when nothing of it is left.</summary>
    public System.Threading.Tasks.Task Ended => _ended.Task;

    /// <summary>Starts one.</summary>
    /// <exception cref="WorkerFailedException">It could not be started.</exception>
    public static async Task<WorkerProcess> StartAsync(WorkerPlan plan, Spawner spawner, TimeProvider time)
    {
        var fence = FencedStart.Open(spawner, plan.Fence);
        var launch = fence.Plan(plan.Command.AsSpan());
        var start = new ProcessStartInfo(launch.Program, launch.Arguments)
        {
            WorkingDirectory = plan.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var (name, value) in plan.Environment)
            start.Environment[name] = value;
        start.Environment[Spawner.MarkVariable] = fence.Mark;
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var process = await spawner.StartAsync(() =>
            {
                var starting = new Process { StartInfo = start, EnableRaisingEvents = true };
                starting.Exited += (_, _) => exited.TrySetResult();
                starting.Start();
                spawner.Strays.Add(fence.Mark, starting.Id);
                return starting;
            });
            var worker = new WorkerProcess(plan, time, fence, process);
            new Thread(worker.Listen) { IsBackground = true, Name = "worker" }.UnsafeStart();
            _ = worker.BuryAsync(exited.Task);
            return worker;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            fence.Abandon();
            throw new WorkerFailedException($"its worker process could not be started: {failure.Message}");
        }
    }

    /// <summary>Asks something that is not an attempt.</summary>
    /// <exception cref="WorkerFailedException">It died or did not answer in time.</exception>
    public async Task<Frame> AskAsync(Frame question)
    {
        var answer = new TaskCompletionSource<Frame>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _question, answer);
        using var late = _time.CreateTimer(
            static worker => ((WorkerProcess)worker!).Fault("it was not ready in time (workers.start_timeout)"),
            this,
            _plan.Patience,
            Timeout.InfiniteTimeSpan
        );
        Send(question);
        await System.Threading.Tasks.Task.WhenAny(answer.Task, Ended);
        return answer.Task.IsCompleted ? await answer.Task : throw new WorkerFailedException(Obituary());
    }

    /// <summary>Runs one attempt. Nobody else runs one meanwhile.</summary>
    public async Task<AttemptEnd> RunAsync(CodeName code, AttemptContext attempt, RunLimits limits)
    {
        var call = new WorkerCall(Interlocked.Increment(ref _calls), attempt);
        lock (_tailGate)
            _tail.Clear();
        Volatile.Write(ref _call, call);
        // It may have died a moment ago, before there was a call to end.
        if (_ended.Task.IsCompleted)
            call.Die(FailureReason.WorkerDied, Obituary());
        using var stop = attempt.Stop.UnsafeRegister(static state => ((WorkerProcess)state!).Abort(), this);
        using var force = attempt.Force.UnsafeRegister(static state => ((WorkerProcess)state!).Kill(), this);
        // A small frame fits into the pipe of an idle worker; a large one needs a worker that reads.
        using var late =
            attempt.Arguments.Length < LargeFrame && attempt.Dependencies.Count == 0
                ? null
                : _time.CreateTimer(
                    static worker => ((WorkerProcess)worker!).Fault("it did not take in a frame in time"),
                    this,
                    _plan.Patience,
                    Timeout.InfiniteTimeSpan
                );
        Send(AttemptFrames.Run(call.Number, code, attempt, limits.MaxResult, limits.MaxPosted));
        late?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var end = await call.End;
        if (end.Usage?.PeakMemoryBytes is { } memory)
            Memory = memory;
        return end;
    }

    /// <summary>Lets it end by itself; it is idle.</summary>
    public void Release()
    {
        _isSpent = true;
        _process.StandardInput.Close();
        _lastCall = KillAfterGrace();
    }

    /// <summary>Ends it and all that it has started, at once.</summary>
    public void Kill()
    {
        _isSpent = true;
        _signals.Force();
    }

    private void Abort()
    {
        // What was told to stop may have left something running: the next attempt gets a fresh process.
        _isSpent = true;
        if (Volatile.Read(ref _call) is not { } call)
            return;
        var alarm = KillAfterGrace();
        _ = call.End.ContinueWith(
            static (_, alarm) => ((ITimer)alarm!).Dispose(),
            alarm,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        // Off the caller's thread: a worker that does not read could hold it until it is killed.
        ThreadPool.UnsafeQueueUserWorkItem(
            static work => work.Worker.Send(new Frame.Abort(work.Call, Force: false)),
            (Worker: this, Call: call.Number),
            preferLocal: false
        );
    }

    private ITimer KillAfterGrace() =>
        _time.CreateTimer(
            static worker => ((WorkerProcess)worker!).Kill(),
            this,
            _plan.Grace,
            Timeout.InfiniteTimeSpan
        );

    private void Send(Frame frame)
    {
        try
        {
            _frames.Write(frame);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // It is dead or dying; whoever waits for an answer is told when it is buried.
            Kill();
        }
    }

    private void Listen()
    {
        try
        {
            using var frames = ((AnonymousPipeClientStream)_process.StandardOutput.BaseStream).SafePipeHandle;
            using var prints = ((AnonymousPipeClientStream)_process.StandardError.BaseStream).SafePipeHandle;
            ListenTo(frames.DangerousGetHandle().ToInt32(), prints.DangerousGetHandle().ToInt32());
        }
        catch (JsonException wrong)
        {
            Fault($"it did not keep to the frames: {wrong.Message}");
        }
        catch (Exception broken)
        {
            // Whatever a worker sends ends the worker and nothing else: on a thread of its own this would end the daemon.
            Fault($"its frames could not be taken in ({broken.GetType().Name})");
        }
        finally
        {
            Kill();
            _heard.TrySetResult();
        }
    }

    private void ListenTo(int frames, int prints)
    {
        var text = new byte[16 * 1024];
        var open = prints;
        var isOpen = true;
        while (isOpen)
        {
            var (isFrame, isPrint) = Descriptors.WaitForEither(frames, open);
            if (isPrint && !TakePrint(open, text))
                open = -1;
            if (!isFrame)
                continue;
            var count = Descriptors.Read(frames, _cutter.Room().Span);
            isOpen = count > 0;
            _cutter.Advance(count);
            while (_cutter.TryCut() is { } frame)
            {
                // What was printed before the end belongs before it.
                while (frame is Frame.End && open >= 0 && Descriptors.Available(open) > 0 && TakePrint(open, text)) { }
                Take(frame);
            }
        }
        while (open >= 0 && TakePrint(open, text)) { }
    }

    private bool TakePrint(int prints, byte[] text)
    {
        var count = Descriptors.Read(prints, text);
        if (count == 0)
            return false;
        Volatile.Read(ref _call)?.Attempt.Log(LogStream.Out, text.AsSpan(0, count));
        lock (_tailGate)
        {
            _tail.Append(Encoding.UTF8.GetString(text, 0, count));
            if (_tail.Length > TailLimit)
                _tail.Remove(0, _tail.Length - TailLimit);
        }
        return true;
    }

    private void Take(Frame frame)
    {
        switch (frame)
        {
            case Frame.Described or Frame.Included:
                if (Interlocked.Exchange(ref _question, null) is not { } question)
                    throw new JsonException("it answered what it was not asked.");
                question.TrySetResult(frame);
                break;
            case Frame.About about:
                // Let go of before its end is told: whoever hears of the end may hand in the next one at once.
                var call = frame is Frame.End ? Interlocked.Exchange(ref _call, null) : Volatile.Read(ref _call);
                if (call?.Number != about.Call || !call.Take(about))
                {
                    Interlocked.CompareExchange(ref _call, call, null);
                    throw new JsonException(
                        "it spoke of an attempt that it was not given, or left out what there is to say."
                    );
                }
                break;
            default:
                throw new JsonException($"a daemon is not told {frame.GetType().Name}.");
        }
    }

    private void Fault(string why)
    {
        Interlocked.CompareExchange(ref _fault, why, null);
        Kill();
    }

    // When it has exited, whatever it left is ended too; only then is its attempt over.
    private async System.Threading.Tasks.Task BuryAsync(System.Threading.Tasks.Task exited)
    {
        await exited;
        _isSpent = true;
        _signals.Close();
        await _start.EndAsync(Pid);
        await System.Threading.Tasks.Task.WhenAny(
            _heard.Task,
            System.Threading.Tasks.Task.Delay(PipePatience, TimeProvider.System)
        );
        _lastCall?.Dispose();
        _ended.TrySetResult();
        Interlocked
            .Exchange(ref _call, null)
            ?.Die(RanOutOfMemory() ? FailureReason.Memory : FailureReason.WorkerDied, Obituary());
        try
        {
            Directory.Delete(_plan.Folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only space is lost; the folder of all workers is cleared when the daemon starts.
        }
    }

    private bool RanOutOfMemory()
    {
        lock (_tailGate)
            return _tail.ToString().Contains("Out of memory", StringComparison.OrdinalIgnoreCase);
    }

    private string Obituary()
    {
        string tail;
        lock (_tailGate)
            tail = _tail.ToString();
        var how = _fault ?? (_process.HasExited ? HowItExited(_process.ExitCode) : "it was killed");
        return LastWords(tail) is { } words
            ? $"its worker process ended: {how}; its last words were: {Printable.Of(words)}"
            : $"its worker process ended: {how}";
    }

    /// <summary>The line in which the runtime says why it ends; without one the last line that was printed.</summary>
    private static string? LastWords(string tail)
    {
        string[] openings =
        [
            "Stack overflow",
            "Process terminated",
            "Unhandled exception",
            "Out of memory",
            "Fatal error",
        ];
        var lines = tail.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var opening = Array.FindLastIndex(
            lines,
            line => Array.Exists(openings, start => line.StartsWith(start, StringComparison.Ordinal))
        );
        if (opening < 0)
            return lines.LastOrDefault();
        // What was asked to be said stands in the line below.
        return lines[opening] == "Process terminated." && opening + 1 < lines.Length
            ? $"{lines[opening]} {lines[opening + 1]}"
            : lines[opening];
    }

    private static string HowItExited(int code) =>
        code switch
        {
            > 128 and < 193 => $"signal {code - 128}",
            _ => $"exit code {code}",
        };
}
