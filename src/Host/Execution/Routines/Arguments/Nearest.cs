namespace AptTask.Host.Execution.Routines.Arguments;

/// <summary>Finds what somebody may have meant.</summary>
internal static class Nearest
{
    private const int LengthLimit = 64;

    /// <summary>The nearest of the known names; null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > LengthLimit)
            return null;
        var best = known
            .Where(candidate => candidate.Length <= LengthLimit)
            .Select(candidate => (candidate, distance: Distance(name, candidate)))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.candidate is not null && best.distance <= Math.Max(1, (name.Length + 1) / 3)
            ? best.candidate
            : null;
    }

    /// <summary>How many letters to add, drop or change, upper and lower case being one.</summary>
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]);
                var change = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
