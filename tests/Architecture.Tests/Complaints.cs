namespace AptTask.Architecture.Tests;

/// <summary>Fails a test with everything that is wrong, one a line, and not with the first few of it.</summary>
internal static class Complaints
{
    public static void AssertNone(IEnumerable<string> complaints)
    {
        var found = complaints.ToList();
        Assert.True(found.Count == 0, $"{found.Count} found:\n{string.Join('\n', found)}");
    }
}
