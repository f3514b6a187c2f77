namespace AptTask.Host.Configuration;

/// <summary>Patterns of names: <c>*</c> stands for any run of characters, everything else for itself.</summary>
internal static class GlobPattern
{
    /// <summary>Whether the whole name matches. Linear in the product of the lengths at worst, never exponential.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0,
            n = 0,
            star = -1,
            resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = n;
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
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
