namespace TextStats;

/// <summary>What is in one file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Lines">Its lines; the last one counts also without a line break at its end.</param>
/// <param name="Words">Its words: runs of letters and digits.</param>
/// <param name="Characters">Its UTF-16 characters.</param>
/// <param name="Bytes">Its length.</param>
public sealed record FileCount(string Path, long Lines, long Words, long Characters, long Bytes)
{
    internal static FileCount Of(TextFile file)
    {
        long words = 0;
        foreach (var _ in new Words(file.Content))
            words++;
        var content = file.Content.AsSpan();
        var lines = content.Count('\n') + (content.Length > 0 && content[^1] != '\n' ? 1 : 0);
        return new FileCount(file.Path, lines, words, content.Length, file.Bytes);
    }
}
