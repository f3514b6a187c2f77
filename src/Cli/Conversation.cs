using System.CommandLine;
using System.Text;
using AptTask.Protocol;
using Spectre.Console;

namespace AptTask.Cli;

/// <summary>
/// One command's talk with the daemon. Connects when the first thing is asked; with <c>--json</c> it prints every line as it
/// came, so that a command only has to show answers to people.
/// </summary>
internal sealed class Conversation : IAsyncDisposable
{
    private readonly AptTaskAddress _address;
    private readonly string? _key;
    private AptTaskConnection? _connection;

    private Conversation(ParseResult parsed, CommonOptions options, Surroundings surroundings)
    {
        Parsed = parsed;
        Surroundings = surroundings;
        Json = parsed.GetValue(options.Json);
        Group = parsed.GetValue(options.Group);
        _address = Access.AddressOf(parsed, options, surroundings);
        _key = Access.KeyOf(parsed, options, surroundings);
    }

    /// <summary>The command line.</summary>
    public ParseResult Parsed { get; }

    /// <summary>The world around.</summary>
    public Surroundings Surroundings { get; }

    /// <summary>Whether a program reads the answers.</summary>
    public bool Json { get; }

    /// <summary>The group of <c>--group</c>.</summary>
    public string? Group { get; }

    /// <summary>Draws tables.</summary>
    public IAnsiConsole Console => Surroundings.Console;

    /// <summary>Runs a command and turns everything that can go wrong into a message and an exit code.</summary>
    public static async Task<int> RunAsync(
        ParseResult parsed,
        CommonOptions options,
        Surroundings surroundings,
        Func<Conversation, CancellationToken, Task<int>> talk,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var conversation = new Conversation(parsed, options, surroundings);
            return await talk(conversation, cancellationToken);
        }
        catch (UsageException exception)
        {
            return Complain(surroundings, exception.Message, ExitCodes.Usage);
        }
        catch (RefusedException)
        {
            return ExitCodes.Refused;
        }
        catch (AptTaskException exception)
        {
            return Complain(surroundings, $"{exception.Code}: {exception.Message}", ExitCodes.Refused);
        }
        catch (IOException exception)
        {
            return Complain(surroundings, exception.Message, ExitCodes.NoConnection);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }

    /// <summary>Asks the daemon.</summary>
    /// <param name="request">What.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="quiet">Asked for our own use: not printed with <c>--json</c>.</param>
    public async Task<TAnswer> AskAsync<TAnswer>(
        Request<TAnswer> request,
        CancellationToken cancellationToken,
        bool quiet = false
    )
        where TAnswer : Answer
    {
        var connection = await ConnectAsync(cancellationToken);
        var reply = await connection.SendForReplyAsync(InGroup(request), cancellationToken);
        if (Json && (!quiet || reply.IsError))
            Print(reply);
        return Json && reply.IsError ? throw new RefusedException() : reply.ToAnswer<TAnswer>();
    }

    /// <summary>Follows a <c>watch</c> or a following <c>log</c>, line by line.</summary>
    public async IAsyncEnumerable<Reply> FollowAsync(
        Request request,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var connection = await ConnectAsync(cancellationToken);
        await foreach (var reply in connection.FollowLinesAsync(InGroup(request), cancellationToken))
        {
            if (Json)
                Print(reply);
            if (Json && reply.IsError)
                throw new RefusedException();
            yield return reply;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    private async Task<AptTaskConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is not null)
            return _connection;
        try
        {
            var options = new AptTaskConnectionOptions { Key = _key };
            return _connection = await AptTaskConnection.ConnectAsync(_address, options, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new IOException(
                $"{exception.Message} Is the daemon running (aptaskd serve)? Another address: --connect or $APTASK_CONNECT.",
                exception
            );
        }
    }

    private Request InGroup(Request request) =>
        Group is null || request.Group is not null ? request : request with { Group = Group };

    private void Print(Reply reply) => Surroundings.Out.WriteLine(Encoding.UTF8.GetString(reply.Line.Span));

    private static int Complain(Surroundings surroundings, string message, int exitCode)
    {
        surroundings.Error.WriteLine("aptask: " + TerminalText.Line(message));
        return exitCode;
    }
}
