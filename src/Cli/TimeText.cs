using System.Globalization;
using AptTask.Protocol;

namespace AptTask.Cli;

/// <summary>Durations and instants as people write them.</summary>
internal static class TimeText
{
    /// <summary>Seconds from <c>90</c>, <c>1.5s</c>, <c>5m</c>, <c>2h</c>, <c>7d</c>.</summary>
    public static double? Seconds(string? text, string option)
    {
        if (text is null)
            return null;
        var factor =
            text.Length == 0
                ? 0
                : text[^1] switch
                {
                    's' => 1,
                    'm' => 60,
                    'h' => 3600,
                    'd' => 24 * 3600,
                    _ => 0,
                };
        var digits = factor == 0 ? text : text[..^1];
        if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return number * Math.Max(factor, 1);
        throw new UsageException($"{option} is \"{text}\"; it must be a time such as 90, 1.5s, 5m, 2h or 7d.");
    }

    /// <summary>An instant from RFC 3339, or from now on as in <c>+5m</c>.</summary>
    public static DateTimeOffset? Instant(string? text, string option, TimeProvider time)
    {
        if (text is null)
            return null;
        if (text.StartsWith('+'))
            return time.GetUtcNow() + TimeSpan.FromSeconds(Seconds(text[1..], option)!.Value);
        return Rfc3339.TryParse(text, out var instant)
            ? instant
            : throw new UsageException(
                $"{option} is \"{text}\"; it must be an instant such as 2026-03-01T07:30:00Z, or +5m for in five minutes."
            );
    }

    /// <summary>A duration for people.</summary>
    public static string Duration(TimeSpan span) =>
        span.TotalSeconds < 10 ? $"{span.TotalSeconds:0.00}s"
        : span.TotalMinutes < 1 ? $"{span.TotalSeconds:0}s"
        : span.TotalHours < 1 ? $"{(int)span.TotalMinutes}m {span.Seconds:00}s"
        : span.TotalDays < 1 ? $"{(int)span.TotalHours}h {span.Minutes:00}m"
        : $"{(int)span.TotalDays}d {span.Hours:00}h";

    /// <summary>An instant for people, in their own time.</summary>
    public static string Moment(DateTimeOffset? instant, TimeProvider time) =>
        instant is { } given
            ? TimeZoneInfo
                .ConvertTime(given, time.LocalTimeZone)
                .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : "";
}
