namespace AptTask.Protocol;

/// <summary>Finds what somebody who mistyped a name probably meant.</summary>
public static class Nearest
{
    // Longer texts are not typing errors of a name of ours, and the cost grows with the length.
    private const int LongestName = 40;

    /// <summary>The candidate that needs the fewest edits, if they are few for its length.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="candidates">What could have been meant.</param>
    public static string? To(string name, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        if (name.Length > LongestName)
            return null;
        var lower = name.ToLowerInvariant();
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var distance = Distance(lower, candidate);
            if (distance < bestDistance && distance <= Math.Max(1, Math.Max(name.Length, candidate.Length) / 3))
                (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    /// <summary>Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours count one each.</summary>
    private static int Distance(string a, string b)
    {
        var width = b.Length + 1;
        var rows = new int[(a.Length + 1) * width];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
                rows[(i * width) + j] = Cell(a, b, rows, i, j);
        }
        return rows[^1];
    }

    private static int Cell(string a, string b, int[] rows, int i, int j)
    {
        if (i == 0 || j == 0)
            return i + j;
        var width = b.Length + 1;
        var here = (i * width) + j;
        var least = Math.Min(
            Math.Min(rows[here - width], rows[here - 1]) + 1,
            rows[here - width - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        );
        var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(least, rows[here - (2 * width) - 2] + 1) : least;
    }
}
