namespace AptTask.Scheduling;

/// <summary>A pattern of names in which <c>*</c> stands for any run of characters.</summary>
internal static class NamePattern
{
    /// <summary>Compares ordinally. Needs no more than the product of both lengths, whatever the pattern.</summary>
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
