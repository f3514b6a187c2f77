namespace AptTask.Protocol;

/// <summary>What a routine says of itself.</summary>
/// <param name="Progress">0 to 1.</param>
/// <param name="Message">For people.</param>
public sealed record ReportView(double? Progress = null, string? Message = null);
