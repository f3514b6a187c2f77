using System.Collections.Immutable;
using System.Threading.Channels;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>
/// The one writer of all task state. Letters come through a bounded channel; the loop takes what is there as a batch, stamps
/// it with one time, applies it to the ledger, writes all changes in one transaction, and only then starts and stops
/// attempts, tells watchers and answers. It runs nothing itself and knows neither sockets nor JSON.
/// </summary>
internal sealed partial class TaskEngine : BackgroundService, IAttemptEvents
{
    private const int InboxLimit = 16_384;
    private const int BatchLimit = 4_096;

    // Shared: any thread may write letters, the loop alone reads them.
    private readonly Channel<Letter> _inbox = Channel.CreateBounded<Letter>(
        new BoundedChannelOptions(InboxLimit) { SingleReader = true }
    );

    // Shared: set once the loop has taken in what the store kept.
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Owned by the loop.
    private readonly ITaskStore _store;
    private readonly IAttemptRunner _runner;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly TaskLedger _ledger;
    private readonly List<Letter> _letters = [];
    private readonly ITimer _alarm;
    private DateTimeOffset? _alarmAt;
    private DateTimeOffset _now;

    public TaskEngine(
        ITaskStore store,
        IAttemptRunner runner,
        EngineOptions options,
        Func<double> draw,
        TimeProvider time,
        ILogger<TaskEngine> log
    )
    {
        _store = store;
        _runner = runner;
        _options = options;
        _time = time;
        _log = log;
        _now = time.GetUtcNow();
        var scheduler = new Scheduler(options.Scheduling, AttemptToken.BeforeFirstOf(store.Epoch));
        _ledger = new TaskLedger(scheduler, store, options.Ledger, draw, _now);
        _alarm = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes when the engine takes letters; fails when it could not begin.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Submits tasks, all or none; the inner task is answered once they are written.</summary>
    /// <param name="tasks">All of one group.</param>
    /// <param name="strict">Refuse jobs that nobody knows.</param>
    /// <param name="waits">Wait for room when the queue is full.</param>
    /// <param name="givenUp">Ends the waiting for room.</param>
    public async ValueTask<Task<SubmitOutcome>> SubmitAsync(
        ImmutableArray<NewTask> tasks,
        bool strict,
        bool waits,
        CancellationToken givenUp
    )
    {
        var letter = new SubmitLetter(tasks, strict, waits, givenUp);
        await SendAsync(letter);
        return waits && givenUp.CanBeCanceled ? AnswerUnlessGivenUpAsync(letter, givenUp) : letter.Answered;
    }

    /// <summary>Waits until tasks are final: all, or any one.</summary>
    /// <param name="tasks">Which.</param>
    /// <param name="any">One is enough.</param>
    /// <param name="timeout">Answers how things stand after this time; null to wait for ever.</param>
    /// <param name="givenUp">The asker has gone.</param>
    public async ValueTask<Task<ImmutableArray<TaskSnapshot>>> WaitAsync(
        ImmutableArray<TaskReference> tasks,
        bool any,
        TimeSpan? timeout,
        CancellationToken givenUp
    )
    {
        var letter = new WaitLetter(tasks, any);
        await SendAsync(letter);
        return AnswerInTimeAsync(letter, timeout, givenUp);
    }

    /// <summary>Has the loop do a piece of work; the inner task is answered once what it changed is written.</summary>
    public async ValueTask<Task<T>> AskAsync<T>(Func<TaskLedger, DateTimeOffset, T> work)
    {
        var letter = new LetterOf<T>(work);
        await SendAsync(letter);
        return letter.Answered;
    }

    /// <inheritdoc/>
    public ValueTask EndedAsync(TaskId task, AttemptToken token, AttemptEnd end, WorkLogTail log) =>
        TellAsync(new Notice((ledger, now) => ledger.End(task, token, Truthful(end), log, now)));

    /// <inheritdoc/>
    public void Reported(TaskId task, AttemptToken token, IReportSource source)
    {
        // Not awaited: a source tells once until its report was taken, so there is one such letter per running attempt.
        _ = TellAsync(new Notice((ledger, now) => ledger.Report(task, token, source, now))).AsTask();
    }

    /// <inheritdoc/>
    public ValueTask PostedAsync(TaskId task, AttemptToken token, string name, byte[] data) =>
        TellAsync(new Notice((ledger, now) => ledger.Post(task, token, name, data, now)));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host must go on starting while this loop works.
        await Task.Yield();
        try
        {
            Begin();
            while (await _inbox.Reader.WaitToReadAsync(stoppingToken))
                TakeBatch();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await StopAttemptsAsync();
        }
        catch (Exception e)
        {
            _ready.TrySetException(e);
            LogFailed(e);
            throw;
        }
        finally
        {
            // Whether the daemon stops or the store failed: nobody may be left waiting for an answer.
            _inbox.Writer.TryComplete();
            await _alarm.DisposeAsync();
            while (_inbox.Reader.TryRead(out var letter))
                letter.Drop();
            _letters.ForEach(letter => letter.Drop());
            _ledger.DropAll();
        }
    }

