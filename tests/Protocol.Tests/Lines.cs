using System.Text;

namespace AptTask.Protocol.Tests;

/// <summary>Reads lines written as text.</summary>
internal static class Lines
{
    public static RequestOutcome Read(string line) => RequestReader.Read(Encoding.UTF8.GetBytes(line));

    public static T Accept<T>(string line)
        where T : Request
    {
        var outcome = Read(line);
        Assert.True(outcome.IsRequest, $"{line} was refused: {outcome.Error?.Code} {outcome.Error?.Message}");
        return Assert.IsType<T>(outcome.Request);
    }

    public static WireError Refuse(string line, string code)
    {
        var outcome = Read(line);
        Assert.False(outcome.IsRequest, $"{line} was accepted.");
        Assert.Equal(code, outcome.Error.Code);
        Assert.EndsWith(outcome.Error.Message[^1] is '?' ? "?" : ".", outcome.Error.Message, StringComparison.Ordinal);
        return outcome.Error;
    }

    public static string? Detail(WireError error, string name) =>
        error.Details.Where(detail => detail.Name == name).Select(detail => detail.Value.ToString()).SingleOrDefault();
}
