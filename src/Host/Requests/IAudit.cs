using AptTask.Host.Engine;

namespace AptTask.Host.Requests;

/// <summary>Writes down who asked for what, before it is done.</summary>
internal interface IAudit
{
    /// <summary>Notes one request and the decision on it.</summary>
    /// <param name="peer">Where it came from.</param>
    /// <param name="requester">Who asked.</param>
    /// <param name="request">The name of the request.</param>
    /// <param name="subject">What it was about: a routine, a task, a lane; null for nothing in particular.</param>
    /// <param name="allowed">Whether it may.</param>
    void Note(string peer, Requester requester, string request, string? subject, bool allowed);
}
