using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using AptTask.Plugin;

namespace Http;

/// <summary>Fetches what is behind a URL.</summary>
public static class Fetching
{
    private const int BufferSize = 64 * 1024;
    private const int InlineLimit = 64 * 1024;

    /// <summary>Fetches what is behind a URL.</summary>
    [
        Routine("http.fetch", Idempotent = true),
        Description("Fetches a URL into the scratch folder, and keeps it as a file if a place is named.")
    ]
    public static async Task<Fetched> FetchAsync(
        [Description("What to fetch; http or https.")] Uri url,
        RoutineContext context,
        CancellationToken stop,
        [Description("Where to keep it; it appears there when it is complete.")] string? saveAs = null,
        [Description("More than this is refused, in bytes.")] [Range(1, 10_737_418_240)] long maxBytes = 104_857_600,
        [Description("How long it may take, in seconds.")] [Range(0.1, 86_400)] double timeout = 60
    )
    {
        using var client = Client.For(url);
        using var limit = new Deadline(context.Time, TimeSpan.FromSeconds(timeout), stop);
        var file = Path.Combine(context.ScratchFolder, "body");
        try
        {
            using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (!response.IsSuccessStatusCode)
                throw Client.Failed(url, response.StatusCode);
            var (bytes, sum) = await SaveAsync(response.Content, file, maxBytes, context, limit.Token);
            return new Fetched(
                (int)response.StatusCode,
                response.Content.Headers.ContentType?.ToString(),
                bytes,
                sum,
                saveAs is null ? null : Keep(file, saveAs),
                saveAs is null && bytes <= InlineLimit ? await TextOfAsync(file, response.Content, limit.Token) : null
            );
        }
        catch (HttpRequestException failed)
        {
            throw new RoutineFailedException($"{url} cannot be fetched: {failed.Message}", failed);
        }
        catch (OperationCanceledException late) when (limit.Passed)
        {
            throw new RoutineFailedException($"{url} was not fetched within {timeout} seconds.", late);
        }
    }

    private static async Task<(long Bytes, string Sum)> SaveAsync(
        HttpContent content,
        string file,
        long maxBytes,
        RoutineContext context,
        CancellationToken stop
    )
    {
        var expected = content.Headers.ContentLength;
        if (expected > maxBytes)
            throw TooLong(maxBytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var from = await content.ReadAsStreamAsync(stop);
        await using var to = File.Create(file);
        var buffer = new byte[BufferSize];
        long bytes = 0;
        int read;
        while ((read = await from.ReadAsync(buffer, stop)) > 0)
        {
            bytes += read;
            // The length that a server states may be missing or wrong.
            if (bytes > maxBytes)
                throw TooLong(maxBytes);
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), stop);
            context.Report(expected > 0 ? (double)bytes / expected.Value : 0, $"{bytes} bytes");
        }
        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static DoNotRetryException TooLong(long maxBytes) =>
        new($"The answer is longer than {maxBytes} bytes; \"max_bytes\" allows more.");

    private static string Keep(string file, string saveAs)
    {
        var place = Path.GetFullPath(saveAs);
        var unfinished = place + ".part";
        try
        {
            // The scratch folder may be on another disk; only a rename on the same one is complete at once.
            File.Copy(file, unfinished, overwrite: true);
            File.Move(unfinished, place, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
        return place;
    }

    private static async Task<string?> TextOfAsync(string file, HttpContent content, CancellationToken stop)
    {
        var type = content.Headers.ContentType?.MediaType ?? "";
        var isText =
            type.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("json", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("xml", StringComparison.OrdinalIgnoreCase);
        return isText ? await File.ReadAllTextAsync(file, stop) : null;
    }
}
