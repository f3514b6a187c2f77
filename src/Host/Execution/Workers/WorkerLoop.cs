using System.Collections.Concurrent;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Routines.Loading;
using AptTask.Host.Execution.Routines.Results;
using AptTask.Host.Execution.Workers.Frames;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Workers;

/// <summary>
/// The inside of a worker process: loads one plugin and runs what the daemon asks for, one attempt at a time. It ends when its input
/// does, and with it all that it runs.
/// </summary>
internal sealed class WorkerLoop(Stream input, Stream output, string scratchRoot, TimeProvider time)
{
    /// <summary>The most bytes of a frame to a worker. The daemon is trusted; this only keeps an error from taking all memory.</summary>
    private const int FrameLimit = 1024 * 1024 * 1024;

    private static readonly TimeSpan MemoryPause = TimeSpan.FromMilliseconds(250);

    private readonly FrameWriter _frames = new(output);
    private readonly ConcurrentDictionary<long, WorkerAttempt> _running = new();
    private readonly Dictionary<CodeName, FrameworkHome> _framework = [];
    private LoadedPlugin? _plugin;
    private long _memory;
    private long _memorySeen;

    /// <summary>Works until the daemon has nothing more to say.</summary>
    public void Run()
    {
        var cutter = new FrameCutter(FrameLimit);
        while (true)
        {
            while (cutter.TryCut() is { } frame)
                Take(frame);
            var count = input.Read(cutter.Room().Span);
            if (count == 0)
                return;
            cutter.Advance(count);
        }
    }

    private void Take(Frame frame)
    {
        switch (frame)
        {
            case Frame.Describe describe:
                _frames.Write(Describe(describe));
                break;
            case Frame.Include include:
                _frames.Write(Include(include.Code));
                break;
            case Frame.Run run:
                Start(run);
                break;
            case Frame.Abort abort:
                if (_running.TryGetValue(abort.Call, out var attempt))
                    attempt.Cancel(abort.Force);
                break;
            default:
                throw new JsonException($"A worker is not told {frame.GetType().Name}.");
        }
    }

    private Frame.Described Describe(Frame.Describe describe)
    {
        if (describe.Plugin is not { } name)
            return new Frame.Described();
        try
        {
            var files = new PluginFiles(name, describe.Hash!, "", describe.Folder!);
            _plugin = LoadedPlugin.Take(files, new McMasterLoader().Load(files.MainAssembly), time);
            return new Frame.Described
            {
                Version = _plugin.Version,
                Routines = _plugin.Routines,
                Problems = _plugin.Problems,
                Methods = _plugin.Methods,
            };
        }
        // A file that somebody built or damaged on purpose may fail in any way; the daemon says so and goes on.
        catch (Exception broken)
        {
            return new Frame.Described { Failure = broken.Message };
        }
    }

    private Frame.Included Include(CodeName code)
    {
        try
        {
            return new Frame.Included(_plugin!.Include(code), null);
        }
        catch (UnusableCodeException unusable)
        {
            return new Frame.Included(null, unusable.Message);
        }
    }

    private void Start(Frame.Run run)
    {
        var attempt = WorkerAttempt.Of(run, _frames, scratchRoot);
        _running[run.Call] = attempt;
        var cpu = Environment.CpuUsage.TotalTime;
        var limits = new RunLimits(int.MaxValue, run.MaxResult, run.MaxPosted);
        Task<AttemptEnd>? ending;
        try
        {
            if (!RunnerOf(run.Code).TryRun(run.Code, attempt, limits, out ending))
                throw new UnusableCodeException("is in a plugin that was retired");
        }
        catch (UnusableCodeException unusable)
        {
            ending = Task.FromResult(
                Ends.Failed(FailureReason.Revoked, $"{run.Code.Name} {unusable.Message}.", retryable: false)
            );
        }
        _ = FinishAsync(run.Call, attempt, ending, cpu);
    }

    private ICodeRunner RunnerOf(CodeName code)
    {
        if (code.Assembly is not { } assembly)
        {
            if (code.Type is not null)
                _plugin!.Include(code);
            return _plugin!;
        }
        if (!_framework.TryGetValue(code, out var home))
        {
            var found = MethodFinder.Find(
                MethodFinder.FrameworkAssembly(assembly),
                code.Type!,
                code.Name,
                new PlainJson()
            );
            home = _framework[code] = new FrameworkHome(found, time);
        }
        return home;
    }

    private async Task FinishAsync(long call, WorkerAttempt attempt, Task<AttemptEnd> ending, TimeSpan cpuBefore)
    {
        try
        {
            var end = await ending;
            _running.TryRemove(call, out _);
            attempt.Finish();
            Clear(attempt);
            var used = (Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds;
            _frames.Write(
                AttemptFrames.End(call, end with { Usage = new AttemptUsage(Math.Round(used, 6), Memory(), null) })
            );
        }
        catch (IOException)
        {
            // The daemon is gone, and this process ends with its input.
        }
    }

    private static void Clear(WorkerAttempt attempt)
    {
        try
        {
            attempt.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder of the whole worker is removed with the worker.
        }
    }

    // Looking costs as much as a small task, so not after every one.
    private long Memory()
    {
        var now = time.GetTimestamp();
        if (_memory == 0 || time.GetElapsedTime(_memorySeen, now) > MemoryPause)
        {
            _memory = Environment.WorkingSet;
            _memorySeen = now;
        }
        return _memory;
    }
}
