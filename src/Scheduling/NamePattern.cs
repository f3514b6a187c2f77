namespace AptTask.Scheduling;

/// <summary>
/// Patterns of names, of groups and routines alike: <c>*</c> stands for any run of characters, also for none, and everything
/// else for itself. The one rule wherever the configuration or a key holds a pattern.
/// </summary>
public static class NamePattern
{
    /// <summary>Whether the whole name is one that the pattern means. Compares ordinally.</summary>
    /// <remarks>Needs no more time than the product of both lengths, whatever the pattern. Any thread.</remarks>
    /// <param name="pattern">A name, with or without stars.</param>
    /// <param name="name">The name that is asked about; a star in it is a star.</param>
    public static bool IsMatch(string pattern, string name)
    {
        var (p, n) = (0, 0);
        var (star, resume) = (-1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, n);
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more.
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }
}
