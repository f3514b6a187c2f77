using System.Collections.Immutable;

namespace AptTask.Host.Configuration;

/// <summary>A checked value of a parameter.</summary>
internal abstract record ArgumentValue
{
    private ArgumentValue() { }

    /// <summary>One token's worth.</summary>
    /// <param name="Text">As the program gets it.</param>
    /// <param name="IsText">It is a string in JSON; else number or truth, and <paramref name="Text"/> is its JSON form.</param>
    public sealed record Single(string Text, bool IsText) : ArgumentValue
    {
        /// <summary>As it is kept, when that differs from what the program gets (a path before its links are followed).</summary>
        public string Kept { get; init; } = Text;
    }

    /// <summary>A switch.</summary>
    public sealed record Flag(bool On) : ArgumentValue;

    /// <summary>A token for each.</summary>
    public sealed record Several(ImmutableArray<Single> Items) : ArgumentValue;
}
