using System.Globalization;

namespace AptTask.Acceptance.Tests;

/// <summary>Processes that a test can tell from all others: they sleep for a number of seconds that nobody else sleeps for.</summary>
internal static class Sleepers
{
    private static int _last;

    /// <summary>A number of seconds, of some hours, that no other test of this machine uses.</summary>
    public static string NewSeconds() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{61_000_000 + (Environment.ProcessId % 100_000) * 100 + Interlocked.Increment(ref _last)}"
        );

    /// <summary>The process ids of those that sleep for these seconds.</summary>
    public static List<int> Of(string seconds)
    {
        var found = new List<int>();
        foreach (var folder in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            try
            {
                if (
                    File.ReadAllText(Path.Combine(folder, "comm")).Trim() == "sleep"
                    && File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0').Contains(seconds)
                )
                    found.Add(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }
        return found;
    }

    /// <summary>Waits until so many sleep for these seconds.</summary>
    public static Task WaitForAsync(string seconds, int count) =>
        Eventually.HoldsAsync(
            () => Of(seconds).Count == count,
            () => $"{count} should sleep for {seconds}, but {Of(seconds).Count} do."
        );
}
