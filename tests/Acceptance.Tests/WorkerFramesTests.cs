using System.Text.Json;
using AptTask.TestKit;

namespace AptTask.Acceptance.Tests;

/// <summary>Whoever speaks the frames badly is cut off, the log says why, and the daemon and its other links live on.</summary>
public class WorkerFramesTests
{
    private static readonly string Offer = OfferOf(Routine("far.job"));

    [Fact]
    public async Task Strangers_who_do_not_say_hello_are_turned_away()
    {
        await using var site = await RemoteSite.OpenAsync();
        string[] first =
        [
            "GET / HTTP/1.1\r\n",
            "\u0001\u0002\u0003",
            "null",
            "{}",
            Offer,
            """{"frame":"heartbeat","number":1}""",
            """{"frame":"hello","version":1}""",
            """{"frame":"hello","version":1,"name":null,"program":null,"key":null}""",
            $$"""{"frame":"hello","version":1,"name":"a","program":"0.1.0","key":"{{site.Key("places")}}","more":1}""",
            $$"""{"frame":"hello","version":9,"name":"a","program":"0.1.0","key":"{{site.Key("places")}}"}""",
            $$"""{"frame":"hello","version":1,"name":"{{new string('a', 4000)}}","program":"{{new string('b', 4000)}}"}""",
            new string('x', 5000),
        ];
        foreach (var line in first)
        {
            await using var peer = await ScriptedPeer.ConnectAsync(site.Port);
            await peer.SendLineAsync(line);
            var answer = await peer.ReadToEndAsync();
            Assert.True(answer.Contains("\"refuse\"", StringComparison.Ordinal), $"{line} was answered: {answer}");
        }
        await using (var endless = await ScriptedPeer.ConnectAsync(site.Port))
        {
            await endless.SendAsync(new string('x', 5000));
            Assert.Contains("\"refuse\"", await endless.ReadToEndAsync(), StringComparison.Ordinal);
        }
        await using (var silent = await ScriptedPeer.ConnectAsync(site.Port))
            Assert.Equal("", await silent.ReadToEndAsync());

        await site.WaitForLogAsync("Its first frame is no hello");
        await site.WaitForLogAsync("It speaks version 9 of the frames, this daemon 1");
        await site.WaitForLogAsync("It did not say who it is in time");
        Assert.DoesNotContain(site.Key("places"), site.Log, StringComparison.Ordinal);
        await StillServesAsync(site);
    }

    [Theory]
    [InlineData("""{"frame":"offer","lanes":{"far":0},"routines":[]}""", "The lane far has 0 places; 1 to 1024")]
    [InlineData("""{"frame":"offer","lanes":{"far":-5},"routines":[]}""", "The lane far has -5 places")]
    [InlineData("""{"frame":"offer","lanes":{"far":1000000000},"routines":[]}""", "has 1000000000 places")]
    [InlineData("""{"frame":"offer","lanes":{"far away":1},"routines":[]}""", "The lane \"far away\" must be named")]
    [InlineData("""{"frame":"offer","lanes":{"":1},"routines":[]}""", "The lane \"\" must be named")]
    [InlineData("""{"frame":"offer","lanes":{},"routines":[]}""", "It has to offer 1 to 64 lanes")]
    [InlineData("""{"frame":"offer","lanes":null,"routines":[]}""", "It has to offer 1 to 64 lanes")]
    [InlineData("""{"frame":"offer","routines":[]}""", "It has to offer 1 to 64 lanes")]
    [InlineData("""{"frame":"offer","lanes":{"far":1}}""", "has to list them")]
    [InlineData("""{"frame":"offer","lanes":{"far":1},"routines":[null]}""", "must have a name")]
    public Task An_offer_of_absurd_places_is_refused_with_the_reason(string offer, string why) =>
        RefusesAsync(offer, why);

    [Theory]
    [InlineData("a b", "{}", "The routine \"a b\" must have a name")]
    [InlineData("a", "null", "The routine a has no policy")]
    [InlineData("a", """{"weight":5000}""", "The routine a weighs 5000")]
    [InlineData("a", """{"lane":"far away"}""", "The routine a names a lane that cannot be one")]
    [InlineData("a", """{"concurrency":-1}""", "The routine a may run -1 times at once")]
    public Task A_routine_that_cannot_be_one_is_refused_with_the_reason(string name, string policy, string why) =>
        RefusesAsync(OfferOf(Routine(name, policy)), why);

