using System.Text;

namespace AptTask.Acceptance.Tests;

/// <summary>Clients that are silent, slow, deaf or lost harm nobody but themselves.</summary>
public class HostileConnectionTests
{
    private const string Hello = """{"request":"hello"}""";

    [Fact]
    public async Task Silent_connections_are_closed_in_time_and_keep_nobody_out_for_longer()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        var silent = new List<LineClient>();
        for (var n = 0; n < 200; n++)
            silent.Add(await daemon.ConnectAsync());
        using (var admin = await daemon.ConnectAsAdminAsync())
            (await admin.AskAsync(Hello)).MustBeOk();

        var said = await Task.WhenAll(silent.Select(client => client.ReadToEndAsync()));
        Assert.InRange(said.Count(text => text.Length == 0), 64, 199);
        Assert.All(said.Where(text => text.Length > 0), text => Assert.Contains("\"code\":\"busy\"", text));
        Assert.All(said, text => Assert.True(text.Count(letter => letter == '\n') <= 1, text));

        using var valid = await daemon.ConnectAsync();
        (await valid.AskAsync(Hello)).MustBeOk();
        silent.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_client_that_has_sent_a_request_is_no_stranger_and_may_stay_beside_as_many_others()
    {
        await using var daemon = await DaemonProcess.StartAsync(server: "max_unauthenticated = 1\nfirst_line = \"1s\"");
        var clients = new List<LineClient>();
        for (var n = 0; n < 20; n++)
        {
            clients.Add(await daemon.ConnectAsync());
            (await clients[^1].AskAsync(Hello)).MustBeOk();
        }

        // Longer than a stranger has: they are still there.
        using var stranger = await daemon.ConnectAsync();
        Assert.Equal("", await stranger.ReadToEndAsync());
        foreach (var client in clients)
            (await client.AskAsync(Hello)).MustBeOk();
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_line_that_comes_byte_by_byte_is_answered_when_it_is_whole_in_time()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        using var client = await daemon.ConnectAsync();
        foreach (var letter in Encoding.UTF8.GetBytes(Hello + "\n"))
            await client.SendAsync(new[] { letter });
        (await client.ReadAsync())!.Value.MustBeOk();
    }

