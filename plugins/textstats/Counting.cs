using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AptTask.Plugin;

namespace TextStats;

/// <summary>Counts what is in text files.</summary>
public static class Counting
{
    /// <summary>Lines, words, characters and bytes.</summary>
    [
        Routine("textstats.count", Idempotent = true),
        Description("Counts lines, words, characters and bytes of text files, for each file and in all.")
    ]
    public static async Task<Totals> CountAsync(
        [Description("Files and folders; of a folder, all files in it that match the pattern.")]
        [Required]
            string[] paths,
        RoutineContext context,
        CancellationToken stop,
        [Description("Which files of a folder to take, such as \"*.md\".")] string pattern = "*"
    )
    {
        var counts = new List<FileCount>();
        await foreach (var text in TextFiles.ReadAsync(paths, pattern, context, stop))
            counts.Add(FileCount.Of(text));
        return new Totals(
            counts,
            counts.Sum(count => count.Lines),
            counts.Sum(count => count.Words),
            counts.Sum(count => count.Characters),
            counts.Sum(count => count.Bytes)
        );
    }

    /// <summary>The words that stand there most often.</summary>
    [
        Routine("textstats.frequent", Idempotent = true),
        Description("Finds the most frequent words of text files, upper and lower case being one.")
    ]
    public static async Task<IReadOnlyList<WordCount>> FrequentAsync(
        [Description("Files and folders; of a folder, all files in it that match the pattern.")]
        [Required]
            string[] paths,
        RoutineContext context,
        CancellationToken stop,
        [Description("How many words.")] [Range(1, 10_000)] int top = 10,
        [Description("Words with fewer letters are left out.")] [Range(1, 100)] int minLength = 1,
        [Description("Which files of a folder to take, such as \"*.md\".")] string pattern = "*"
    )
    {
        var counts = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        await foreach (var text in TextFiles.ReadAsync(paths, pattern, context, stop))
        {
            foreach (var word in new Words(text.Content))
            {
                if (word.Length >= minLength)
                    lookup[word] = lookup.TryGetValue(word, out var count) ? count + 1 : 1;
            }
        }
        return
        [
            .. counts
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
                .Take(top)
                .Select(pair => new WordCount(pair.Key.ToLowerInvariant(), pair.Value)),
        ];
    }
}
