using System.Text.Json;
using AptTask.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace AptTask.Protocol.Tests;

public sealed class AptTaskConnectionTests
{
    private static readonly TimeSpan Patience = ScriptedTalk.Patience;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static StartRequest Start(string? job = null) =>
        new()
        {
            Task = new TaskOrder { Routine = "demo.noop", JobId = job },
        };

    private static async Task<(AptTaskConnection Client, ScriptedTalk Daemon)> ConnectAsync(
        ScriptedPeer peer,
        AptTaskConnectionOptions? options = null
    )
    {
        var connecting = AptTaskConnection.ConnectAsync(AptTaskAddress.OfTcp("127.0.0.1", peer.Port), options, Cancel);
        var daemon = await peer.AcceptAsync();
        return (await connecting.WaitAsync(Patience, Cancel), daemon);
    }

    private static async Task<JsonElement> ReadAsync(ScriptedTalk daemon) =>
        JsonElement.Parse((await daemon.ReadLineAsync())!);

    [Fact]
    public async Task Each_request_gets_its_own_answer_in_whatever_order_they_come()
    {
        await using var peer = ScriptedPeer.Listen();
        var (client, daemon) = await ConnectAsync(peer);
        await using var _ = client;
        await using var __ = daemon;

        var first = client.SendAsync(Start("a"), Cancel);
        var second = client.SendAsync(Start("b"), Cancel);
        var a = await ReadAsync(daemon);
        var b = await ReadAsync(daemon);
        // The second answer first, both in one packet, cut in the middle.
        var both =
            $$"""{"id":{{b.GetProperty("id")}},"status":"ok","response":"start","taskid":2,"state":"ready"}{{"\n"}}{"id":{{a.GetProperty("id")}},"status":"ok","response":"start","taskid":1,"state":"ready","new_member":[1]}{{"\n"}}""";
        await daemon.SendAsync(both[..90]);
        await daemon.SendAsync(both[90..]);

        Assert.Equal(
            a.GetProperty("jobid").GetString() == "a" ? 1 : 2,
            (await first.WaitAsync(Patience, Cancel)).TaskId
        );
        Assert.Equal(
            a.GetProperty("jobid").GetString() == "a" ? 2 : 1,
            (await second.WaitAsync(Patience, Cancel)).TaskId
        );
    }

    [Fact]
    public async Task A_thousand_requests_may_be_under_way_at_once()
    {
        await using var peer = ScriptedPeer.Listen();
        var (client, daemon) = await ConnectAsync(peer);
        await using var _ = client;
        await using var __ = daemon;
        var daemonsPart = Task.Run(
            async () =>
            {
                for (var count = 0; count < 1000; count++)
                {
                    var request = await ReadAsync(daemon);
                    await daemon.SendLineAsync(
                        $$"""{"id":{{request.GetProperty("id")}},"status":"ok","response":"status","task":{"taskid":{{request.GetProperty("taskid")}},"group":"g","routine":"r","state":"done"} }"""
                    );
                }
            },
            Cancel
        );

        var answers = await Task.WhenAll(
                Enumerable.Range(1, 1000).Select(id => client.SendAsync(new StatusRequest { TaskId = id }, Cancel))
            )
            .WaitAsync(Patience, Cancel);

        await daemonsPart.WaitAsync(Patience, Cancel);
        Assert.Equal(Enumerable.Range(1, 1000).Select(id => (long)id), answers.Select(answer => answer.Task.TaskId));
    }

    [Fact]
    public async Task A_refusal_is_an_exception_with_its_code_and_facts()
    {
        await using var peer = ScriptedPeer.Listen();
        var (client, daemon) = await ConnectAsync(peer);
        await using var _ = client;
        await using var __ = daemon;

        var sending = client.SendAsync(Start(), Cancel);
        await daemon.ReadLineAsync();
        await daemon.SendLineAsync(
            """{"id":1,"status":"error","response":"start","code":"queue_full","message":"Full.","limit":10}"""
        );

        var refused = await Assert.ThrowsAsync<AptTaskException>(() => sending.WaitAsync(Patience, Cancel));
        Assert.Equal(ErrorCodes.QueueFull, refused.Code);
        Assert.Equal("Full.", refused.Message);
        Assert.Equal(10, refused.Details.Single(detail => detail.Name == "limit").Value.GetInt32());
    }

