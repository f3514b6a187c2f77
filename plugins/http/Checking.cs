using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AptTask.Plugin;

namespace Http;

/// <summary>Looks whether a site is up.</summary>
public static class Checking
{
    /// <summary>Looks whether a site is up.</summary>
    [
        Routine("http.check", Idempotent = true),
        Description("Looks whether a URL answers as it should; fails if it does not, so that tasks can wait for it.")
    ]
    public static async Task<Checked> CheckAsync(
        [Description("What to ask for; http or https.")] Uri url,
        RoutineContext context,
        CancellationToken stop,
        [Description("The status that it should have; without one, any from 200 to 299.")]
        [Range(100, 599)]
            int? status = null,
        [Description("How long it may take, in seconds.")] [Range(0.1, 3600)] double timeout = 10
    )
    {
        using var client = Client.For(url);
        using var limit = new Deadline(context.Time, TimeSpan.FromSeconds(timeout), stop);
        var began = context.Time.GetTimestamp();
        try
        {
            using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var took = context.Time.GetElapsedTime(began);
            var good = status is { } wanted ? (int)response.StatusCode == wanted : response.IsSuccessStatusCode;
            return good ? new Checked((int)response.StatusCode, took) : throw Client.Failed(url, response.StatusCode);
        }
        catch (HttpRequestException failed)
        {
            throw new RoutineFailedException($"{url} does not answer: {failed.Message}", failed);
        }
        catch (OperationCanceledException late) when (limit.Passed)
        {
            throw new RoutineFailedException($"{url} did not answer within {timeout} seconds.", late);
        }
    }
}
