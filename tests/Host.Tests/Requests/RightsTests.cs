namespace AptTask.Host.Tests.Requests;

/// <summary>Who may ask for what, and what those learn who may not.</summary>
public sealed class RightsTests : IAsyncDisposable
{
    private readonly RouterBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("reload", "")]
    [InlineData("stats", "")]
    [InlineData("workers", "")]
    [InlineData("lanes", "")]
    [InlineData("groups", "")]
    [InlineData("pause", ", \"lane\": \"default\"")]
    [InlineData("resume", ", \"lane\": \"default\"")]
    [InlineData("drain", "")]
    [InlineData("forget", ", \"older_than_seconds\": 0")]
    [InlineData("kill", "")]
    [InlineData("shutdown", "")]
    public async Task What_is_for_administrators_is_refused_to_users_done_for_admins_and_noted_for_both(
        string request,
        string more
    )
    {
        await _bench.OpenAsync();

        Assert.Equal("forbidden", await _bench.Client("user").RefusedAsync($"\"request\": \"{request}\"{more}"));
        Assert.Equal(0, _bench.Shutdowns);
        var answer = await _bench.Client("admin").AskAsync($"\"request\": \"{request}\"{more}");

        Assert.Equal("ok", answer.GetProperty("status").GetString());
        Assert.Equal(request, answer.GetProperty("response").GetString());
        var subject = more.Contains("lane", StringComparison.Ordinal) ? "default" : null;
        Assert.Equal([("user", request, subject, false), ("admin", request, subject, true)], _bench.Notes.All);
    }

    [Fact]
    public async Task A_key_that_nobody_knows_is_refused()
    {
        await _bench.OpenAsync();

        Assert.Equal("unauthenticated", await _bench.Client("stranger").RefusedAsync("\"request\": \"index\""));
    }

    [Fact]
    public async Task A_key_for_a_pattern_of_groups_names_one_that_matches()
    {
        await _bench.OpenAsync();
        var client = _bench.Client("many");

        Assert.Equal("bad_request", await client.RefusedAsync("\"request\": \"start\", \"name\": \"work\""));
        Assert.Equal("forbidden", await client.RefusedAsync("\"request\": \"active\", \"group\": \"shop\""));
        Assert.Equal("forbidden", await client.RefusedAsync("\"request\": \"active\", \"group\": \"site\""));
        var task = await client.StartAsync(", \"group\": \"shop/7\"");

        var row = (await client.AskAsync("\"request\": \"active\", \"group\": \"shop/7\"")).GetProperty("active")[0];
        Assert.Equal(task, row.GetProperty("taskid").GetInt64());
        Assert.Equal(
            "not_found",
            await client.RefusedAsync($"\"request\": \"status\", \"group\": \"shop/8\", \"taskid\": {task}")
        );
    }

    [Theory]
    [InlineData("status")]
    [InlineData("explain")]
    [InlineData("result")]
    [InlineData("ack")]
    [InlineData("stop")]
    [InlineData("log")]
    [InlineData("watch")]
    [InlineData("wait")]
    public async Task A_foreign_task_and_one_that_is_missing_are_answered_word_for_word_alike(string request)
    {
        await _bench.OpenAsync();
        var foreign = await _bench.Client("user").StartAsync();
        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());
        var client = _bench.Client("other");

        var first = await client.AskAsync($"\"id\": 1, \"request\": \"{request}\", \"taskid\": {foreign}");
        var missing = await _bench
            .Client("other")
            .AskAsync($"\"id\": 1, \"request\": \"{request}\", \"taskid\": {foreign + 1}");

        Assert.Equal("not_found", first.GetProperty("code").GetString());
        Assert.Equal(missing.GetRawText(), first.GetRawText());
        var kept = await _bench.Client("user").AskAsync($"\"request\": \"status\", \"taskid\": {foreign}");
        Assert.Equal("done", kept.GetProperty("task").GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_routine_that_the_key_may_not_use_and_one_that_is_missing_are_answered_alike()
    {
        await _bench.OpenAsync();
        var client = _bench.Client("other");

        var hidden = await client.AskAsync("\"request\": \"start\", \"name\": \"ours\"");
        var missing = await client.AskAsync("\"request\": \"start\", \"name\": \"none\"");

        Assert.Equal("unknown_routine", hidden.GetProperty("code").GetString());
        Assert.Equal(missing.GetRawText().Replace("none", "ours", StringComparison.Ordinal), hidden.GetRawText());
        var index = (await client.AskAsync("\"request\": \"index\"")).GetRawText();
        Assert.DoesNotContain("\"ours\"", index, StringComparison.Ordinal);
        Assert.Contains(
            "\"ours\"",
            (await _bench.Client("user").AskAsync("\"request\": \"index\"")).GetRawText(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "unknown_routine",
            await _bench.Client("few").RefusedAsync("\"request\": \"start\", \"name\": \"login\"")
        );
    }

    [Fact]
    public async Task An_administrator_sees_every_group_and_one_of_them_when_asked()
    {
        await _bench.OpenAsync();
        var mine = await _bench.Client("user").StartAsync();
        var theirs = await _bench.Client("other").StartAsync();
        var admin = _bench.Client("admin");

        Assert.Equal([mine, theirs], Ids(await admin.AskAsync("\"request\": \"tasks\"")));
        Assert.Equal([theirs], Ids(await admin.AskAsync("\"request\": \"tasks\", \"group\": \"other\"")));
        Assert.Equal([mine], Ids(await _bench.Client("user").AskAsync("\"request\": \"tasks\"")));
        Assert.Equal(
            "ok",
            (await admin.AskAsync($"\"request\": \"status\", \"taskid\": {theirs}")).GetProperty("status").GetString()
        );
    }

    [Fact]
    public async Task An_administrator_hears_of_another_groups_task_that_it_watches()
    {
        await _bench.OpenAsync();
        var task = await _bench.Client("other").StartAsync();
        var attempt = await _bench.Runner.NextStartAsync();
        var admin = _bench.Client("admin");
        await admin.AskAsync($"\"id\": 1, \"request\": \"watch\", \"taskid\": {task}");

        await _bench.Runner.SucceedAsync(attempt);

        var happened = await admin.NextAsync();
        Assert.Equal(
            ("other", "done"),
            (happened.GetProperty("group").GetString(), happened.GetProperty("state").GetString())
        );
        Assert.Equal("end", (await admin.NextAsync()).GetProperty("event").GetString());
    }

    [Fact]
    public async Task A_secret_is_shown_nowhere()
    {
        await _bench.OpenAsync();
        var (client, watcher) = (_bench.Client("user"), _bench.Client("user"));
        await watcher.AskAsync("\"id\": 1, \"request\": \"watch\"");
        const string Arguments = ", \"arguments\": {\"user\": \"ada\", \"password\": \"s3cr3t\"}";

        var task = await client.StartAsync(Arguments + ", \"jobid\": \"a\"", "login");
        Assert.Equal(
            "jobid_taken",
            await client.RefusedAsync($"\"request\": \"start\", \"name\": \"work\"{Arguments}, \"jobid\": \"a\"")
        );
        await client.AskAsync("\"request\": \"index\"");
        var status = await client.AskAsync($"\"request\": \"status\", \"taskid\": {task}");
        await client.AskAsync($"\"request\": \"explain\", \"taskid\": {task}");
        await client.AskAsync("\"request\": \"active\"");
        await client.AskAsync("\"request\": \"tasks\"");
        await _bench.Runner.FailAsync(await _bench.Runner.NextStartAsync());
        await client.AskAsync($"\"request\": \"wait\", \"taskid\": {task}");
        await client.AskAsync($"\"request\": \"result\", \"taskid\": {task}");
        await client.AskAsync($"\"request\": \"log\", \"taskid\": {task}");
        for (var events = 0; events < 3; events++)
            await watcher.NextAsync();

        var arguments = status.GetProperty("task").GetProperty("arguments");
        Assert.Equal(
            ("ada", "***"),
            (arguments.GetProperty("user").GetString(), arguments.GetProperty("password").GetString())
        );
        Assert.DoesNotContain("s3cr3t", $"{client.Heard}{watcher.Heard}", StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", string.Join("\n", _bench.Notes.All), StringComparison.Ordinal);

        // A routine that is gone can no longer say which of its arguments were secret.
        _bench.Catalogue.Replace([]);
        var gone = await client.AskAsync($"\"request\": \"status\", \"taskid\": {task}");
        Assert.False(gone.GetProperty("task").TryGetProperty("arguments", out _));
    }

    [Fact]
    public async Task What_changes_tasks_is_noted_before_it_is_done_and_what_was_refused_as_refused()
    {
        await _bench.OpenAsync();
        var client = _bench.Client("other");

        var task = await client.StartAsync();
        await client.AskAsync($"\"request\": \"stop\", \"taskid\": {task}");
        await client.RefusedAsync("\"request\": \"start\", \"name\": \"ours\"");

        Assert.Equal(
            [("other", "start", "work", true), ("other", "stop", $"{task}", true), ("other", "start", "ours", false)],
            _bench.Notes.All
        );
    }

    private static IEnumerable<long> Ids(System.Text.Json.JsonElement page) =>
        page.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("taskid").GetInt64());
}
