namespace AptTask.Host.Engine;

/// <summary>Names with <c>*</c> for any run of characters. Ordinal; nothing else is special.</summary>
internal static class Pattern
{
    /// <summary>Whether a name is one that the pattern means.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // Greedy with one point of return: linear in practice, never worse than the product of the lengths.
        int p = 0,
            n = 0,
            star = -1,
            mark = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = n;
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++mark;
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
