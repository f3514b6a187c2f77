using System.Text.Json;

namespace AptTask.Host.Configuration;

/// <summary>One <c>[[schedule]]</c>: a submission by the calendar.</summary>
internal sealed record ScheduleEntry
{
    /// <summary>Its name, unique.</summary>
    public required string Name { get; init; }

    /// <summary>When: five fields, or six with seconds first.</summary>
    public required string Cron { get; init; }

    /// <summary>The zone the times are meant in.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>What is submitted.</summary>
    public required string Routine { get; init; }

    /// <summary>Its arguments: a JSON object.</summary>
    public required JsonElement Arguments { get; init; }

    /// <summary>The group it is submitted for.</summary>
    public required string Group { get; init; }

    /// <summary>−100 to 100.</summary>
    public int Priority { get; init; }

    /// <summary>The lane; null for the routine's own.</summary>
    public string? Lane { get; init; }

    /// <summary>What happens to runs that were missed.</summary>
    public MissedRuns Missed { get; init; }

    /// <summary>The line in its file.</summary>
    public int Line { get; init; }
}
