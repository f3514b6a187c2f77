using System.Text.Json;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Requests;

/// <summary>Every obstacle has a code, a sentence and the fields to act on.</summary>
public sealed class ExplainTests : IAsyncDisposable
{
    private readonly RouterBench _bench = new(width: 2, limits: new GroupLimits("other") { Running = 1 });

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task It_waits_for_a_job_that_is_not_finished()
    {
        var client = await OpenAsync();
        var first = await client.StartAsync(", \"jobid\": \"a\"");
        var task = await client.StartAsync(", \"waitfor\": [{\"job\": \"a\", \"when\": \"failed\"}]");

        var why = await WhyAsync(client, task, "dependency");

        Assert.Equal(
            ("a", first, "failed", "running"),
            (Text(why, "jobid"), why.GetProperty("taskid").GetInt64(), Text(why, "when"), Text(why, "state"))
        );
    }

    [Fact]
    public async Task It_waits_for_a_job_that_nobody_submitted()
    {
        var client = await OpenAsync();
        var task = await client.StartAsync(", \"waitfor\": [\"nobody\"]");

        Assert.Equal("nobody", Text(await WhyAsync(client, task, "never_submitted"), "jobid"));
    }

    [Fact]
    public async Task It_is_not_due()
    {
        var client = await OpenAsync();
        var task = await client.StartAsync(", \"not_before\": \"2031-01-01T00:00:00Z\"");

        Assert.StartsWith("2031-01-01", Text(await WhyAsync(client, task, "not_due"), "due"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_backs_off()
    {
        var client = await OpenAsync();
        var task = await client.StartAsync(", \"retry\": {\"attempts\": 2, \"delay_seconds\": 60}");
        await _bench.Runner.FailAsync(await _bench.Runner.NextStartAsync());

        var why = await WhyAsync(client, task, "backing_off");

        Assert.Equal(2, why.GetProperty("next_attempt").GetInt32());
    }

    [Fact]
    public async Task The_lane_is_full_with_its_own_tasks_by_number_and_others_by_count()
    {
        var client = await OpenAsync();
        var own = await client.StartAsync();
        await _bench.Client("other").StartAsync();
        var task = await client.StartAsync();

        var why = await WhyAsync(client, task, "lane_full");

        Assert.Equal([own], why.GetProperty("running").EnumerateArray().Select(running => running.GetInt64()));
        Assert.Equal(
            (1, 2, 0),
            (
                why.GetProperty("others").GetInt32(),
                why.GetProperty("width").GetInt32(),
                why.GetProperty("free").GetInt32()
            )
        );
    }

    [Fact]
    public async Task Others_are_before_it()
    {
        var client = await OpenAsync();
        for (var index = 0; index < 4; index++)
            await client.StartAsync();
        var task = await client.StartAsync();

        Assert.Equal(2, (await WhyAsync(client, task, "behind")).GetProperty("behind").GetInt32());
    }

    [Fact]
    public async Task The_lane_is_paused()
    {
        var client = await OpenAsync();
        await _bench.Client("admin").AskAsync("\"request\": \"pause\", \"lane\": \"default\"");

        Assert.Equal("default", Text(await WhyAsync(client, await client.StartAsync(), "lane_paused"), "lane"));
    }

    [Fact]
    public async Task The_group_is_paused()
    {
        var client = await OpenAsync();
        await _bench.Client("admin").AskAsync("\"request\": \"pause\", \"group\": \"site\"");

        await WhyAsync(client, await client.StartAsync(), "group_paused");
    }

    [Fact]
    public async Task The_daemon_drains()
    {
        var client = await OpenAsync();
        await _bench.Client("admin").AskAsync("\"request\": \"drain\"");

        await WhyAsync(client, await client.StartAsync(), "draining");
    }

    [Fact]
    public async Task The_group_runs_as_many_as_it_may()
    {
        await OpenAsync();
        var client = _bench.Client("other");
        await client.StartAsync();

        Assert.Equal(
            1,
            (await WhyAsync(client, await client.StartAsync(), "group_limit")).GetProperty("limit").GetInt32()
        );
    }

    [Fact]
    public async Task The_routine_runs_as_often_as_it_may()
    {
        var client = await OpenAsync();
        await client.StartAsync(routine: "capped");
        var task = await client.StartAsync(routine: "capped");

        Assert.Equal("capped", Text(await WhyAsync(client, task, "routine_limit"), "routine"));
    }

    [Fact]
    public async Task It_runs_or_is_being_stopped()
    {
        var client = await OpenAsync();
        var task = await client.StartAsync();
        Assert.Contains(
            "attempt 1",
            Text(await WhyAsync(client, task, "running"), "message"),
            StringComparison.Ordinal
        );

        await client.AskAsync($"\"request\": \"stop\", \"taskid\": {task}");

        Assert.Contains(
            "being stopped",
            Text(await WhyAsync(client, task, "running"), "message"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task It_has_ended_and_why()
    {
        var client = await OpenAsync();
        var first = await client.StartAsync(", \"jobid\": \"a\"");
        var task = await client.StartAsync(", \"waitfor\": [\"a\"]");
        await _bench.Runner.FailAsync(await _bench.Runner.NextStartAsync());
        await client.AskAsync($"\"request\": \"wait\", \"taskid\": {task}");

        var why = await WhyAsync(client, task, "final");

        Assert.Equal("dependency", Text(why, "reason"));
        Assert.Contains("a", Text(why, "chain"), StringComparison.Ordinal);
        Assert.Equal("exit_code", Text(await WhyAsync(client, first, "final"), "reason"));
    }

    private async Task<RouterClient> OpenAsync()
    {
        await _bench.OpenAsync();
        return _bench.Client("user");
    }

    /// <summary>The reason of that code, which must be one of those that are given.</summary>
    private static async Task<JsonElement> WhyAsync(RouterClient client, long task, string code)
    {
        var answer = await client.AskAsync($"\"request\": \"explain\", \"taskid\": {task}");
        var reasons = answer.GetProperty("reasons").EnumerateArray().ToList();
        Assert.All(reasons, reason => Assert.EndsWith(".", Text(reason, "message"), StringComparison.Ordinal));
        return Assert.Single(reasons, reason => Text(reason, "why") == code);
    }

    private static string? Text(JsonElement reason, string member) => reason.GetProperty(member).GetString();
}
