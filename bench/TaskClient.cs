using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace AptTask.Bench;

/// <summary>
/// One client that does for each task what an owner does: submits it, waits for its end, reads its result, acknowledges it.
/// Everything is pipelined; at most <paramref name="window"/> tasks are on their way at once.
/// </summary>
internal sealed class TaskClient(LineConnection connection, int window, int batch)
{
    // What a request was, in the low bits of its id; the rest of the id is the number of its batch.
    private const int Kinds = 8;

    private enum Kind
    {
        Submit,
        Start,
        Wait,
        Result,
        Ack,
    }

    private static ReadOnlySpan<byte> NoopOrder => "{\"name\":\"demo.noop\"}"u8;

    private readonly Dictionary<long, Batch> _batches = [];
    private long _nextBatch;
    private int _toSubmit;
    private int _underWay;
    private int _finished;
    private int _total;

    /// <summary>Runs tasks and says how long it took.</summary>
    /// <param name="tasks">How many.</param>
    /// <param name="singly">Each with a request of its own, instead of many in one.</param>
    public async Task<TimeSpan> RunAsync(int tasks, bool singly)
    {
        (_total, _toSubmit, _underWay, _finished) = (tasks, tasks, 0, 0);
        var started = Stopwatch.GetTimestamp();
        Fill(singly);
        await connection.ReadUntilAsync(line =>
        {
            Take(line);
            Fill(singly);
            return _finished == _total;
        });
        return _finished == _total
            ? Stopwatch.GetElapsedTime(started)
            : throw new InvalidOperationException(
                $"The daemon closed the connection after {_finished} of {_total} tasks."
            );
    }

    private void Fill(bool singly)
    {
        while (_toSubmit > 0 && _underWay + Math.Min(batch, _toSubmit) <= window)
        {
            var size = Math.Min(batch, _toSubmit);
            var number = _nextBatch++;
            _batches[number] = new Batch(size);
            _toSubmit -= size;
            _underWay += size;
            if (singly)
                WriteStarts(number, size);
            else
                WriteSubmit(number, size);
        }
    }

    private void Take(in ReadOnlySequence<byte> line)
    {
        var bytes = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        var id = ReadId(bytes);
        var number = id / Kinds;
        var answered = _batches[number];
        switch ((Kind)(id % Kinds))
        {
            case Kind.Submit:
                ReadTaskIds(bytes, answered.TaskIds);
                WriteForAll("wait", Kind.Wait, number, answered.TaskIds);
                break;
            case Kind.Start:
                answered.TaskIds.Add(ReadTaskId(bytes));
                if (answered.TaskIds.Count == answered.Size)
                    WriteForAll("wait", Kind.Wait, number, answered.TaskIds);
                break;
            case Kind.Wait:
                foreach (var task in answered.TaskIds)
                    Wrote(
                        Utf8.TryWrite(
                            Room,
                            $"{{\"id\":{Id(Kind.Result, number)},\"request\":\"result\",\"taskid\":{task}}}\n",
                            out var length
                        ),
                        length
                    );
                break;
            case Kind.Result:
                if (bytes.IndexOf("\"state\":\"done\""u8) < 0)
                    throw new InvalidOperationException($"Not done: {Encoding.UTF8.GetString(bytes)}");
                answered.Results++;
                if (answered.Results == answered.Size)
                    WriteForAll("ack", Kind.Ack, number, answered.TaskIds);
                break;
            case Kind.Ack:
                _batches.Remove(number);
                _underWay -= answered.Size;
                _finished += answered.Size;
                break;
        }
    }

    private void WriteSubmit(long number, int size)
    {
        Wrote(
            Utf8.TryWrite(
                Room,
                $"{{\"id\":{Id(Kind.Submit, number)},\"request\":\"submit\",\"tasks\":[",
                out var length
            ),
            length
        );
        for (var i = 0; i < size; i++)
        {
            if (i > 0)
                connection.Output.Write(","u8);
            connection.Output.Write(NoopOrder);
        }

        connection.Output.Write("]}\n"u8);
    }

    private void WriteStarts(long number, int size)
    {
        for (var i = 0; i < size; i++)
            Wrote(
                Utf8.TryWrite(
                    Room,
                    $"{{\"id\":{Id(Kind.Start, number)},\"request\":\"start\",\"name\":\"demo.noop\"}}\n",
                    out var length
                ),
                length
            );
    }

    private void WriteForAll(string request, Kind kind, long number, List<long> tasks)
    {
        Wrote(
            Utf8.TryWrite(Room, $"{{\"id\":{Id(kind, number)},\"request\":\"{request}\",\"taskids\":[", out var length),
            length
        );
        for (var i = 0; i < tasks.Count; i++)
        {
            if (i > 0)
                connection.Output.Write(","u8);
            Wrote(tasks[i].TryFormat(Room, out var digits), digits);
        }

        connection.Output.Write("]}\n"u8);
    }

    // Formatted straight into bytes: making strings first would be a good part of the client's work.
    private Span<byte> Room => connection.Output.GetSpan(128);

    private void Wrote(bool fitted, int length)
    {
        if (!fitted)
            throw new InvalidOperationException("A piece of a request is longer than its room.");
        connection.Output.Advance(length);
    }

    private static long Id(Kind kind, long number) => (number * Kinds) + (long)kind;

    private static long ReadId(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("\"status\":\"ok\""u8) < 0)
            throw new InvalidOperationException($"Refused: {Encoding.UTF8.GetString(line)}");
        var reader = new Utf8JsonReader(line);
        while (reader.Read())
        {
            if (
                reader.TokenType == JsonTokenType.PropertyName
                && reader.CurrentDepth == 1
                && reader.ValueTextEquals("id"u8)
            )
            {
                reader.Read();
                return reader.GetInt64();
            }
        }

        throw new InvalidOperationException($"No id: {Encoding.UTF8.GetString(line)}");
    }

    private static long ReadTaskId(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(
            line[(line.IndexOf("\"taskid\":"u8) + "\"taskid\":"u8.Length)..],
            isFinalBlock: false,
            default
        );
        reader.Read();
        return reader.GetInt64();
    }

    private static void ReadTaskIds(ReadOnlySpan<byte> line, List<long> into)
    {
        var reader = new Utf8JsonReader(line[line.IndexOf("["u8)..], isFinalBlock: false, default);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
            into.Add(reader.GetInt64());
    }

    private sealed class Batch(int size)
    {
        public int Size => size;

        public List<long> TaskIds { get; } = new(size);

        public int Results { get; set; }
    }
}
