using AptTask.Host.Engine;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Requests;

/// <summary>What clients are answered, and in which order.</summary>
public sealed class AnswerTests : IAsyncDisposable
{
    private readonly RouterBench _bench = new(limits: new GroupLimits("site") { Pending = 40, Running = 3 });

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Answers_without_an_id_come_in_the_order_of_their_requests()
    {
        await _bench.OpenAsync();
        var client = _bench.Client("user");
        var task = await client.StartAsync();

        var waits = client.SendAsync($"\"request\": \"wait\", \"taskid\": {task}");
        Assert.False(waits.IsCompleted);
        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());
        await waits;
        await client.SendAsync("\"request\": \"active\"");
        await client.SendAsync("\"request\": \"index\"");
        await client.SendAsync($"\"request\": \"status\", \"taskid\": {task}");

        Assert.Equal("wait", Name(await client.NextAsync()));
        Assert.Equal("active", Name(await client.NextAsync()));
        Assert.Equal("index", Name(await client.NextAsync()));
        Assert.Equal("status", Name(await client.NextAsync()));
    }

    [Fact]
    public async Task A_wait_with_an_id_does_not_hold_up_what_comes_after_it()
    {
        await _bench.OpenAsync();
        var client = _bench.Client("user");
        var task = await client.StartAsync();

        await client.SendAsync($"\"id\": 7, \"request\": \"wait\", \"taskid\": {task}");
        Assert.Equal("index", Name(await client.AskAsync("\"request\": \"index\"")));
        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());

        var answer = await client.NextAsync();
        Assert.Equal(7, answer.GetProperty("id").GetInt32());
        Assert.Equal("done", answer.GetProperty("tasks")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_start_that_waits_for_room_needs_an_id_and_ends_with_its_client()
    {
        await _bench.OpenAsync();
        await _bench.Client("admin").AskAsync("\"request\": \"pause\", \"lane\": \"default\"");
        var (client, goes) = (_bench.Client("user"), _bench.Client("user"));
        for (var index = 0; index < 40; index++)
            await client.StartAsync();
        const string Wait = "\"request\": \"start\", \"name\": \"work\", \"on_full\": \"wait\"";

        Assert.Equal("queue_full", await client.RefusedAsync("\"request\": \"start\", \"name\": \"work\""));
        Assert.Equal("bad_request", await client.RefusedAsync(Wait));
        await goes.SendAsync($"\"id\": 1, {Wait}, \"jobid\": \"gone\"");
        await client.SendAsync($"\"id\": 2, {Wait}, \"jobid\": \"stays\"");
        Assert.Equal("index", Name(await client.AskAsync("\"request\": \"index\"")));

        await goes.CloseAsync();
        await client.SendAsync("\"id\": 3, \"request\": \"stop\", \"taskid\": 1");
        var answers = new[] { await client.NextAsync(), await client.NextAsync() };

        Assert.Equal([2, 3], answers.Select(answer => answer.GetProperty("id").GetInt32()).Order());
        Assert.Equal("not_found", await client.RefusedAsync("\"request\": \"status\", \"jobid\": \"gone\""));
        Assert.Equal("status", Name(await client.AskAsync("\"request\": \"status\", \"jobid\": \"stays\"")));
    }

    [Fact]
    public async Task Pages_show_each_task_once_while_others_come_and_go()
    {
        await _bench.OpenAsync();
        await _bench.Client("admin").AskAsync("\"request\": \"pause\", \"lane\": \"default\"");
        var client = _bench.Client("user");
        for (var index = 0; index < 30; index++)
            await client.StartAsync();
        var (seen, cursor) = (new List<long>(), "");
        while (true)
        {
            var page = await client.AskAsync($"\"request\": \"tasks\", \"limit\": 4{cursor}");
            seen.AddRange(
                page.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("taskid").GetInt64())
            );
            if (!page.TryGetProperty("cursor", out var next))
                break;
            cursor = $", \"cursor\": \"{next.GetString()}\"";
            // One that was shown goes, and a new one comes at the end.
            await client.AskAsync($"\"request\": \"stop\", \"taskid\": {seen[^1]}");
            await client.AskAsync($"\"request\": \"ack\", \"taskid\": {seen[^1]}");
            if (seen.Count < 20)
                await client.StartAsync();
        }

        Assert.Equal(Enumerable.Range(1, seen.Count).Select(task => (long)task), seen);
        Assert.True(seen.Count > 30);
        Assert.Equal("bad_request", await client.RefusedAsync("\"request\": \"tasks\", \"cursor\": \"-1\""));
    }

    [Fact]
    public async Task Active_shows_the_first_ones_by_their_place_in_the_line_and_how_many_more_there_are()
    {
        await _bench.OpenAsync();
        var client = _bench.Client("user");
        for (var index = 0; index < 7; index++)
            await client.StartAsync();

        var active = await client.AskAsync("\"request\": \"active\"");

        Assert.Equal(2, active.GetProperty("more").GetInt32());
        Assert.Equal(
            [0, 1, 2, 3, 4],
            active.GetProperty("active").EnumerateArray().Select(row => row.GetProperty("position").GetInt32())
        );
    }

    [Fact]
    public async Task A_log_that_is_followed_shows_characters_whole_and_misses_nothing_over_a_retry()
    {
        await _bench.OpenAsync();
        var client = _bench.Client("user");
        var task = await client.StartAsync(", \"retry\": {\"attempts\": 2, \"delay_seconds\": 0, \"jitter\": 0}");
        var first = await _bench.Runner.NextStartAsync();
        var log = _bench.Live.Open(first.Token.Value, 0);
        log.Append("out", "one "u8);
        log.Append("out", [0xC3]);
        var answer = await client.AskAsync($"\"id\": 1, \"request\": \"log\", \"taskid\": {task}, \"follow\": true");
        Assert.Equal("one ", answer.GetProperty("entries")[0].GetProperty("text").GetString());

        log.Append("out", [0xA9, 0xE2]);
        var half = await client.NextAsync();
        Assert.Equal(("é", 4), (half.GetProperty("text").GetString(), half.GetProperty("offset").GetInt32()));
        log.Append("out", [0x82]);
        log.Append("out", [0xAC]);
        Assert.Equal("€", (await client.NextAsync()).GetProperty("text").GetString());
        var (content, length) = log.Seal();
        await _bench.Runner.EndAsync(
            first,
            new AttemptEnd(new AttemptOutcome.Failed(FailureReason.ExitCode)),
            new WorkLogTail(content, length)
        );
        _bench.Live.Close(first.Token.Value);
        var second = await _bench.Runner.NextStartAsync();
        Assert.Equal(9, second.WorkLogLength);
        var again = _bench.Live.Open(second.Token.Value, second.WorkLogLength);
        again.Append("err", "two"u8);
        var next = await client.NextAsync();
        Assert.Equal(("two", 9), (next.GetProperty("text").GetString(), next.GetProperty("offset").GetInt32()));
        var tail = again.Seal();
        await _bench.Runner.EndAsync(
            second,
            new AttemptEnd(AttemptOutcome.Succeeded.Instance),
            new WorkLogTail(tail.Content, tail.Length)
        );
        _bench.Live.Close(second.Token.Value);

        Assert.Equal("end", (await client.NextAsync()).GetProperty("event").GetString());
        var all = await client.AskAsync($"\"request\": \"log\", \"taskid\": {task}");
        Assert.Equal(
            ["one é€", "two"],
            all.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("text").GetString())
        );
        Assert.True(all.GetProperty("complete").GetBoolean());
    }

    [Fact]
    public async Task A_watch_that_asks_for_events_that_are_gone_is_told_the_oldest()
    {
        await using var bench = new RouterBench(ledger: new LedgerOptions { EventsPerGroup = 2 });
        await bench.OpenAsync();
        var client = bench.Client("user");
        for (var index = 0; index < 3; index++)
            await client.StartAsync();

        var answer = await client.AskAsync("\"id\": 1, \"request\": \"watch\", \"from\": 1");

        Assert.Equal("events_gone", answer.GetProperty("code").GetString());
        Assert.Equal(3, answer.GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task A_shutdown_is_answered_before_it_is_begun()
    {
        await _bench.OpenAsync();

        var answer = await _bench.Client("admin").AskAsync("\"request\": \"shutdown\"");

        Assert.Equal("ok", answer.GetProperty("status").GetString());
        Assert.Equal(1, _bench.Shutdowns);
    }

    [Fact]
    public async Task When_the_engine_has_stopped_every_request_says_that_the_daemon_is_shutting_down()
    {
        await _bench.OpenAsync();
        var client = _bench.Client("user");
        await _bench.Bench.Engine.StopAsync(CancellationToken.None);

        Assert.Equal("shutting_down", await client.RefusedAsync("\"request\": \"start\", \"name\": \"work\""));
        Assert.Equal("shutting_down", await client.RefusedAsync("\"request\": \"active\""));
    }

    private static string? Name(System.Text.Json.JsonElement answer) => answer.GetProperty("response").GetString();
}
