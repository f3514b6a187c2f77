namespace AptTask.Acceptance.Tests;

/// <summary>A daemon that is killed takes what it ran with it.</summary>
public class KilledWithCommandsTests
{
    [Fact]
    public async Task A_kill_of_the_daemon_leaves_no_process_of_five_commands_some_of_which_have_run_away()
    {
        // A number of seconds that nobody else sleeps for, by which its processes are found.
        var seconds = $"61{Environment.ProcessId}.{Random.Shared.Next(100_000, 999_999)}";
        await using var daemon = await DaemonProcess.StartAsync(
            "[lanes]\ndefault = 5\n",
            string.Concat(
                Command("plain", $"exec sleep {seconds}"),
                Command("child", $"sleep {seconds} & wait"),
                Command("session", $"setsid sleep {seconds} & wait; sleep {seconds}"),
                Command(
                    "orphan",
                    $"(setsid sleep {seconds} </dev/null >/dev/null 2>&1 &) & wait; exec sleep {seconds}"
                ),
                Command(
                    "bare",
                    $"(setsid sh -c 'sleep {seconds} & sleep {seconds}' </dev/null >/dev/null 2>&1 &) & trap '' TERM HUP; sleep {seconds}"
                )
            )
        );
        using var client = await daemon.ConnectAsync();
        foreach (var name in new[] { "plain", "child", "session", "orphan", "bare" })
            (await client.AskAsync($$"""{"request":"start","name":"{{name}}"}""")).MustBeOk();
        await Eventually.HoldsAsync(
            () => Sleeping(seconds).Count >= 9,
            () => $"Only these run: {string.Join(", ", Sleeping(seconds))}"
        );

        await daemon.KillAsync();

        await Eventually.HoldsAsync(
            () => Sleeping(seconds).Count == 0,
            () => $"These outlive the daemon: {string.Join(", ", Sleeping(seconds))}"
        );
    }

    // A shell is what no administrator should list; here it stands for a program that does such things.
    private static string Command(string name, string script) =>
        $""""
            [[command]]
            name = "{name}"
            path = "/bin/sh"
            args = ["-c", """{script}"""]
            sandbox = "limits"
            timeout = "1h"

            """";

    private static List<string> Sleeping(string seconds)
    {
        var found = new List<string>();
        foreach (var folder in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            try
            {
                var line = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
                if (line.Contains($"sleep {seconds}", StringComparison.Ordinal))
                    found.Add($"{Path.GetFileName(folder)} {line}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }

        return found;
    }
}
