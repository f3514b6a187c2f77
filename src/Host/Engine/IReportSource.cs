namespace AptTask.Host.Engine;

/// <summary>Holds the newest report of a running attempt until the loop takes it, so that a flood of them costs one letter.</summary>
internal interface IReportSource
{
    /// <summary>The newest report. After this call the next one is told again.</summary>
    (double Progress, string? Message) Take();
}