    [Fact]
    public Task A_routine_that_is_offered_twice_is_refused_with_the_reason() =>
        RefusesAsync(OfferOf(Routine("a"), Routine("a")), "The routine a stands twice");

    [Fact]
    public Task More_routines_than_a_worker_may_have_are_refused_with_the_reason() =>
        RefusesAsync(
            OfferOf([.. Enumerable.Range(0, 4097).Select(n => Routine($"a{n}"))]),
            "It may offer 4096 routines"
        );

    private static async Task RefusesAsync(string offer, string why)
    {
        await using var site = await RemoteSite.OpenAsync();
        await using var peer = await GreetedAsync(site);

        await peer.SendLineAsync(offer);

        var refusal = JsonElement.Parse(await peer.ReadToEndAsync());
        Assert.Equal("refuse", refusal.Text("frame"));
        Assert.Contains(why, refusal.Text("message"), StringComparison.Ordinal);
        await site.WaitForLogAsync(why);
        await StillServesAsync(site);
    }

    [Fact]
    public async Task Whoever_breaks_the_frames_later_on_is_cut_off()
    {
        await using var site = await RemoteSite.OpenAsync();
        (string Line, string Why)[] frames =
        [
            ("garbage", "It said: garbage"),
            ("""{"frame":"end","call":77}""", "it spoke of the attempt 77, which it does not hold"),
            ("""{"frame":"log","call":78}""", "it spoke of the attempt 78"),
            ("""{"frame":"run","call":1}""", "It said:"),
            ("""{"frame":"welcome","heartbeat_seconds":1,"lease_seconds":1}""", "a daemon is not told Welcome"),
            ("""{"frame":"heartbeat","number":1,"calls":null}""", "It said: {\"frame\":\"heartbeat\""),
            ("""{"frame":"heartbeat","number":1}""", "a daemon is not told Heartbeat"),
            ("{}", "A frame says which one it is"),
            ("null", "A frame is an object"),
            (new string('x', 200_000_000), "A frame is longer than"),
        ];
        foreach (var (line, why) in frames)
        {
            await using var peer = await GreetedAsync(site);
            await peer.SendLineAsync(Offer);
            try
            {
                await peer.SendLineAsync(line);
                await peer.ReadToEndAsync();
            }
            catch (IOException)
            {
                // Cut off while it still spoke.
            }
            await site.WaitForLogAsync(why);
            await site.WaitForWorkersAsync();
        }
        await StillServesAsync(site);
    }

    [Fact]
    public async Task Frames_of_an_attempt_that_lack_what_they_need_end_it_as_lost()
    {
        await using var site = await RemoteSite.OpenAsync(lease: "1s");
        using var client = await site.ConnectAsync();
        foreach (
            var frame in new[]
            {
                """{"frame":"log","call":1,"text":null}""",
                """{"frame":"log","call":1}""",
                """{"frame":"post","call":1,"name":null,"data":1}""",
                """{"frame":"post","call":1,"name":"n"}""",
                """{"frame":"end","call":1,"reason":"nonsense"}""",
            }
        )
        {
            await using var peer = await GreetedAsync(site);
            await peer.SendLineAsync(Offer);
            await site.WaitForWorkersAsync("peer");
            var task = (await client.AskAsync(RemoteWorkerTests.Start("far.job", new { }))).Number("taskid");
            Assert.Equal("run", JsonElement.Parse((await peer.ReadLineAsync())!).Text("frame"));

            await peer.SendLineAsync(frame);

            Assert.Equal("lost", (await RemoteWorkerTests.WaitAsync(client, task, "failed")).Text("reason"));
            await site.WaitForWorkersAsync();
        }
        await StillServesAsync(site);
    }

