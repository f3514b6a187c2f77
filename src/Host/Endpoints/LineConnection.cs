using System.Buffers;
using System.IO.Pipelines;
using AptTask.Host.Requests;
using AptTask.Protocol;

namespace AptTask.Host.Endpoints;

/// <summary>
/// One connection that speaks lines: cuts them, hands them to the router, writes what the session has to say. The same for TCP,
/// Unix socket and standard input. Knows nothing of what the lines mean.
/// </summary>
internal sealed partial class LineConnection(
    RequestRouter router,
    Access access,
    LineLimits limits,
    TimeProvider time,
    ILogger<LineConnection> log
)
{
    /// <summary>Serves a session until its client has gone and everything it asked is answered.</summary>
    /// <param name="session">Who it is.</param>
    /// <param name="input">Its lines.</param>
    /// <param name="output">What it is told.</param>
    /// <param name="stopping">The daemon stops.</param>
    public async Task ServeAsync(Session session, PipeReader input, PipeWriter output, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(session.Closed, stopping);
        var writing = WriteAsync(session, output);
        try
        {
            await ReadAsync(session, input, ends.Token);
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

    private async Task ReadAsync(Session session, PipeReader input, CancellationToken ends)
    {
        var patience = limits.FirstLine;
        while (true)
        {
            var read = await ReadInTimeAsync(session, input, patience, ends);
            if (read is not { } result)
                return;
            var buffer = result.Buffer;
            while (TryCut(ref buffer, out var line))
            {
                patience = limits.Idle;
                var longest = LimitFor(session);
                if (line.Length > longest)
                {
                    Refuse(session, longest);
                    return;
                }

                if (!IsBlank(line))
                    await router.TakeAsync(session, RequestReader.Read(line));
            }

            if (buffer.Length > LimitFor(session))
            {
                Refuse(session, LimitFor(session));
                return;
            }

            if (result.IsCompleted)
            {
                // The last line may lack its end.
                if (!IsBlank(buffer))
                    await router.TakeAsync(session, RequestReader.Read(buffer));
                return;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private async ValueTask<ReadResult?> ReadInTimeAsync(
        Session session,
        PipeReader input,
        TimeSpan patience,
        CancellationToken ends
    )
    {
        if (input.TryRead(out var there))
            return there;
        while (true)
        {
            using var late = new CancellationTokenSource(patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ends);
            try
            {
                return await input.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested && !ends.IsCancellationRequested)
            {
                // Silence is no fault while it waits for an answer.
                if (!session.Outbox.HasOpenRequests)
                    return null;
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

    private static bool TryCut(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }

        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private static bool IsBlank(in ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
        {
            if (segment.Span.ContainsAnyExcept(" \t\r"u8))
                return false;
        }

        return true;
    }

    [LoggerMessage(4001, LogLevel.Debug, "{Peer}: the connection was cut.")]
    private partial void LogCut(string peer);

    [LoggerMessage(4002, LogLevel.Debug, "{Peer}: the connection broke: {Why}")]
    private partial void LogBroken(string peer, string why);
}
