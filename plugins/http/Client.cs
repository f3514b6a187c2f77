using System.Net;
using AptTask.Plugin;

namespace Http;

/// <summary>A client for one request.</summary>
internal static class Client
{
    private const int RedirectLimit = 5;

    public static HttpClient For(Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            throw new DoNotRetryException($"{url.Scheme} URLs are not fetched; http and https are.");
        if (url.UserInfo.Length > 0)
            throw new DoNotRetryException(
                "A URL with a user name or password in it is not fetched, since URLs end up in logs."
            );
        return new HttpClient(
            // One request each: nothing is left behind that would keep this plugin in memory after its removal.
            new SocketsHttpHandler
            {
                MaxAutomaticRedirections = RedirectLimit,
                UseCookies = false,
                MaxResponseHeadersLength = 64,
            },
            disposeHandler: true
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public static RoutineFailedException Failed(Uri url, HttpStatusCode status)
    {
        var message = $"{url} answered {(int)status} {status}.";
        // What the client did wrong stays wrong; these two are about the moment.
        var forGood =
            (int)status is >= 400 and < 500
            && status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);
        return forGood ? new DoNotRetryException(message) : new RoutineFailedException(message);
    }
}
