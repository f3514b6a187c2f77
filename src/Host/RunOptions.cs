namespace AptTask.Host;

/// <summary>What <c>aptaskd run</c> was told.</summary>
/// <param name="File">Where the lines are; <c>-</c> for standard input.</param>
/// <param name="Store">A database; null for memory.</param>
/// <param name="Listen">Whether the doors open.</param>
/// <param name="Json">JSON lines, also on a terminal.</param>
internal sealed record RunOptions(string File, string? Store, bool Listen, bool Json);
