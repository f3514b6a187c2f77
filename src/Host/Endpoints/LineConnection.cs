using System.Buffers;
using System.IO.Pipelines;
using AptTask.Host.Requests;
using AptTask.Protocol;

namespace AptTask.Host.Endpoints;

/// <summary>
/// One connection that speaks lines: cuts them, hands them to the router, writes what the session has to say. The same for TCP and
/// Unix socket. Knows nothing of what the lines mean.
/// </summary>
internal sealed partial class LineConnection(
    RequestRouter router,
    LegacyConversation legacy,
    Access access,
    LineLimits limits,
    TimeProvider time,
    ILogger<LineConnection> log
)
{
    // How long a client of the old protocol is silent after its one message. A client of today ends its lines.
    private static readonly TimeSpan LegacySilence = TimeSpan.FromMilliseconds(50);

    /// <summary>Serves a session until its client has gone and everything it asked is answered.</summary>
    /// <param name="session">Who it is.</param>
    /// <param name="input">Its lines.</param>
    /// <param name="output">What it is told.</param>
    /// <param name="stopping">The daemon stops.</param>
    public async Task ServeAsync(Session session, PipeReader input, PipeWriter output, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(session.Closed, stopping);
        // Whatever a request waits for, a place or the delay of a wrong key, the daemon does not wait for it when it stops.
        using var aborting = stopping.Register(session.Abort);
        var writing = WriteAsync(session, output);
        try
        {
            var firstLine = new Deadline(limits.FirstLine, time);
            if (await AnswerLegacyAsync(session, input, output, firstLine, ends.Token))
                return;
            await ReadAsync(session, input, firstLine, ends.Token);
            // A half-closed client still wants its answers.
            await session.Outbox.DrainAsync(ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The client does not read, or the daemon stops: what is written already is flushed below, no more.
            LogCut(session.Peer);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or TimeoutException)
        {
            LogBroken(session.Peer, e.Message);
        }
        finally
        {
            await session.CloseAsync();
            await writing;
        }
    }

    /// <summary>Says that there are too many strangers, and no more.</summary>
    public async Task TurnAwayAsync(string peer, PipeWriter output)
    {
        LogTurnedAway(peer);
        AnswerWriter.WriteError(
            output,
            default,
            null,
            new WireError(
                ErrorCodes.Busy,
                "Too many connections have not shown a key yet; the connection is closed. Try again in a few seconds."
            )
        );
        try
        {
            await FlushAsync(output);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or TimeoutException)
        {
            // It has gone without waiting for the answer, which was all that there was to say.
            LogBroken(peer, e.Message);
        }
    }

    /// <summary>
    /// Only a first message that is a whole object without a line feed, followed by the client's end or by silence, is of the old
    /// protocol: no client of today sends that.
    /// </summary>
    private async Task<bool> AnswerLegacyAsync(
        Session session,
        PipeReader input,
        PipeWriter output,
        Deadline deadline,
        CancellationToken ends
    )
    {
        if (await ReadInTimeAsync(session, input, deadline, ends) is not { } first)
            return true;
        var buffer = first.Buffer;
        if (
            buffer.Length > limits.LineBeforeKey
            || buffer.PositionOf((byte)'\n') is not null
            || !LegacyRequest.IsWhole(buffer.ToArray())
        )
        {
            input.AdvanceTo(buffer.Start);
            return false;
        }

        var message = buffer.ToArray();
        input.AdvanceTo(buffer.Start, buffer.End);
        if (!first.IsCompleted && await SaysMoreAsync(input, message.Length, ends))
            return false;
        await legacy.AnswerAsync(session, message, output);
        await FlushAsync(output);
        return true;
    }

    private async Task<bool> SaysMoreAsync(PipeReader input, int length, CancellationToken ends)
    {
        using var silence = new CancellationTokenSource(LegacySilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, ends);
        try
        {
            // Completed without more: the client has ended its half, as the old one does.
            var read = await input.ReadAsync(either.Token);
            var more = !read.IsCompleted || read.Buffer.Length > length;
            input.AdvanceTo(read.Buffer.Start);
            return more;
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !ends.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task ReadAsync(Session session, PipeReader input, Deadline deadline, CancellationToken ends)
    {
        var cutter = new LineCutter(LimitFor(session));
        while (true)
        {
            // A stranger has a while for each whole line, however it drips in; someone known is only not to fall silent.
            if (session.IsIntroduced)
                deadline = new Deadline(limits.Idle, time);
            if (await ReadInTimeAsync(session, input, deadline, ends) is not { } read)
                return;
            var buffer = read.Buffer;
            Cut cut;
            while ((cut = cutter.TryCut(ref buffer, out var line)) == Cut.Line)
            {
                await router.TakeAsync(session, RequestReader.Read(line));
                cutter.Limit = LimitFor(session);
                deadline = new Deadline(limits.FirstLine, time);
            }

            if (cut == Cut.TooLong)
            {
                Refuse(session, cutter.Limit);
                return;
            }

            if (read.IsCompleted)
            {
                // The last line may lack its end.
                if (cutter.TryCutRest(ref buffer, out var rest))
                    await router.TakeAsync(session, RequestReader.Read(rest));
                return;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private async ValueTask<ReadResult?> ReadInTimeAsync(
        Session session,
        PipeReader input,
        Deadline deadline,
        CancellationToken ends
    )
    {
        while (true)
        {
            // What is there already is read, unless it comes too late.
            if (deadline.Left > TimeSpan.Zero && input.TryRead(out var there))
                return there;
            using var late = new CancellationTokenSource(deadline.Left, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ends);
            try
            {
                return await input.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested && !ends.IsCancellationRequested)
            {
                // Silence is no fault while it waits for an answer or for events.
                if (!session.Outbox.HasOpenRequests && !session.IsWatching)
                    return null;
                deadline = new Deadline(limits.Idle, time);
            }
        }
    }

    private async Task WriteAsync(Session session, PipeWriter output)
    {
        try
        {
            await session.Outbox.WriteAllAsync(output, () => FlushAsync(output));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or TimeoutException)
        {
            LogBroken(session.Peer, e.Message);
            session.Abort();
        }
    }

    private async ValueTask FlushAsync(PipeWriter output)
    {
        var flushing = output.FlushAsync();
        if (flushing.IsCompletedSuccessfully)
            return;
        // A client that does not read must not hold what is meant for it in memory for ever.
        await flushing.AsTask().WaitAsync(limits.Write, time);
    }

    private int LimitFor(Session session) => session.IsKnown || !access.NeedsKey ? limits.Line : limits.LineBeforeKey;

    private static void Refuse(Session session, int longest) =>
        // The rest of the line would be taken for a request, so nothing more is read from this client.
        session.Outbox.Refuse(
            new WireError(
                ErrorCodes.LineTooLong,
                $"A line has at most {longest} bytes{(longest < WireLimits.LineBytes ? " before a valid key was shown" : "")}; the connection is closed."
            ).With("limit", longest)
        );

    /// <summary>When patience ends.</summary>
    private readonly struct Deadline(TimeSpan patience, TimeProvider time)
    {
        private readonly long _start = time.GetTimestamp();

        /// <summary>How long it still is; never less than nothing.</summary>
        public TimeSpan Left =>
            time.GetElapsedTime(_start) is var gone && gone < patience ? patience - gone : TimeSpan.Zero;
    }

    [LoggerMessage(4001, LogLevel.Debug, "{Peer}: the connection was cut.")]
    private partial void LogCut(string peer);

    [LoggerMessage(4002, LogLevel.Debug, "{Peer}: the connection broke: {Why}")]
    private partial void LogBroken(string peer, string why);

    [LoggerMessage(4003, LogLevel.Information, "{Peer}: turned away, too many connections have not shown a key.")]
    private partial void LogTurnedAway(string peer);
}
