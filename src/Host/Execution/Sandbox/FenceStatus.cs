using System.Text;
using System.Text.Json;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>What became of a start, as <c>bwrap</c> wrote it into a file that nobody inside can reach.</summary>
/// <param name="Inside">The number, outside, of the first process inside; null while there is none.</param>
/// <param name="ExitCode">The command's exit code; null while it runs, when it never ran, or when the fence itself was killed.</param>
internal sealed record FenceStatus(int? Inside, int? ExitCode)
{
    /// <summary>Nothing has happened yet.</summary>
    public static FenceStatus Nothing { get; } = new(null, null);

    /// <summary>Reads what is there until now.</summary>
    public static FenceStatus Read(string file) =>
        File.Exists(file) ? Parse(Encoding.UTF8.GetString(File.ReadAllBytes(file))) : Nothing;

    /// <summary>Takes the lines apart; one that is not whole yet does not count.</summary>
    public static FenceStatus Parse(string text)
    {
        var status = Nothing;
        foreach (var line in text.Split('\n')[..^1])
        {
            var members = JsonElement.Parse(line);
            if (members.TryGetProperty("child-pid", out var inside))
                status = status with { Inside = inside.GetInt32() };
            if (members.TryGetProperty("exit-code", out var code))
                status = status with { ExitCode = code.GetInt32() };
        }
        return status;
    }
}
