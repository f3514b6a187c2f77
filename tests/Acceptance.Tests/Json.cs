using System.Text.Json;

namespace AptTask.Acceptance.Tests;

internal static class Json
{
    extension(JsonElement line)
    {
        public string? Text(string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;

        public long Number(string name) => line.GetProperty(name).GetInt64();

        public void MustBeOk() => Assert.True(line.Text("status") == "ok", line.GetRawText());
    }
}