    [Fact]
    public async Task An_attempt_on_its_way_is_not_taken_for_lost_and_one_that_the_worker_must_know_is()
    {
        await using var site = await RemoteSite.OpenAsync(lease: "1m");
        using var client = await site.ConnectAsync();
        await using var peer = await GreetedAsync(site);
        await peer.SendLineAsync(Offer);
        await site.WaitForWorkersAsync("peer");
        await BeatAsync(peer, 1, 0);
        var task = (await client.AskAsync(RemoteWorkerTests.Start("far.job", new { }))).Number("taskid");
        Assert.Equal("run", JsonElement.Parse((await peer.ReadLineAsync())!).Text("frame"));

        // Composed before it came, however late they are heard.
        await BeatAsync(peer, 2, 0);
        await BeatAsync(peer, 3, 1);
        await RemoteWorkerTests.WaitAsync(client, task, "running");

        // Whoever has the answer to the third has had the attempt before it.
        await BeatAsync(peer, 4, 3);
        Assert.Equal("lost", (await RemoteWorkerTests.WaitAsync(client, task, "failed")).Text("reason"));
        await site.WaitForWorkersAsync("peer");
    }

    [Fact]
    public async Task A_worker_that_reads_nothing_is_cut_off()
    {
        await using var site = await RemoteSite.OpenAsync(lease: "1s");
        await using var peer = await GreetedAsync(site);
        await peer.SendLineAsync(Offer);
        await site.WaitForWorkersAsync("peer");
        try
        {
            for (var beat = 1L; beat < 5_000_000; beat += 1000)
                await peer.SendAsync(
                    string.Concat(
                        Enumerable
                            .Range(0, 1000)
                            .Select(n => $$"""{"frame":"heartbeat","number":{{beat + n}},"calls":[]}""" + "\n")
                    )
                );
        }
        catch (Exception cut) when (cut is IOException or TimeoutException)
        {
            // What it waits for.
        }
        await site.WaitForLogAsync("the daemon cut it off");
        await StillServesAsync(site);
    }

    [Fact]
    public async Task A_routine_that_cannot_be_had_over_there_is_not_offered_here()
    {
        await using var site = await RemoteSite.OpenAsync();
        await using var peer = await GreetedAsync(site);
        await peer.SendLineAsync(
            OfferOf(Routine("far.none", more: ",\"unavailable\":\"no fence\""), Routine("far.job"))
        );
        await site.WaitForWorkersAsync("peer");
        using var client = await site.ConnectAsync();
        var answer = await client.AskAsync(RemoteWorkerTests.Start("far.none", new { }));
        Assert.Equal("unknown_routine", answer.Text("code"));
    }

    private static async Task BeatAsync(ScriptedTalk peer, long number, long answered)
    {
        await peer.SendLineAsync(
            JsonSerializer.Serialize(
                new
                {
                    frame = "heartbeat",
                    number,
                    answered,
                    calls = Array.Empty<long>(),
                }
            )
        );
        var answer = JsonElement.Parse((await peer.ReadLineAsync())!);
        Assert.Equal("heartbeat", answer.Text("frame"));
        Assert.Equal(number, answer.Number("number"));
    }

    private static async Task<ScriptedTalk> GreetedAsync(RemoteSite site)
    {
        var peer = await ScriptedPeer.ConnectAsync(site.Port);
        await peer.SendLineAsync(
            $$"""{"frame":"hello","version":1,"name":"peer","program":"0.1.0","key":"{{site.Key("places")}}"}"""
        );
        Assert.Contains("\"welcome\"", await peer.ReadLineAsync(), StringComparison.Ordinal);
        return peer;
    }

    private static async Task StillServesAsync(RemoteSite site)
    {
        await using var peer = await GreetedAsync(site);
        await peer.SendLineAsync(Offer);
        await site.WaitForWorkersAsync("peer");
    }

    private static string OfferOf(params string[] routines) =>
        $$"""{"frame":"offer","lanes":{"far":2},"routines":[{{string.Join(',', routines)}}]}""";

    private static string Routine(string name, string policy = "{}", string more = "") =>
        JsonSerializer
            .Serialize(
                new
                {
                    name,
                    kind = "command",
                    help = "",
                    origin = "a test",
                    parameters = Array.Empty<int>(),
                }
            )
            .Replace("\"parameters\"", $"\"policy\":{Whole(policy)}{more},\"parameters\"", StringComparison.Ordinal);

    private static string Whole(string policy)
    {
        if (policy == "null")
            return policy;
        var whole = System.Text.Json.Nodes.JsonNode.Parse("""{"lanes":[],"weight":1,"allow":[]}""")!.AsObject();
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(policy)!.AsObject())
            whole[name] = value?.DeepClone();
        return whole.ToJsonString();
    }
}
