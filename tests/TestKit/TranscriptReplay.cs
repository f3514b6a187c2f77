using System.Text;
using System.Text.Json;
using Xunit;

namespace AptTask.TestKit;

/// <summary>
/// Plays the client's side of a transcript against a daemon, over any stream, and checks what the daemon says. An answer is
/// compared with the next answer of the same id; an event with any event that has come and that nothing else has claimed.
/// </summary>
public sealed class TranscriptReplay(Transcript transcript, Stream toDaemon, Stream fromDaemon) : IDisposable
{
    private readonly JsonPattern _pattern = new();
    private readonly List<JsonElement> _unclaimed = [];
    private readonly StreamReader _reader = new(fromDaemon, new UTF8Encoding(false, throwOnInvalidBytes: true));
    private bool _closed;

    /// <summary>Plays it to its end.</summary>
    /// <param name="halfClose">Does <c>! half-close</c>; null where the stream cannot.</param>
    public async Task RunAsync(Action? halfClose = null)
    {
        foreach (var step in transcript.Steps)
        {
            switch (step.Side)
            {
                case TranscriptSide.ToDaemon:
                    var line = Encoding.UTF8.GetBytes(_pattern.Fill(step.Text) + "\n");
                    await toDaemon.WriteAsync(line).AsTask().WaitAsync(ScriptedTalk.Patience);
                    await toDaemon.FlushAsync().WaitAsync(ScriptedTalk.Patience);
                    break;
                case TranscriptSide.FromDaemon:
                    await ExpectAsync(step);
                    break;
                case TranscriptSide.Act when step.Text == "half-close":
                    (halfClose ?? toDaemon.Close)();
                    break;
                case TranscriptSide.Act when step.Text == "closed":
                    await ExpectCloseAsync(step);
                    break;
                default:
                    throw new FormatException($"{Where(step)}: there is no '! {step.Text}'.");
            }
        }
    }

    /// <summary>Lets go of the stream from the daemon.</summary>
    public void Dispose() => _reader.Dispose();

    private async Task ExpectAsync(TranscriptStep step)
    {
        var expected = JsonElement.Parse(step.Text);
        var isEvent = expected.TryGetProperty("event", out _);
        string? difference = null;
        for (var index = 0; ; index++)
        {
            while (index >= _unclaimed.Count)
            {
                if (!await ReadAsync())
                    Assert.Fail(
                        $"{Where(step)}: expected {step.Text}\n{difference ?? "Nothing like it came."}\n{Unclaimed()}"
                    );
            }
            var actual = _unclaimed[index];
            if (actual.TryGetProperty("event", out _) != isEvent || !SameId(expected, actual))
                continue;
            difference = _pattern.Differ(expected, actual);
            if (difference is null)
            {
                _unclaimed.RemoveAt(index);
                return;
            }
            if (!isEvent)
                Assert.Fail($"{Where(step)}: {difference}\nexpected {step.Text}\n     got {actual.GetRawText()}");
        }
    }

    private async Task ExpectCloseAsync(TranscriptStep step)
    {
        while (await ReadAsync()) { }
        Assert.True(_closed, $"{Where(step)}: the daemon should have closed the connection.");
    }

    /// <summary>Waits for one more line. False when the connection is closed or nothing came.</summary>
    private async Task<bool> ReadAsync()
    {
        using var patience = new CancellationTokenSource(ScriptedTalk.Patience);
        try
        {
            if (await _reader.ReadLineAsync(patience.Token) is not { } line)
            {
                _closed = true;
                return false;
            }
            _unclaimed.Add(JsonElement.Parse(line));
            return true;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool SameId(JsonElement expected, JsonElement actual) =>
        expected.TryGetProperty("id", out var id)
            ? actual.TryGetProperty("id", out var other) && JsonElement.DeepEquals(id, other)
            : !actual.TryGetProperty("id", out _);

    private string Where(TranscriptStep step) => $"tests/Wire/{transcript.Name}.ndjson:{step.LineNumber}";

    private string Unclaimed() =>
        (_closed ? "The daemon closed the connection. " : "")
        + (
            _unclaimed.Count == 0
                ? "Nothing else came."
                : "What came and was not expected:\n" + string.Join('\n', _unclaimed)
        );
}
