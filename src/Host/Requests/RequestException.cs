using AptTask.Protocol;

namespace AptTask.Host.Requests;

/// <summary>The one exception whose text may be told to strangers: a request that cannot be done, with its code.</summary>
internal sealed class RequestException(WireError error) : Exception(error.Message)
{
    public RequestException(string code, string message)
        : this(new WireError(code, message)) { }

    /// <summary>What the client is told.</summary>
    public WireError Error { get; } = error;
}
