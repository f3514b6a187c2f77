namespace AptTask.Acceptance.Tests;

/// <summary>A worker in another network, over a cable that is pulled out, or behind a slow and faulty relay.</summary>
public class LostLinkTests
{
    private static readonly string Whitelist = RemoteSite.Sleeper("far.again", isIdempotent: true);

    [Fact]
    public async Task A_worker_whose_link_is_cut_ends_what_it_ran_and_comes_back_and_nothing_runs_twice_at_once()
    {
        await using var networks = await TwoNetworks.ConnectAsync();
        await using var site = await RemoteSite.OpenAsync(host: networks.Here, tls: true);
        string[] link = ["--certificate", site.Certificate];
        var far = await site.AddAsync("far-1", Whitelist, link: link, host: networks.Here, network: networks.Name);
        await site.WaitForWorkersAsync("far-1");
        using var client = await site.ConnectAsync();
        var seconds = Sleepers.NewSeconds();
        var task = (
            await client.AskAsync(RemoteWorkerTests.Start("far.again", new { seconds = int.Parse(seconds) }))
        ).Number("taskid");
        await Sleepers.WaitForAsync(seconds, 1);
        // On this side of the cable, ready to take over.
        await site.AddAsync("near-1", Whitelist, link: link, host: networks.Here);
        await site.WaitForWorkersAsync("far-1", "near-1");
        using var watched = new CancellationTokenSource();
        var most = WatchAsync(seconds, watched.Token);

        await networks.PullOutAsync();
        await Sleepers.WaitForAsync(seconds, 0);
        Assert.Equal(2, (await AttemptAsync(client, task, 2)).Number("attempt"));
        await Sleepers.WaitForAsync(seconds, 1);

        await networks.PlugInAsync();
        await site.WaitForWorkersAsync("far-1", "near-1");
        await far.WaitForAsync("The link with the daemon is gone: the lease is over");
        await watched.CancelAsync();
        Assert.Equal(1, await most);
        Assert.Equal(2, (await AttemptAsync(client, task, 2)).Number("attempt"));
    }

    [Fact]
    public async Task A_slow_link_loses_nothing_while_answers_come_within_the_lease()
    {
        await using var site = await RemoteSite.OpenAsync(lease: "4s");
        await using var relay = new SlowRelay(site.Port, TimeSpan.FromSeconds(0.7));
        await site.AddAsync("far-1", Whitelist, port: relay.Port);
        await site.WaitForWorkersAsync("far-1");
        using var client = await site.ConnectAsync();
        for (var n = 0; n < 3; n++)
        {
            var slept = await client.RunAsync(RemoteWorkerTests.Start("far.again", new { seconds = 1 }));
            Assert.Equal("done", slept.Text("state"));
        }
        Assert.DoesNotContain("is gone", site.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_comes_back_before_the_daemon_has_missed_it_takes_its_place_again_at_once()
    {
        await using var site = await RemoteSite.OpenAsync(lease: "10m");
        await using var relay = new SlowRelay(site.Port, TimeSpan.Zero);
        await site.AddAsync("far-1", Whitelist, port: relay.Port);
        await site.WaitForWorkersAsync("far-1");
        using var client = await site.ConnectAsync();
        var seconds = Sleepers.NewSeconds();
        var task = (
            await client.AskAsync(RemoteWorkerTests.Start("far.again", new { seconds = int.Parse(seconds) }))
        ).Number("taskid");
        await Sleepers.WaitForAsync(seconds, 1);
        using var watched = new CancellationTokenSource();
        var most = WatchAsync(seconds, watched.Token);

        relay.DropClients();

        await AttemptAsync(client, task, 2);
        await Sleepers.WaitForAsync(seconds, 1);
        await watched.CancelAsync();
        Assert.Equal(1, await most);
    }

    private static async Task<System.Text.Json.JsonElement> AttemptAsync(LineClient client, long task, int number)
    {
        System.Text.Json.JsonElement seen = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                seen = (await client.AskAsync($$"""{"request":"status","taskid":{{task}}}""")).GetProperty("task");
                return seen.Text("state") == "running" && seen.Number("attempt") == number;
            },
            () => $"Attempt {number} should run: {seen.GetRawText()}"
        );
        return seen;
    }

    private static async Task<int> WatchAsync(string seconds, CancellationToken end)
    {
        var most = 0;
        while (!end.IsCancellationRequested)
        {
            most = Math.Max(most, Sleepers.Of(seconds).Count);
            await Task.Delay(10, CancellationToken.None);
        }
        return most;
    }
}
