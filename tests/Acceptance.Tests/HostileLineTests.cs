using System.Text;

namespace AptTask.Acceptance.Tests;

/// <summary>Bad input never crashes the daemon, never hangs it, and never disturbs the next client.</summary>
public class HostileLineTests
{
    [Fact]
    public async Task Every_bad_line_gets_one_answer_and_the_connection_goes_on()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        using var client = await daemon.ConnectAsync();
        foreach (var (line, code) in Lines)
        {
            await client.SendAsync((byte[])[.. line, (byte)'\n']);
            var answer = await client.ReadAsync();
            Assert.True(answer is not null, $"Closed after {Encoding.UTF8.GetString(line)}");
            Assert.True(
                answer.Value.Text("code") == code && answer.Value.Text("status") == "error",
                $"{code} was expected for {Encoding.UTF8.GetString(line.AsSpan(0, Math.Min(80, line.Length)))} and this came: {answer.Value.GetRawText()}"
            );
        }

        (await client.AskAsync("""{"request":"hello"}""")).MustBeOk();
    }

    private static (byte[] Line, string Code)[] Lines =>
        [
            ("{"u8.ToArray(), "bad_json"),
            ("null"u8.ToArray(), "bad_request"),
            ("[]"u8.ToArray(), "bad_request"),
            ("\"x\""u8.ToArray(), "bad_request"),
            (Encoding.UTF8.GetBytes(new string('[', 100_000)), "bad_json"),
            ("{\"request\":\"hello\",\"request\":\"index\"}"u8.ToArray(), "bad_json"),
            ("{\"\\u0072equest\":\"hello\",\"request\":\"index\"}"u8.ToArray(), "bad_json"),
            ("{\"request\":\"hello\",\"colour\":1}"u8.ToArray(), "unknown_field"),
            ("{\"request\":\"start\",\"name\":\"demo.noop\",\"priority\":1e400}"u8.ToArray(), "bad_json"),
            ("{\"request\":\"start\",\"name\":\"demo.noop\",\"priority\":1.0}"u8.ToArray(), "bad_request"),
            ("{\"request\":\"start\",\"name\":\"demo.noop\",\"priority\":\"1\"}"u8.ToArray(), "bad_request"),
            (
                "{\"request\":\"start\",\"name\":\"demo.noop\",\"priority\":9223372036854775808}"u8.ToArray(),
                "bad_request"
            ),
            ([0x22, 0xff, 0x22], "bad_utf8"),
            ([0x22, 0xc0, 0xaf, 0x22], "bad_utf8"),
            ([0x22, 0xed, 0xa0, 0x80, 0x22], "bad_utf8"),
            ([0xef, 0xbb, 0xbf, .. "{\"request\":\"hello\"}"u8], "bad_json"),
            ([.. "{\"request\":\"hel"u8, 0, .. "lo\"}"u8], "bad_json"),
            ("{\"request\":\"hello\"}{\"request\":\"hello\"}"u8.ToArray(), "bad_json"),
            ("{\"request\":\"hello\",}"u8.ToArray(), "bad_json"),
            ("{\"request\":\"HELLO\"}"u8.ToArray(), "unknown_request"),
            ("{\"request\":\"hello \"}"u8.ToArray(), "unknown_request"),
            ("{\"request\":\"start\",\"name\":\"nobody.listed\"}"u8.ToArray(), "unknown_routine"),
            ("{\"request\":\"start\",\"name\":\"DEMO.NOOP\"}"u8.ToArray(), "unknown_routine"),
            (
                "{\"request\":\"start\",\"name\":\"demo.sleep\",\"arguments\":{\"seconds\":\"1\"}}"u8.ToArray(),
                "bad_argument"
            ),
            (
                "{\"request\":\"start\",\"name\":\"demo.sleep\",\"arguments\":{\"secnds\":1}}"u8.ToArray(),
                "unknown_argument"
            ),
            ("{\"request\":\"reload\"}"u8.ToArray(), "forbidden"),
            ("{\"request\":\"status\",\"taskid\":999999}"u8.ToArray(), "not_found"),
        ];

    [Fact]
    public async Task A_line_without_an_end_closes_the_connection_at_the_limit_and_nothing_else()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        using var other = await daemon.ConnectAsync();
        using var client = await daemon.ConnectAsync();
        try
        {
            var chunk = Encoding.UTF8.GetBytes(new string('x', 64 * 1024));
            for (var sent = 0; sent < 10 * 1024 * 1024; sent += chunk.Length)
                await client.SendAsync(chunk);
        }
        catch (IOException)
        {
            // The daemon hung up before everything was sent, as it should.
        }

        (await other.AskAsync("""{"request":"hello"}""")).MustBeOk();
        Assert.DoesNotContain("Exception", daemon.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_pipelined_requests_are_answered_in_order()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        using var client = await daemon.ConnectAsync();
        const int Many = 10_000;
        var lines = new StringBuilder();
        for (var n = 0; n < Many; n++)
            lines.Append("{\"request\":\"start\",\"name\":\"demo.noop\",\"keep\":\"none\"}\n");
        var sending = client.SendAsync(lines.ToString());
        long last = 0;
        for (var n = 0; n < Many; n++)
        {
            var task = (await client.ReadAsync())!.Value.Number("taskid");
            Assert.True(task > last, $"Answer {n} has task {task} after {last}.");
            last = task;
        }

        await sending;
    }

    [Fact]
    public async Task A_client_that_has_ended_its_half_still_gets_its_answers()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        using var client = await daemon.ConnectAsync();
        await client.SendAsync(
            """
            {"request":"start","name":"demo.echo","arguments":{"value":{"a":[1,2]}},"jobid":"e"}
            {"request":"wait","jobids":["e"]}
            {"request":"result","jobid":"e"}

            """
        );
        client.EndSending();
        (await client.ReadAsync())!.Value.MustBeOk();
        (await client.ReadAsync())!.Value.MustBeOk();
        var result = (await client.ReadAsync())!.Value.GetProperty("result");
        Assert.Equal("done", result.Text("state"));
        Assert.Equal("""{"a":[1,2]}""", result.GetProperty("data").GetRawText());
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task An_old_client_gets_one_compact_answer_and_the_connection_closes()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        using var starter = await daemon.ConnectAsync();
        await starter.SendAsync("""{"request":"start","key":"any","name":"demo.sleep","arguments":["0"]}""");
        var started = await starter.ReadToEndAsync();
        Assert.Matches("""^\{"status":"ok","response":"start","taskid":[0-9]+\}$""", started);

        using var lister = await daemon.ConnectAsync();
        await lister.SendAsync("""{"request":"index","key":"any"}""");
        lister.EndSending();
        Assert.Contains("\"demo.sleep\"", await lister.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
