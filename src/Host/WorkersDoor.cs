using AptTask.Host.Endpoints;
using AptTask.Host.Execution.Workers.Remote;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace AptTask.Host;

/// <summary>The door at which workers on other machines knock.</summary>
internal sealed class WorkersDoor(RemoteWorkers workers, ConnectionCount count) : ConnectionHandler
{
    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        using var counted = count.Enter();
        var stopping =
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested
            ?? connection.ConnectionClosed;
        await using var input = connection.Transport.Input.AsStream();
        await using var output = connection.Transport.Output.AsStream();
        await workers.ServeAsync(input, output, $"{connection.RemoteEndPoint}", connection.Abort, stopping);
    }
}
