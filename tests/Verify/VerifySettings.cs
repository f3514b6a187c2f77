using System.Text.RegularExpressions;

namespace VerifyTests;

/// <summary>What is done to a text before it is compared with its snapshot.</summary>
/// <remarks>Has the names and the meaning of the package Verify, of which this project is a stand-in.</remarks>
public sealed class VerifySettings
{
    private static readonly TimeSpan PatternPatience = TimeSpan.FromSeconds(5);

    private readonly List<Func<string, string>> _scrubbers = [];

    internal string? ParametersText { get; private set; }

    /// <summary>Adds a change to the text; changes are made in the order in which they were added.</summary>
    public void AddScrubber(Func<string, string> scrubber) => _scrubbers.Add(scrubber);

    /// <summary>Replaces each different GUID by <c>Guid_1</c>, <c>Guid_2</c> and so on, the same one by the same name.</summary>
    public void ScrubInlineGuids() =>
        AddScrubber(NameMatches(@"\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"));

    /// <summary>Leaves out each line that contains one of the texts.</summary>
    public void ScrubLinesContaining(params string[] texts) =>
        AddScrubber(text =>
            string.Join(
                '\n',
                text.Split('\n').Where(line => !texts.Any(part => line.Contains(part, StringComparison.Ordinal)))
            )
        );

    /// <summary>Takes this text into the file's name instead of the arguments of the test.</summary>
    public void UseTextForParameters(string parametersText) => ParametersText = parametersText;

    internal string Scrub(string text) => _scrubbers.Aggregate(text, (scrubbed, scrubber) => scrubber(scrubbed));

    private static Func<string, string> NameMatches(string pattern) =>
        text =>
        {
            var numbers = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
            return Regex.Replace(
                text,
                pattern,
                match =>
                {
                    numbers.TryAdd(match.Value, numbers.Count + 1);
                    return $"Guid_{numbers[match.Value]}";
                },
                RegexOptions.None,
                PatternPatience
            );
        };
}
