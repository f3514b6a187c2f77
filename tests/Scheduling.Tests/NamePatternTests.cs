namespace AptTask.Scheduling.Tests;

/// <summary>Groups of a key, allowed routines and lanes all say with stars whom they mean.</summary>
public class NamePatternTests
{
    [Fact]
    public void A_pattern_matches_whole_names_only()
    {
        Assert.True(NamePattern.IsMatch("site/*", "site/a/b"));
        Assert.True(NamePattern.IsMatch("*", ""));
        Assert.True(NamePattern.IsMatch("a*b*c", "aXbXbXc"));
        Assert.False(NamePattern.IsMatch("site/*", "mysite/a"));
        Assert.False(NamePattern.IsMatch("a*b", "abc"));
        Assert.False(NamePattern.IsMatch("a?c", "abc"));
        Assert.False(NamePattern.IsMatch("a*a*a*a*a*a*a*a*b", new string('a', 10_000)));
    }
}
