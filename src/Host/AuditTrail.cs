using AptTask.Host.Engine;
using AptTask.Host.Logging;
using AptTask.Host.Requests;

namespace AptTask.Host;

/// <summary>Writes what requests note into the audit log.</summary>
internal sealed class AuditTrail(AuditLog log) : IAudit
{
    /// <inheritdoc/>
    public void Note(string peer, Requester requester, string request, string? subject, bool allowed) =>
        log.Write(
            new AuditEntry(request, allowed ? AuditEntry.Allowed : "refused")
            {
                Peer = peer,
                Key = requester.Key,
                Group = requester.OwnGroup?.Value,
                Routine = subject,
            }
        );
}
