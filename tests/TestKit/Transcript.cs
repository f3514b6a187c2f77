namespace AptTask.TestKit;

/// <summary>A recorded conversation of <c>tests/Wire</c>. Its form is described in the README there.</summary>
/// <param name="Name">The name of its file without ending.</param>
/// <param name="Steps">What is said, in order.</param>
public sealed record Transcript(string Name, IReadOnlyList<TranscriptStep> Steps)
{
    private static readonly string Folder = Path.Combine(FindRoot(), "tests", "Wire");

    /// <summary>The names of all transcripts.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder, "*.ndjson").Select(file => Path.GetFileNameWithoutExtension(file)!).Order();

    /// <summary>Reads one.</summary>
    public static Transcript Load(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, name + ".ndjson"));
        var steps = new List<TranscriptStep>();
        for (var index = 0; index < lines.Length; index++)
        {
            var line = lines[index];
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.Length < 3 || line[1] != ' ' || !Enum.IsDefined((TranscriptSide)line[0]))
                throw new FormatException($"{name}.ndjson:{index + 1}: a line begins with '> ', '< ', '! ' or '#'.");
            steps.Add(new TranscriptStep(index + 1, (TranscriptSide)line[0], line[2..]));
        }
        return new Transcript(name, steps);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AptTask.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException("No folder above the tests holds AptTask.sln.");
    }
}
