using System.Globalization;

namespace AptTask.Bench;

/// <summary>The options of one run: <c>--name value</c>, or <c>--name</c> alone.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public string Durability => Text("durability", "full");

    /// <summary>Where the tasks run: <c>context</c>, in the daemon, or <c>process</c>, in worker processes.</summary>
    public string Isolation => Text("isolation", "context");

    public bool SkipBuild => _values.ContainsKey("skip-build");

    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
                throw new ArgumentException(
                    $"Not an option: {arguments[i]}. Options begin with --.",
                    nameof(arguments)
                );
            var hasValue = i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal);
            options._values[arguments[i][2..]] = hasValue ? arguments[++i] : "";
        }

        return options;
    }

    public int Number(string name, int otherwise) =>
        _values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    public IReadOnlyList<int> Numbers(string name, string otherwise) =>
        [
            .. Text(name, otherwise)
                .Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(text => int.Parse(text, CultureInfo.InvariantCulture)),
        ];
}
