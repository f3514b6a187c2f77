namespace AptTask.Host.Configuration;

/// <summary>One <c>[[group]]</c>.</summary>
/// <param name="Pattern">A group's name; <c>*</c> stands for any run of characters.</param>
/// <param name="Weight">The share of a fair lane.</param>
/// <param name="Running">How many of its tasks may run at once; null for no limit.</param>
/// <param name="Pending">How many of its tasks may be pending; null for no limit.</param>
/// <param name="Quota">Live tasks and kept results together; null for <c>results.quota_per_group</c>.</param>
internal sealed record GroupEntry(string Pattern, int Weight, int? Running, int? Pending, int? Quota);
