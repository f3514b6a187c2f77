namespace AptTask.Acceptance.Tests;

/// <summary>Sessions that were recorded, and then damaged at random with fixed seeds: the daemon answers, closes, and lives on.</summary>
public class MutatedSessionTests
{
    private const int Sessions = 300;

    [Fact(Timeout = 300_000)]
    public async Task No_damage_to_a_session_breaks_or_hangs_the_daemon()
    {
        var recorded = Directory
            .GetFiles(Path.Combine(Clone.Root, "tests", "Wire"), "*.ndjson")
            .Order(StringComparer.Ordinal)
            .Select(file =>
                File.ReadLines(file)
                    .Where(line => line.StartsWith("> ", StringComparison.Ordinal))
                    .Select(line => line[2..])
                    .ToList()
            )
            .ToList();
        Assert.NotEmpty(recorded);
        await using var daemon = await DaemonProcess.StartAsync("[limits]\nmax_timeout = \"5s\"\n");
        using var valid = await daemon.ConnectAsync();
        (await valid.AskAsync("""{"request":"hello"}""")).MustBeOk();
        var (answers, errors) = (0, 0);
        for (var seed = 1; seed <= Sessions; seed++)
        {
            var random = new Random(seed);
            var session = recorded[random.Next(recorded.Count)];
            using var client = await daemon.ConnectAsync();
            try
            {
                foreach (var line in session)
                    await client.SendAsync(Damage(line, random));
                client.EndSending();
                // What was damaged may wait for what never comes, so not every session ends: the first answers are enough.
                for (var n = 0; n < 3 && await client.ReadAsync() is { } answer; n++)
                {
                    answers++;
                    errors += answer.Text("status") == "error" ? 1 : 0;
                }
            }
            catch (IOException)
            {
                // Closed in the middle, as for a line that is too long.
            }

            (await valid.AskAsync("""{"request":"hello"}""")).MustBeOk();
        }

        Assert.True(answers > Sessions, $"Only {answers} answers came.");
        Assert.True(errors > Sessions / 2, $"Only {errors} answers were errors: that is no damage.");
        Assert.DoesNotContain("A request broke", daemon.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", daemon.Said, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Sessions} sessions, {answers} answers read, {errors} of them errors, {daemon.Memory >> 20} MiB at the end."
        );
    }

    private static byte[] Damage(string line, Random random)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(line).ToList();
        for (var times = random.Next(0, 4); times > 0 && bytes.Count > 1; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes[random.Next(bytes.Count)..]);
                    break;
                case 5:
                    bytes.InsertRange(at, "\"{[,:-1e999\\u0000"u8[random.Next(8)..].ToArray());
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        if (random.Next(20) > 0)
            bytes.Add((byte)'\n');
        return [.. bytes];
    }
}
