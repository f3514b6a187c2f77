namespace AptTask.Host.Configuration;

/// <summary>Gathers what is wrong, so that everything can be said at once.</summary>
internal sealed class Findings
{
    /// <summary>More than this help nobody; the reader stops adding.</summary>
    private const int Limit = 200;

    private readonly List<ConfigurationProblem> _problems = [];
    private readonly List<ConfigurationProblem> _warnings = [];

    /// <summary>What keeps the files from being used.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    /// <summary>What does not.</summary>
    public IReadOnlyList<ConfigurationProblem> Warnings => _warnings;

    /// <summary>Every key that was asked for, such as <c>server.tcp</c> and <c>plugin[].name</c>: what the reader knows.</summary>
    public SortedSet<string> KnownKeys { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds something that is wrong.</summary>
    public void Problem(TextMark mark, string message, string? suggestion = null) =>
        Add(_problems, mark, message, suggestion);

    /// <summary>Adds something that should be looked at.</summary>
    public void Warn(TextMark mark, string message, string? suggestion = null) =>
        Add(_warnings, mark, message, suggestion);

    /// <summary>Adds something that is wrong or, if it is only about protection and the caller bears it, should be looked at.</summary>
    public void Protection(FileProtection protection, TextMark mark, string message, string? suggestion = null) =>
        Add(protection == FileProtection.Strict ? _problems : _warnings, mark, message, suggestion);

    private static void Add(List<ConfigurationProblem> list, TextMark mark, string message, string? suggestion)
    {
        var problem = new ConfigurationProblem(mark.File, mark.Line, mark.Column, message, suggestion);
        if (list.Contains(problem))
            return;
        if (list.Count < Limit)
            list.Add(problem);
        else if (list.Count == Limit)
            list.Add(new ConfigurationProblem(mark.File, 0, 0, $"There are more; the first {Limit} are shown."));
    }
}
