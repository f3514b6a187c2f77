using System.Diagnostics.CodeAnalysis;

namespace AptTask.Protocol;

/// <summary>What became of one line: a request, or the reason why it is none.</summary>
public readonly record struct RequestOutcome
{
    private RequestOutcome(Request? request, WireError? error, RequestId id, string? name)
    {
        Request = request;
        Error = error;
        Id = id;
        Name = name;
    }

    /// <summary>The request, if the line is one.</summary>
    public Request? Request { get; }

    /// <summary>Why it is none.</summary>
    public WireError? Error { get; }

    /// <summary>The id to echo, also for an error as far as it could be read.</summary>
    public RequestId Id { get; }

    /// <summary>The name of the request for <c>response</c>; null when it could not be read or there is no such request.</summary>
    public string? Name { get; }

    /// <summary>Whether there is a request.</summary>
    [MemberNotNullWhen(true, nameof(Request))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsRequest => Request is not null;

    internal static RequestOutcome Of(Request request) => new(request, null, request.Id, request.Name);

    internal static RequestOutcome Refused(WireError error, RequestId id, string? name) => new(null, error, id, name);
}