    [Fact]
    public async Task The_key_is_shown_first_and_a_wrong_one_ends_the_connecting()
    {
        await using var peer = ScriptedPeer.Listen();
        var connecting = AptTaskConnection.ConnectAsync(
            AptTaskAddress.OfTcp("localhost", peer.Port),
            new AptTaskConnectionOptions { Key = "apt_x_y" },
            Cancel
        );
        await using var daemon = await peer.AcceptAsync();

        var hello = await ReadAsync(daemon);
        Assert.Equal("hello", hello.GetProperty("request").GetString());
        Assert.Equal("apt_x_y", hello.GetProperty("key").GetString());
        await daemon.SendLineAsync(
            """{"id":1,"status":"error","response":"hello","code":"unauthenticated","message":"No."}"""
        );

        var refused = await Assert.ThrowsAsync<AptTaskException>(() => connecting.WaitAsync(Patience, Cancel));
        Assert.Equal(ErrorCodes.Unauthenticated, refused.Code);
        Assert.Null(await daemon.ReadLineAsync());
    }

    [Fact]
    public async Task A_close_in_the_middle_of_an_answer_fails_all_who_wait()
    {
        await using var peer = ScriptedPeer.Listen();
        var (client, daemon) = await ConnectAsync(peer);
        await using var _ = client;

        var first = client.SendAsync(Start(), Cancel);
        var second = client.SendAsync(Start(), Cancel);
        await daemon.ReadLineAsync();
        await daemon.ReadLineAsync();
        await daemon.SendAsync("""{"id":1,"status":"ok","resp""");
        await daemon.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(() => first.WaitAsync(Patience, Cancel));
        await Assert.ThrowsAsync<IOException>(() => second.WaitAsync(Patience, Cancel));
        await Assert.ThrowsAsync<IOException>(() => client.SendAsync(Start(), Cancel).WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task What_the_daemon_says_before_it_closes_is_told()
    {
        await using var peer = ScriptedPeer.Listen();
        var (client, daemon) = await ConnectAsync(peer);
        await using var _ = client;

        var sending = client.SendAsync(Start(), Cancel);
        await daemon.ReadLineAsync();
        await daemon.SendLineAsync("""{"status":"error","code":"line_too_long","message":"At most 4096 bytes."}""");
        await daemon.DisposeAsync();

        var refused = await Assert.ThrowsAsync<AptTaskException>(() => sending.WaitAsync(Patience, Cancel));
        Assert.Equal(ErrorCodes.LineTooLong, refused.Code);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request")]
    [InlineData("[]")]
    [InlineData("{\"id\":")]
    public async Task What_is_no_daemon_is_noticed(string line)
    {
        await using var peer = ScriptedPeer.Listen();
        var (client, daemon) = await ConnectAsync(peer);
        await using var _ = client;
        await using var __ = daemon;

        var sending = client.SendAsync(Start(), Cancel);
        await daemon.ReadLineAsync();
        await daemon.SendLineAsync(line);

        await Assert.ThrowsAsync<IOException>(() => sending.WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task An_answer_to_a_request_that_was_given_up_harms_nobody()
    {
        await using var peer = ScriptedPeer.Listen();
        var (client, daemon) = await ConnectAsync(peer);
        await using var _ = client;
        await using var __ = daemon;

        using var givingUp = new CancellationTokenSource();
        var first = client.SendAsync(Start(), givingUp.Token);
        await daemon.ReadLineAsync();
        await givingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Patience, Cancel));

        var second = client.SendAsync(Start(), Cancel);
        await daemon.ReadLineAsync();
        await daemon.SendLineAsync("""{"id":1,"status":"ok","response":"start","taskid":1,"state":"ready"}""");
        await daemon.SendLineAsync("""{"id":2,"status":"ok","response":"start","taskid":2,"state":"ready"}""");
        Assert.Equal(2, (await second.WaitAsync(Patience, Cancel)).TaskId);
    }

    [Fact]
    public async Task Events_come_to_the_one_who_watches_while_others_get_answers()
    {
        await using var peer = ScriptedPeer.Listen();
        var (client, daemon) = await ConnectAsync(peer);
        await using var _ = client;
        await using var __ = daemon;

        await using var events = client.WatchAsync(new WatchRequest { TaskId = 7 }, Cancel).GetAsyncEnumerator(Cancel);
        var moving = events.MoveNextAsync().AsTask();
        await daemon.ReadLineAsync();
        await daemon.SendLineAsync("""{"id":1,"status":"ok","response":"watch","seq":3}""");
        var asking = client.SendAsync(new StatusRequest { TaskId = 7 }, Cancel);
        await daemon.ReadLineAsync();
        await daemon.SendLineAsync(
            """{"id":1,"event":"state","seq":4,"at":"2026-03-01T07:30:00.000Z","taskid":7,"state":"running","attempt":1}"""
        );
        await daemon.SendLineAsync("""{"id":1,"event":"a_newer_kind"}""");
        await daemon.SendLineAsync("""{"id":1,"event":"report","taskid":7,"progress":0.5,"message":"half"}""");
        await daemon.SendLineAsync(
            """{"id":2,"status":"ok","response":"status","task":{"taskid":7,"group":"g","routine":"r","state":"running"}}"""
        );
        await daemon.SendLineAsync("""{"id":1,"event":"end","taskid":7}""");

        Assert.True(await moving.WaitAsync(Patience, Cancel));
        Assert.Equal(4, Assert.IsType<StateEvent>(events.Current).Seq);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(0.5, Assert.IsType<ReportEvent>(events.Current).Progress);
        Assert.Equal("running", (await asking.WaitAsync(Patience, Cancel)).Task.State);
        Assert.True(await events.MoveNextAsync());
        Assert.IsType<EndEvent>(events.Current);
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task A_worklog_is_followed_from_what_is_there_to_its_end()
    {
        await using var peer = ScriptedPeer.Listen();
        var (client, daemon) = await ConnectAsync(peer);
        await using var _ = client;
        await using var __ = daemon;

        var reading = Task.Run(
            async () =>
            {
                var texts = new List<string>();
                await foreach (var entry in client.FollowLogAsync(new LogRequest { TaskId = 7 }, Cancel))
                    texts.Add(entry.Text);
                return texts;
            },
            Cancel
        );
        Assert.True((await ReadAsync(daemon)).GetProperty("follow").GetBoolean());
        await daemon.SendLineAsync(
            """{"id":1,"status":"ok","response":"log","taskid":7,"entries":[{"offset":0,"stream":"out","text":"one\n"}],"next_offset":4,"complete":false}"""
        );
        await daemon.SendLineAsync("""{"id":1,"event":"log","taskid":7,"offset":4,"stream":"err","text":"two"}""");
        await daemon.SendLineAsync("""{"id":1,"event":"end","taskid":7}""");

        Assert.Equal(["one\n", "two"], await reading.WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task A_lost_start_with_a_job_id_is_sent_again_and_one_without_is_not()
    {
        await using var peer = ScriptedPeer.Listen();
        var (client, daemon) = await ConnectAsync(
            peer,
            new AptTaskConnectionOptions { Reconnect = new ReconnectPolicy() }
        );
        await using var _ = client;

        var without = client.SendAsync(Start(), Cancel);
        var with = client.SendAsync(Start("a"), Cancel);
        await daemon.ReadLineAsync();
        await daemon.ReadLineAsync();
        await daemon.DisposeAsync();

        await using var again = await peer.AcceptAsync();
        var repeated = await ReadAsync(again);
        Assert.Equal("a", repeated.GetProperty("jobid").GetString());
        await again.SendLineAsync(
            $$"""{"id":{{repeated.GetProperty("id")}},"status":"ok","response":"start","taskid":5,"state":"ready","deduplicated":true}"""
        );

        Assert.True((await with.WaitAsync(Patience, Cancel)).Deduplicated);
        await Assert.ThrowsAsync<IOException>(() => without.WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task A_watch_goes_on_behind_the_last_event_after_a_loss()
    {
        await using var peer = ScriptedPeer.Listen();
        var (client, daemon) = await ConnectAsync(
            peer,
            new AptTaskConnectionOptions { Reconnect = new ReconnectPolicy() }
        );
        await using var _ = client;

        await using var events = client.WatchAsync(new WatchRequest(), Cancel).GetAsyncEnumerator(Cancel);
        var moving = events.MoveNextAsync().AsTask();
        await daemon.ReadLineAsync();
        await daemon.SendLineAsync("""{"id":1,"status":"ok","response":"watch","seq":3}""");
        await daemon.SendLineAsync("""{"id":1,"event":"state","seq":4,"taskid":7,"state":"running"}""");
        Assert.True(await moving.WaitAsync(Patience, Cancel));
        moving = events.MoveNextAsync().AsTask();
        await daemon.DisposeAsync();

        await using var again = await peer.AcceptAsync();
        var resumed = await ReadAsync(again);
        Assert.Equal(5, resumed.GetProperty("from").GetInt64());
        await again.SendLineAsync(
            $$"""{"id":{{resumed.GetProperty("id")}},"status":"ok","response":"watch","seq":6}"""
        );
        await again.SendLineAsync(
            $$"""{"id":{{resumed.GetProperty("id")}},"event":"state","seq":5,"taskid":7,"state":"done"}"""
        );
        Assert.True(await moving.WaitAsync(Patience, Cancel));
        Assert.Equal(5, Assert.IsType<StateEvent>(events.Current).Seq);
    }

    [Fact]
    public async Task Nobody_there_is_told_after_the_attempts_of_the_policy()
    {
        int port;
        await using (var gone = ScriptedPeer.Listen())
            port = gone.Port;
        var failure = await Assert.ThrowsAsync<IOException>(() =>
            AptTaskConnection
                .ConnectAsync(AptTaskAddress.OfTcp("127.0.0.1", port), null, Cancel)
                .WaitAsync(Patience, Cancel)
        );
        Assert.Contains($"127.0.0.1:{port}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_delay_between_attempts_passes_on_the_clock_that_was_given()
    {
        var time = new FakeTimeProvider();
        var peer = ScriptedPeer.Listen();
        var (client, daemon) = await ConnectAsync(
            peer,
            new AptTaskConnectionOptions { Reconnect = new ReconnectPolicy(Attempts: 3), Time = time }
        );
        await using var _ = client;
        await daemon.DisposeAsync();
        await peer.DisposeAsync();

        var sending = client.SendAsync(new StatusRequest { TaskId = 1 }, Cancel);
        while (!sending.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
        await Assert.ThrowsAsync<IOException>(() => sending);
        Assert.True(time.GetUtcNow() - time.Start >= TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public void Delays_grow_twofold_up_to_their_bound_and_jitter_halves_at_most()
    {
        var policy = new ReconnectPolicy { FirstDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(5) };
        Assert.Equal(
            [0, 1, 2, 4, 5, 5],
            Enumerable.Range(0, 6).Select(attempt => policy.DelayBefore(attempt, 1).TotalSeconds)
        );
        Assert.Equal(2, policy.DelayBefore(3, 0).TotalSeconds);
    }

    [Theory]
    [InlineData("localhost:2142", "localhost:2142")]
    [InlineData("[::1]:2142", "[::1]:2142")]
    [InlineData("tls:example.org:2143", "tls:example.org:2143")]
    [InlineData("unix:/run/aptask.sock", "unix:/run/aptask.sock")]
    [InlineData("localhost", null)]
    [InlineData(":2142", null)]
    [InlineData("localhost:0", null)]
    [InlineData("localhost:70000", null)]
    [InlineData("localhost:-1", null)]
    [InlineData("unix:", null)]
    public void Addresses_are_read_as_people_write_them(string text, string? address) =>
        Assert.Equal(address, AptTaskAddress.TryParse(text)?.ToString());

    [Fact]
    public async Task A_Unix_socket_is_spoken_to_like_a_port()
    {
        var path = Path.Combine(Path.GetTempPath(), $"aptask-{Guid.NewGuid():N}.sock");
        using var listener = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Unspecified
        );
        listener.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
        listener.Listen();
        try
        {
            var connecting = AptTaskConnection.ConnectAsync(AptTaskAddress.OfUnix(path), null, Cancel);
            using var accepted = await listener.AcceptAsync(Cancel);
            await using var client = await connecting.WaitAsync(Patience, Cancel);
            var sending = client.SendAsync(new WorkersRequest(), Cancel);
            await accepted.SendAsync(
                "{\"id\":1,\"status\":\"ok\",\"response\":\"workers\",\"workers\":[]}\n"u8.ToArray(),
                Cancel
            );
            Assert.Empty((await sending.WaitAsync(Patience, Cancel)).Workers);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
