using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using AptTask.Host.Requests;
using AptTask.Host.Tests.Engine;
using AptTask.Protocol;

namespace AptTask.Host.Tests.Requests;

/// <summary>One session: sends lines, reads lines.</summary>
internal sealed class RouterClient : IAsyncDisposable
{
    private readonly RequestRouter _router;
    private readonly string _key;
    private readonly Session _session = new("test", isOwner: false);
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly StreamReader _lines;
    private readonly Task _writing;

    public RouterClient(RequestRouter router, string key)
    {
        _router = router;
        _key = key;
        _lines = new StreamReader(_pipe.Reader.AsStream(), Encoding.UTF8);
        _writing = _session.Outbox.WriteAllAsync(_pipe.Writer, async () => await _pipe.Writer.FlushAsync());
    }

    /// <summary>Every line that came, for a look at all of them.</summary>
    public StringBuilder Heard { get; } = new();

    /// <summary>Sends a request without its braces and its key; returns when the next may be sent.</summary>
    public async Task SendAsync(string members) =>
        await _router
            .TakeAsync(_session, RequestReader.Read(Encoding.UTF8.GetBytes($$"""{"key": "{{_key}}", {{members}}}""")))
            .AsTask()
            .WaitAsync(EngineBench.Patience);

    /// <summary>The next line.</summary>
    public async Task<JsonElement> NextAsync()
    {
        var line = await _lines
            .ReadLineAsync(TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(EngineBench.Patience);
        Heard.AppendLine(line);
        return RouterBench.Parse(line!);
    }

    /// <summary>Sends a request and reads the next line.</summary>
    public async Task<JsonElement> AskAsync(string members)
    {
        await SendAsync(members);
        return await NextAsync();
    }

    /// <summary>Sends a request that is refused.</summary>
    /// <returns>The code.</returns>
    public async Task<string?> RefusedAsync(string members)
    {
        var answer = await AskAsync(members);
        Assert.Equal("error", answer.GetProperty("status").GetString());
        return answer.GetProperty("code").GetString();
    }

    /// <summary>Submits a task.</summary>
    /// <returns>Its id.</returns>
    public async Task<long> StartAsync(string more = "", string routine = "work")
    {
        var answer = await AskAsync($"\"request\": \"start\", \"name\": \"{routine}\"{more}");
        Assert.True(answer.TryGetProperty("taskid", out var task), answer.GetRawText());
        return task.GetInt64();
    }

    /// <summary>The client goes away.</summary>
    public Task CloseAsync() => _session.CloseAsync();

    public async ValueTask DisposeAsync()
    {
        await _session.CloseAsync();
        await _writing;
        _lines.Dispose();
        _session.Dispose();
    }
}
