using System.Text.Json;

namespace AptTask.Acceptance.Tests;

internal static class Json
{
    extension(JsonElement line)
    {
        public string? Text(string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;

        public long Number(string name) => line.GetProperty(name).GetInt64();

        public void MustBeOk() => Assert.True(line.Text("status") == "ok", line.GetRawText());

        /// <summary>This answers a reload that took a plugin in, whatever other plugins had against them on this machine.</summary>
        public void MustHaveTakenIn(string plugin)
        {
            var changes = line.GetProperty("changes").EnumerateArray();
            Assert.True(
                changes.Any(change => change.Text("name") == plugin && change.Text("change") == "added"),
                line.GetRawText()
            );
            Assert.DoesNotContain(
                line.GetProperty("refused").EnumerateArray(),
                refused => refused.Text("source")!.Contains(plugin, StringComparison.Ordinal)
            );
        }
    }
}
