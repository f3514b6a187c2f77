using AptTask.Host.Logging;

namespace AptTask.Host;

/// <summary>A daemon with its doors.</summary>
/// <param name="Web">Kestrel and the host.</param>
/// <param name="Daemon">The rooms.</param>
/// <param name="Audit">The audit log; null for none.</param>
internal sealed record ServedDaemon(WebApplication Web, Daemon Daemon, AuditLog? Audit) : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Web.DisposeAsync();
        Daemon.Dispose();
        Audit?.Dispose();
    }
}