    private void Begin()
    {
        Stamp();
        var content = _store.Load();
        _ledger.Restore(content, _now);
        Finish();
        LogRestored(content.Tasks.Count);
        _ready.TrySetResult();
    }

    private void TakeBatch()
    {
        Stamp();
        while (_letters.Count < BatchLimit && _inbox.Reader.TryRead(out var letter))
        {
            // Listed first: whatever happens in taking it, it is answered or dropped.
            _letters.Add(letter);
            letter.Take(_ledger, _now);
        }

        _ledger.Counts.Letters += _letters.Count;
        Finish();
    }

    /// <summary>Writes, then acts, then tells, then answers: in this order and no other.</summary>
    private void Finish()
    {
        if (!_ledger.Batch.IsEmpty)
        {
            _store.Commit(_ledger.Batch);
            _ledger.Batch.Clear();
            _ledger.Counts.Commits++;
            _ledger.AfterCommit();
        }

        foreach (var start in _ledger.Starts)
            _runner.Start(start, this);
        _ledger.Starts.Clear();
        foreach (var (token, force) in _ledger.Stops)
            _runner.Stop(token, force);
        _ledger.Stops.Clear();

        foreach (var (group, happened) in _ledger.Events)
            group.Tell(happened);
        _ledger.Events.Clear();

        foreach (var letter in _ledger.LateAnswers)
            letter.Answer();
        _ledger.LateAnswers.Clear();
        foreach (var letter in _letters)
            letter.Answer();
        _letters.Clear();
        SetAlarm();
    }

    private void Stamp()
    {
        // The scheduler's time never goes back, whatever the machine's clock does.
        var now = _time.GetUtcNow();
        if (now > _now)
            _now = now;
    }

    private void SetAlarm()
    {
        var next = _ledger.NextWake;
        if (next == _alarmAt)
            return;
        _alarmAt = next;
        if (next is { } at)
        {
            // A timer rings at most this far ahead; ringing early costs one empty batch.
            var ahead = at - _time.GetUtcNow();
            var longest = TimeSpan.FromDays(40);
            _alarm.Change(
                ahead < TimeSpan.Zero ? TimeSpan.Zero
                    : ahead > longest ? longest
                    : RoundUp(ahead),
                Timeout.InfiniteTimeSpan
            );
        }
    }

    // Timers count whole milliseconds and cut the rest off: rounding down would ring before the time.
    private static TimeSpan RoundUp(TimeSpan ahead) => TimeSpan.FromMilliseconds(Math.Ceiling(ahead.TotalMilliseconds));

    private void Ring() =>
        // Not awaited: the channel keeps the letter until there is room, so no alarm is lost when the inbox is full.
        _ = TellAsync(
                new Notice(
                    (ledger, now) =>
                    {
                        _alarmAt = null;
                        ledger.Tick(now);
                    }
                )
            )
            .AsTask();

    private async Task<SubmitOutcome> AnswerUnlessGivenUpAsync(SubmitLetter letter, CancellationToken givenUp)
    {
        // Told rather than left in the line until there is room: those who come and go would fill it without end.
        await using var leaving = givenUp.Register(() => Leave(letter));
        return await letter.Answered;
    }

    private void Leave(SubmitLetter letter) =>
        // Not awaited: this runs where the sender was cut off, and its answer comes with the letter's.
        _ = TellAsync(new Notice((ledger, now) => ledger.Unpark(letter, now), letter)).AsTask();

    private async Task<ImmutableArray<TaskSnapshot>> AnswerInTimeAsync(
        WaitLetter letter,
        TimeSpan? timeout,
        CancellationToken givenUp
    )
    {
        if (timeout is null && !givenUp.CanBeCanceled)
            return await letter.Answered;
        using var late = new CancellationTokenSource(timeout ?? Timeout.InfiniteTimeSpan, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, givenUp);
        await Task.WhenAny(letter.Answered, Task.Delay(Timeout.InfiniteTimeSpan, _time, either.Token));
        if (!letter.Answered.IsCompleted)
        {
            await TellAsync(new Notice((_, _) => letter.GiveUp(), letter));
            givenUp.ThrowIfCancellationRequested();
        }

        return await letter.Answered;
    }

    private async ValueTask SendAsync(Letter letter)
    {
        try
        {
            if (!_inbox.Writer.TryWrite(letter))
                await _inbox.Writer.WriteAsync(letter);
        }
        catch (ChannelClosedException)
        {
            throw new EngineStoppedException();
        }
    }

    private async ValueTask TellAsync(Notice notice)
    {
        try
        {
            await SendAsync(notice);
        }
        catch (EngineStoppedException)
        {
            // The loop is gone and with it all that this would have changed; the next owner finds the attempt lost.
            LogUntold();
        }
    }

    /// <summary>A letter that nobody waits for, or the nudge of one that somebody does.</summary>
    private sealed class Notice(Action<TaskLedger, DateTimeOffset> work, Letter? answers = null) : Letter
    {
        public override void Take(TaskLedger ledger, DateTimeOffset now) => work(ledger, now);

        public override void Answer() => answers?.Answer();

        public override void Drop() => answers?.Drop();
    }
}
