namespace AptTask.Protocol;

/// <summary>One thing that a reload changed.</summary>
/// <param name="Kind"><c>plugin</c>, <c>routine</c>, <c>lane</c>, <c>group</c>, <c>key</c>, <c>schedule</c> or <c>setting</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Change"><c>added</c>, <c>changed</c>, <c>removed</c> or <c>unchanged</c>.</param>
public sealed record ReloadChange(string Kind, string Name, string Change);
