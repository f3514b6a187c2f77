using AptTask.Host.Engine;
using AptTask.Host.Requests;

namespace AptTask.Host;

/// <summary>For <c>aptaskd run</c>, where the one who asks is the one who sits there, and where no audit file is configured.</summary>
internal sealed class NoAudit : IAudit
{
    /// <inheritdoc/>
    public void Note(string peer, Requester requester, string request, string? subject, bool allowed) { }
}
