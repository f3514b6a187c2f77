using System.Collections.Concurrent;

namespace AptTask.Acceptance.Tests;

/// <summary>A reload loses nothing, however often it comes and however broken what it finds.</summary>
public class ReloadUnderLoadTests
{
    private const int Reloads = 36;
    private const int Batch = 15;

    private const string Good = """
        version = 1
        [[command]]
        name = "quick"
        path = "/usr/bin/true"
        sandbox = "limits"

        """;

    private const string Better = """
        [[command]]
        name = "newcomer"
        path = "/usr/bin/true"
        sandbox = "limits"

        """;

    [Fact(Timeout = 300_000)]
    public async Task Reloads_in_a_loop_good_and_broken_lose_no_task_and_run_none_twice()
    {
        await using var daemon = await DaemonProcess.StartAsync("[lanes]\ndefault = 4\n");
        var whitelist = Path.Combine(daemon.Folder, "whitelist.toml");
        await File.WriteAllTextAsync(whitelist, Good);
        await daemon.ReloadAsync();
        using var client = await daemon.ConnectAsync();
        using var admin = await daemon.ConnectAsAdminAsync();
        using var ending = new CancellationTokenSource();
        var accepted = new ConcurrentDictionary<string, long>();
        var submitting = SubmitAsync(client, daemon.Ledger, accepted, ending.Token);
        var (refused, taken) = (0, 0);
        for (var n = 0; n < Reloads; n++)
        {
            await ChangeAsync(daemon.Folder, whitelist, n);
            var reload = await admin.AskAsync("""{"request":"reload"}""");
            reload.MustBeOk();
            refused += reload.GetProperty("refused").GetArrayLength() > 0 ? 1 : 0;
            taken += reload.GetRawText().Contains("\"change\":\"", StringComparison.Ordinal) ? 1 : 0;
            // The next one comes when tasks were submitted since.
            var enough = accepted.Count + Batch;
            await Eventually.HoldsAsync(
                () => accepted.Count >= enough || submitting.IsCompleted,
                () => $"Only {accepted.Count} tasks were accepted."
            );
        }

        await ending.CancelAsync();
        await submitting;

        // A broken whitelist or a broken plugin was there most of the time, and half of the reloads were taken all the same.
        Assert.InRange(refused, Reloads / 2, Reloads);
        Assert.InRange(taken, Reloads / 2, Reloads);
        Assert.True(accepted.Count > 300, $"Only {accepted.Count} tasks were accepted: that is no load.");
        foreach (var chunk in accepted.Values.Chunk(1000))
            (
                await client.AskAsync(
                    $$"""{"request":"wait","taskids":[{{string.Join(',', chunk)}}],"timeout_seconds":60}"""
                )
            ).MustBeOk();
        foreach (var (name, task) in accepted)
        {
            var status = (await client.AskAsync($$"""{"request":"status","taskid":{{task}}}""")).GetProperty("task");
            Assert.True(status.Text("state") == "done", $"{name}: {status.GetRawText()}");
        }

        var written = (await File.ReadAllLinesAsync(daemon.Ledger)).Select(line => line.Split(' ')[0]).ToList();
        Assert.Equal(
            accepted.Keys.Where(name => name.StartsWith("ledger", StringComparison.Ordinal)).Order(),
            written.Order()
        );
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Reloads} reloads ({refused} refused something, {taken} were taken), {accepted.Count} tasks, all done."
        );
    }

    private static async Task ChangeAsync(string folder, string whitelist, int n)
    {
        var plugins = Path.Combine(folder, "plugins");
        switch (n % 6)
        {
            case 0:
                Directory.CreateDirectory(Path.Combine(plugins, "broken"));
                await File.WriteAllTextAsync(Path.Combine(plugins, "broken", "broken.dll"), $"no program {n}");
                break;
            case 1:
                await File.WriteAllTextAsync(whitelist, Good + "[[command]]\nname = \"half");
                break;
            case 2:
                await File.WriteAllTextAsync(whitelist, Good + Better);
                break;
            case 3:
                Directory.Delete(Path.Combine(plugins, "broken"), recursive: true);
                // Other content, so another version of the plugin, while tasks of the old one run.
                await File.WriteAllTextAsync(Path.Combine(plugins, "demo", "note.txt"), $"version {n}");
                break;
            case 4:
                Directory.CreateDirectory(Path.Combine(plugins, "empty"));
                await File.WriteAllBytesAsync(Path.Combine(plugins, "empty", "empty.dll"), []);
                await File.WriteAllTextAsync(whitelist, Good);
                break;
            default:
                await File.WriteAllTextAsync(
                    whitelist,
                    Good.Replace("/usr/bin/true", "true", StringComparison.Ordinal)
                );
                Directory.Delete(Path.Combine(plugins, "empty"), recursive: true);
                break;
        }
    }

    private static async Task SubmitAsync(
        LineClient client,
        string ledger,
        ConcurrentDictionary<string, long> accepted,
        CancellationToken ending
    )
    {
        for (var batch = 0; !ending.IsCancellationRequested; batch++)
        {
            for (var n = 0; n < Batch; n++)
            {
                var (name, routine, arguments) = (n % 3) switch
                {
                    0 => (
                        $"ledger-{batch}-{n}",
                        "ledger.write",
                        $$"""{"file":"{{ledger}}","name":"ledger-{{batch}}-{{n}}"}"""
                    ),
                    1 => ($"demo-{batch}-{n}", "demo.echo", """{"value":1}"""),
                    _ => ($"quick-{batch}-{n}", "quick", "{}"),
                };
                var answer = await client.AskAsync(
                    $$"""{"request":"start","name":"{{routine}}","arguments":{{arguments}},"jobid":"{{name}}"}"""
                );
                answer.MustBeOk();
                accepted[name] = answer.Number("taskid");
            }
        }
    }
}
