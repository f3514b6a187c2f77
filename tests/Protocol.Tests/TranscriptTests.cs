using System.Text.Json;
using System.Text.RegularExpressions;
using AptTask.TestKit;

namespace AptTask.Protocol.Tests;

public sealed class TranscriptTests
{
    public static TheoryData<string> Names => [.. Transcript.Names];

    [Fact]
    public void There_are_transcripts() => Assert.True(Transcript.Names.Count() >= 5);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_line_to_the_daemon_reads_as_its_answer_says(string name)
    {
        var answers = Transcript
            .Load(name)
            .Steps.Where(step =>
                step.Side == TranscriptSide.FromDaemon && !step.Text.Contains("\"event\":", StringComparison.Ordinal)
            )
            .Select(step => JsonElement.Parse(step.Text))
            .ToList();
        var requests = Transcript.Load(name).Steps.Where(step => step.Side == TranscriptSide.ToDaemon).ToList();
        Assert.Equal(requests.Count, answers.Count);
        foreach (var (request, answer) in requests.Zip(answers))
        {
            // A name stands for a number that the daemon gave.
            var line = Regex.Replace(request.Text, "\"\\$[a-z_]+\"", "1", RegexOptions.None, TimeSpan.FromSeconds(1));
            var outcome = Lines.Read(line);
            if (answer.TryGetProperty("response", out var response))
                Assert.Equal(response.GetString(), outcome.Name);
            if (answer.GetProperty("status").ValueEquals("ok"))
                Assert.True(outcome.IsRequest, $"{name}:{request.LineNumber}: {outcome.Error?.Message}");
            else if (!outcome.IsRequest)
                Assert.Null(new JsonPattern().Differ(answer, Written(outcome)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_replay_agrees_with_a_daemon_that_says_what_is_written(string name)
    {
        var transcript = Transcript.Load(name);
        await using var peer = ScriptedPeer.Listen();
        await using var client = await ScriptedPeer.ConnectAsync(peer.Port);
        await using var daemon = await peer.AcceptAsync();
        using var replay = new TranscriptReplay(transcript, client.Stream, client.Stream);

        var running = replay.RunAsync(client.HalfClose);
        foreach (var step in transcript.Steps)
        {
            if (step.Side == TranscriptSide.ToDaemon)
                Assert.NotNull(await daemon.ReadLineAsync());
            else if (step.Side == TranscriptSide.FromDaemon)
                await daemon.SendLineAsync(FilledIn(step.Text));
        }
        await running.WaitAsync(ScriptedTalk.Patience, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"b":2,"a":1}""", true)]
    [InlineData("""{"a":1}""", """{"a":2}""", false)]
    [InlineData("""{"a":"$absent"}""", """{"b":2}""", true)]
    [InlineData("""{"a":"$absent"}""", """{"a":null}""", false)]
    [InlineData("""{"a":"$x","b":"$x"}""", """{"a":7,"b":7}""", true)]
    [InlineData("""{"a":"$x","b":"$x"}""", """{"a":7,"b":8}""", false)]
    [InlineData("""{"a":["$contains",{"b":1}]}""", """{"a":[{"b":2},{"b":1}]}""", true)]
    [InlineData("""{"a":["$contains",{"b":1}]}""", """{"a":[{"b":2}]}""", false)]
    [InlineData("""{"a":[1]}""", """{"a":[1,2]}""", false)]
    [InlineData("""{"a":"$time"}""", """{"a":"2026-01-01T00:00:00.000Z"}""", true)]
    [InlineData("""{"a":"$time"}""", """{"a":"2026-01-01T00:00:00Z"}""", false)]
    [InlineData("""{"a":"$int"}""", """{"a":"1"}""", false)]
    [InlineData("""{"a":"$any"}""", """{}""", false)]
    public void A_pattern_accepts_what_it_says_and_nothing_else(string expected, string actual, bool same) =>
        Assert.Equal(same, new JsonPattern().Differ(JsonElement.Parse(expected), JsonElement.Parse(actual)) is null);

    private static JsonElement Written(RequestOutcome outcome)
    {
        var line = new System.Buffers.ArrayBufferWriter<byte>();
        AnswerWriter.WriteError(line, outcome.Id, outcome.Name, outcome.Error!);
        return JsonElement.Parse(line.WrittenSpan);
    }

    private static string FilledIn(string expected) =>
        Regex.Replace(
            expected.Replace("\"$contains\",", "", StringComparison.Ordinal),
            "(,?\"[a-z_]+\":\"\\$absent\")|\"\\$(?<name>[a-z_]+)\"",
            match =>
                match.Groups["name"].Value switch
                {
                    "" => "",
                    "text" or "any" => "\"x\"",
                    "time" => "\"2026-01-01T00:00:00.000Z\"",
                    "list" => "[]",
                    var name => name.Sum(letter => letter).ToString(),
                },
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );
}
