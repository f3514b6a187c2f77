namespace AptTask.Protocol;

/// <summary>A task as the old protocol lists it.</summary>
/// <param name="TaskId">Its number.</param>
/// <param name="Name">Its routine.</param>
/// <param name="Status">−1 error, 0 initialized, 1 running, 2 done.</param>
/// <param name="Position">0 while it runs, then its place in the queue.</param>
/// <param name="Progress">0 to 1.</param>
/// <param name="Message">What it last reported.</param>
public readonly record struct LegacyRow(
    long TaskId,
    string Name,
    int Status,
    int Position,
    double Progress,
    string? Message
);
