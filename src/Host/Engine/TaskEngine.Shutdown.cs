using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <content>
/// The end of the daemon's life: nothing more starts, running attempts are asked to stop, then forced. Those that stop because
/// of it are lost, not stopped: nobody asked for their end.
/// </content>
internal sealed partial class TaskEngine
{
    // Owned by the loop, but read when ends come in from other threads; set before the first stop of a shutdown.
    private volatile bool _shuttingDown;

    private async Task StopAttemptsAsync()
    {
        _shuttingDown = true;
        Stamp();
        _ledger.Change(new Input.Drain(true), _now);
        _ledger.StopForShutdown(force: false);
        Finish();

        using var grace = new CancellationTokenSource(_options.ShutdownGrace, _time);
        await TakeUntilNoneRunsAsync(grace.Token);
        if (!_ledger.HasRunning)
            return;

        _ledger.StopForShutdown(force: true);
        Finish();
        using var patience = new CancellationTokenSource(_options.ShutdownGrace, _time);
        await TakeUntilNoneRunsAsync(patience.Token);
    }

    private async Task TakeUntilNoneRunsAsync(CancellationToken enough)
    {
        try
        {
            while (_ledger.HasRunning && await _inbox.Reader.WaitToReadAsync(enough))
                TakeBatch();
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            LogStillRunning();
        }
    }

    private AttemptEnd Truthful(AttemptEnd end) =>
        _shuttingDown && end.Outcome is AttemptOutcome.Stopped
            ? end with
            {
                Outcome = new AttemptOutcome.Failed(FailureReason.Lost),
                Message = "The daemon was shut down while this attempt was running.",
            }
            : end;
}
