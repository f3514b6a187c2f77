using System.Globalization;

namespace AptTask.Host.Configuration;

/// <summary>Durations and sizes as they are written in files.</summary>
internal static class Units
{
    /// <summary>The form of a duration, for messages.</summary>
    public const string DurationForm = "a duration such as \"250ms\", \"10s\", \"5m\", \"2h\" or \"7d\"";

    /// <summary>The form of a size, for messages.</summary>
    public const string SizeForm = "a size such as \"512B\", \"64KiB\", \"16MiB\" or \"2GiB\"";

    /// <summary>Reads a whole number and a unit: <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c>, <c>d</c>.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = default;
        if (!TrySplit(text, out var count, out var unit))
            return false;
        var ticks = unit switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            "d" => TimeSpan.TicksPerDay,
            _ => 0,
        };
        if (ticks == 0 || count > TimeSpan.MaxValue.Ticks / ticks)
            return false;
        duration = TimeSpan.FromTicks(count * ticks);
        return true;
    }

    /// <summary>Reads a whole number and a unit: <c>B</c>, <c>KiB</c>, <c>MiB</c>, <c>GiB</c>, <c>TiB</c>.</summary>
    public static bool TrySize(string text, out long bytes)
    {
        bytes = 0;
        if (!TrySplit(text, out var count, out var unit))
            return false;
        var shift = unit switch
        {
            "B" => 0,
            "KiB" => 10,
            "MiB" => 20,
            "GiB" => 30,
            "TiB" => 40,
            _ => -1,
        };
        if (shift < 0 || count > long.MaxValue >> shift)
            return false;
        bytes = count << shift;
        return true;
    }

    /// <summary>Writes a duration as <see cref="TryDuration"/> reads it.</summary>
    public static string Write(TimeSpan duration) =>
        duration.Ticks switch
        {
            0 => "0s",
            var ticks when ticks % TimeSpan.TicksPerDay == 0 => $"{ticks / TimeSpan.TicksPerDay}d",
            var ticks when ticks % TimeSpan.TicksPerHour == 0 => $"{ticks / TimeSpan.TicksPerHour}h",
            var ticks when ticks % TimeSpan.TicksPerMinute == 0 => $"{ticks / TimeSpan.TicksPerMinute}m",
            var ticks when ticks % TimeSpan.TicksPerSecond == 0 => $"{ticks / TimeSpan.TicksPerSecond}s",
            var ticks => $"{ticks / TimeSpan.TicksPerMillisecond}ms",
        };

    /// <summary>Writes a size as <see cref="TrySize"/> reads it.</summary>
    public static string Write(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var unit = 0;
        while (unit < units.Length - 1 && bytes != 0 && bytes % 1024 == 0)
        {
            bytes /= 1024;
            unit++;
        }
        return $"{bytes}{units[unit]}";
    }

    private static bool TrySplit(string text, out long count, out string unit)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        unit = digits < 0 ? "" : text[digits..];
        count = 0;
        return digits > 0
            && long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out count);
    }
}
