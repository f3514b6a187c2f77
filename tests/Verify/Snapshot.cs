using System.Text;
using DiffPlex.Renderer;

namespace VerifyTests;

/// <summary>
/// One approved text beside the test's source, and the text that came instead of it. Compares and writes files; what the
/// text is and how the file is called is decided elsewhere.
/// </summary>
internal sealed class Snapshot(string stem, string extension)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly string _verified = $"{stem}.verified.{extension}";
    private readonly string _received = $"{stem}.received.{extension}";

    // A build server must never approve what it was meant to check.
    private static bool Accepting =>
        Environment.GetEnvironmentVariable("SNAPSHOT_ACCEPT") == "1"
        && Environment.GetEnvironmentVariable("CI") != "true";

    public async Task CompareAsync(string text)
    {
        var expected = File.Exists(_verified)
            ? (await File.ReadAllTextAsync(_verified).ConfigureAwait(false)).ReplaceLineEndings("\n")
            : null;
        if (expected == text)
        {
            File.Delete(_received);
            return;
        }

        if (Accepting)
        {
            await File.WriteAllTextAsync(_verified, text, Utf8).ConfigureAwait(false);
            File.Delete(_received);
            return;
        }

        await File.WriteAllTextAsync(_received, text, Utf8).ConfigureAwait(false);
        throw new VerifyException(
            $"{Difference(expected, text)}\nIf the new text is right: run the test with SNAPSHOT_ACCEPT=1, or rename\n  {_received}\nto\n  {_verified}"
        );
    }

    private string Difference(string? expected, string text) =>
        expected is null
            ? $"There is no snapshot yet. The text:\n{text}"
            : $"The text differs from {Path.GetFileName(_verified)}:\n{UnidiffRenderer.GenerateUnidiff(expected, text, "verified", "received")}";
}