    [Fact]
    public async Task A_line_that_drips_in_for_ever_is_waited_for_no_longer_than_silence()
    {
        await using var daemon = await DaemonProcess.StartAsync(server: "first_line = \"1s\"");
        using var other = await daemon.ConnectAsync();
        (await other.AskAsync(Hello)).MustBeOk();
        using var client = await daemon.ConnectAsync();
        var end = client.ReadToEndAsync();
        var drops = 0;
        try
        {
            for (; !end.IsCompleted && drops < 400; drops++)
            {
                await client.SendAsync("x");
                (await other.AskAsync(Hello)).MustBeOk();
                await Task.Delay(50);
            }
        }
        catch (IOException)
        {
            // It was closed between two drops.
        }

        Assert.True(drops < 400, "Twenty seconds of drops, and the daemon still waits for a line within one.");
        Assert.Equal("", await end);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0000\u00f4\u0001\u0000\n\u0000\u00f0\u0003\u0003")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    public async Task What_speaks_another_protocol_gets_errors_and_is_closed(string greeting)
    {
        await using var daemon = await DaemonProcess.StartAsync(server: "first_line = \"1s\"");
        using var client = await daemon.ConnectAsync();
        await client.SendAsync(Encoding.Latin1.GetBytes(greeting));
        var said = (await client.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(said);
        Assert.All(said, line => Assert.Matches("\"code\":\"bad_(json|utf8)\"", line));
        using var other = await daemon.ConnectAsync();
        (await other.AskAsync(Hello)).MustBeOk();
        Assert.DoesNotContain("Exception", daemon.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_hundred_clients_that_come_and_go_leave_no_open_file_while_a_task_runs_on()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        using var client = await daemon.ConnectAsync();
        await client.AskAsync(
            """{"request":"start","name":"demo.countdown","arguments":{"from":1000000,"pause":0.01},"jobid":"long"}"""
        );
        await ComeAndGoAsync(10);
        var before = daemon.OpenFiles;

        await ComeAndGoAsync(500);

        await Eventually.HoldsAsync(
            () => daemon.OpenFiles <= before,
            () => $"{before} files were open before and {daemon.OpenFiles} are after."
        );
        var status = (await client.AskAsync("""{"request":"status","jobid":"long"}""")).GetProperty("task");
        Assert.Equal("running", status.Text("state"));

        async Task ComeAndGoAsync(int times)
        {
            for (var n = 0; n < times; n++)
            {
                using var visitor = await daemon.ConnectAsync();
                await visitor.SendAsync(
                    """
                    {"request":"watch"}
                    {"request":"log","jobid":"long","follow":true}

                    """
                );
                // Some hear a little, some go at once, some go in the middle of a line.
                if (n % 3 == 0)
                    await visitor.ReadAsync();
                if (n % 3 == 1)
                    await visitor.SendAsync("{\"request\":");
            }
        }
    }

    [Theory]
    [InlineData("""{"request":"result","jobid":"big"}""", 1000)]
    [InlineData("""{"request":"log","jobid":"flood","follow":true}""", 20)]
    [InlineData("""{"request":"watch"}""", 20)]
    public async Task A_client_that_never_reads_is_cut_off_and_costs_the_daemon_little(string request, int times)
    {
        await using var daemon = await DaemonProcess.StartAsync(
            "[lanes]\ndefault = 4\n",
            """
            [[command]]
            name = "big"
            path = "/usr/bin/seq"
            args = ["130000"]
            sandbox = "limits"
            [[command]]
            name = "flood"
            path = "/usr/bin/yes"
            sandbox = "limits"
            timeout = "1h"
            stdout = { max = "1GiB", on_limit = "truncate", as = "none" }
            limits = { cpu = "1m" }
            """,
            "write_timeout = \"2s\""
        );
        using var starter = await daemon.ConnectAsync();
        (await starter.AskAsync("""{"request":"start","name":"big","jobid":"big"}""")).MustBeOk();
        (await starter.AskAsync("""{"request":"wait","jobids":["big"]}""")).MustBeOk();
        var flood = await starter.AskAsync("""{"request":"start","name":"flood","jobid":"flood"}""");
        flood.MustBeOk();
        (
            await starter.AskAsync(
                """{"request":"start","name":"demo.countdown","arguments":{"from":1000000,"pause":0.001}}"""
            )
        ).MustBeOk();
        // The result has been read once, and what the flood keeps is kept: from here on memory should stay as it is.
        (await starter.AskAsync("""{"request":"result","jobid":"big"}""")).MustBeOk();
        await Task.Delay(500);
        var before = daemon.Memory;
        var most = before;

        using var deaf = await daemon.ConnectAsync();
        await deaf.SendAsync(string.Concat(Enumerable.Repeat(request + "\n", times)));
        using var admin = await daemon.ConnectAsAdminAsync();
        var isThere = false;
        await Eventually.HoldsAsync(
            async () =>
            {
                most = Math.Max(most, daemon.Memory);
                var open = (await admin.AskAsync("""{"request":"stats"}""")).Number("connections");
                isThere |= open == 3;
                return isThere && open == 2;
            },
            () => "The client that does not read is still connected."
        );

        TestContext.Current.TestOutputHelper?.WriteLine($"{before >> 20} MiB before, {most >> 20} MiB at the most.");
        Assert.True(most - before < 150 << 20, $"{before >> 20} MiB became {most >> 20} MiB.");
        (await starter.AskAsync(Hello)).MustBeOk();
        (await starter.AskAsync("""{"request":"stop","jobid":"flood","force":true}""")).MustBeOk();
    }
}
