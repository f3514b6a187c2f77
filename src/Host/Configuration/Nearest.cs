namespace AptTask.Host.Configuration;

/// <summary>Guesses what somebody meant.</summary>
internal static class Nearest
{
    /// <summary>A sentence with the known word that is nearest to a wrong one, or null when none is near.</summary>
    public static string? Suggest(string word, IEnumerable<string> known)
    {
        var best = known
            .Select(candidate => (candidate, distance: Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return best.candidate is { } name && best.distance <= Math.Max(1, Math.Max(word.Length, name.Length) / 3)
            ? $"Did you mean \"{name}\"?"
            : null;
    }

    /// <summary>Edits from one word to another: insert, remove, replace, swap neighbours. Long words are far from everything.</summary>
    private static int Distance(string from, string to)
    {
        const int longest = 64;
        if (from.Length > longest || to.Length > longest)
            return longest;
        var edits = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }
                var replaced = edits[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(replaced, Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        }
        return edits[from.Length, to.Length];
    }
}
