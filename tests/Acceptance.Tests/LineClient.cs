using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AptTask.Acceptance.Tests;

/// <summary>A client that is as plain as netcat: bytes out, lines in.</summary>
internal sealed class LineClient(Socket socket) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly List<byte> _rest = [];
    private readonly byte[] _buffer = new byte[64 * 1024];

    public async Task SendAsync(string lines) => await SendAsync(Encoding.UTF8.GetBytes(lines));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Ends this half of the connection: nothing more will be sent.</summary>
    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Sends a line and reads the next answer.</summary>
    public async Task<JsonElement> AskAsync(string line)
    {
        await SendAsync(line + "\n");
        return await ReadAsync() ?? throw new IOException($"The daemon closed the connection after: {line}");
    }

    /// <summary>Starts a task, waits for its end and fetches its result.</summary>
    public async Task<JsonElement> RunAsync(string start)
    {
        var started = await AskAsync(start);
        started.MustBeOk();
        var task = started.Number("taskid");
        (await AskAsync($$"""{"request":"wait","taskids":[{{task}}]}""")).MustBeOk();
        return (await AskAsync($$"""{"request":"result","taskid":{{task}}}""")).GetProperty("result");
    }

    /// <summary>The next line; null at the end.</summary>
    public async Task<JsonElement?> ReadAsync()
    {
        while (true)
        {
            var end = _rest.IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = JsonElement.Parse(_rest[..end].ToArray());
                _rest.RemoveRange(0, end + 1);
                return line;
            }

            var read = await _stream.ReadAsync(_buffer).AsTask().WaitAsync(DaemonProcess.Patience);
            if (read == 0)
                return null;
            _rest.AddRange(_buffer.AsSpan(0, read));
        }
    }

    /// <summary>Everything up to the end of the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var all = new MemoryStream();
        all.Write([.. _rest]);
        await _stream.CopyToAsync(all).WaitAsync(DaemonProcess.Patience);
        return Encoding.UTF8.GetString(all.ToArray());
    }

    public void Dispose() => _stream.Dispose();
}
