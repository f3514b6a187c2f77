using System.CommandLine;
using AptTask.Protocol;

namespace AptTask.Cli;

/// <summary>Finds out which daemon is meant and who speaks, from options, environment and files.</summary>
internal static class Access
{
    private const string DefaultSocket = "var/aptask.sock";

    /// <summary>The daemon that is meant.</summary>
    public static AptTaskAddress AddressOf(ParseResult parsed, CommonOptions options, Surroundings surroundings)
    {
        if (Given(parsed.GetValue(options.Connect)) is { } option)
            return Read(option, "--connect");
        if (Given(surroundings.Environment("APTASK_CONNECT")) is { } variable)
            return Read(variable, "APTASK_CONNECT");
        var socket = Path.Combine(surroundings.Folder, DefaultSocket);
        return File.Exists(socket)
            ? AptTaskAddress.OfUnix(socket)
            : AptTaskAddress.OfTcp("127.0.0.1", AptTaskAddress.DefaultPort);
    }

    /// <summary>The key, or null for none.</summary>
    public static string? KeyOf(ParseResult parsed, CommonOptions options, Surroundings surroundings)
    {
        if (Given(parsed.GetValue(options.KeyFile)) is not { } file)
            return Given(surroundings.Environment("APTASK_KEY"))?.Trim();
        try
        {
            return File.ReadAllText(Path.Combine(surroundings.Folder, file)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The key file cannot be read: {exception.Message}");
        }
    }

    private static AptTaskAddress Read(string text, string source) =>
        AptTaskAddress.TryParse(text)
        ?? throw new UsageException($"{source} is \"{text}\"; it must be host:port, tls:host:port or unix:PATH.");

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
