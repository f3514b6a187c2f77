using AptTask.Host.Engine;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host.Requests;

/// <summary>
/// Finds the handler of a request in a table, after checking who asks, and puts the answer in its place. Has no other logic: the
/// doors all come through here, so there is no second way.
/// </summary>
internal sealed partial class RequestRouter
{
    private readonly Dictionary<Type, RequestHandler> _handlers = [];
    private readonly HashSet<Type> _admin = [];
    private readonly Access _access;
    private readonly WrongKeys _wrongKeys;
    private readonly TimeProvider _time;
    private readonly IAudit _audit;
    private readonly ILogger<RequestRouter> _log;

    public RequestRouter(
        IEnumerable<IRequestHandlers> handlers,
        Access access,
        WrongKeys wrongKeys,
        IAudit audit,
        TimeProvider time,
        ILogger<RequestRouter> log
    )
    {
        _access = access;
        _wrongKeys = wrongKeys;
        _audit = audit;
        _time = time;
        _log = log;
        foreach (var group in handlers)
            group.Register(this);
    }

    /// <summary>Enters a handler into the table.</summary>
    /// <param name="handle">
    /// Completes when the request has its place in the inbox of the engine, so that requests of a session are taken in their
    /// order; the inner task is the answer.
    /// </param>
    /// <param name="admin">Whether it is for administrators only.</param>
    public void Add<TRequest>(Func<RequestContext, TRequest, ValueTask<Task<Answer>>> handle, bool admin = false)
        where TRequest : Request
    {
        _handlers.Add(typeof(TRequest), (context, request) => handle(context, (TRequest)request));
        if (admin)
            _admin.Add(typeof(TRequest));
    }

    /// <summary>Takes one line of a session. Returns when the next may be taken.</summary>
    public async ValueTask TakeAsync(Session session, RequestOutcome outcome)
    {
        await session.Outbox.ReserveAsync(session.Closed);
        if (!outcome.IsRequest)
        {
            session.Outbox.Answer(outcome.Id, outcome.Name, Task.FromResult(Response.Of(outcome.Error)));
            return;
        }

        if (!_access.NeedsKey)
            session.Introduce();
        var request = outcome.Request;
        var isLarge = request is ResultRequest or LogRequest or TasksRequest or ActiveRequest or IndexRequest;
        if (isLarge)
            await session.Outbox.ReserveLargeAsync(session.Closed);
        RequestContext? context = null;
        Task<Response> reply;
        try
        {
            context = await IdentifyAsync(session, request);
            reply = ReplyAsync(await _handlers[request.GetType()](context, request));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            reply = Task.FromResult(Response.Of(ErrorOf(e)));
        }

        if (MayTakeLong(request))
        {
            // Without an id the answers keep their order, so what follows waits; with one it need not.
            if (request.Id.IsGiven)
            {
                _ = AnswerLaterAsync(session, request, reply);
                return;
            }

            await Task.WhenAny(reply, Task.Delay(Timeout.InfiniteTimeSpan, _time, session.Closed));
        }

        session.Outbox.Answer(request.Id, request.Name, reply, isLarge);
        context?.AfterAnswer?.Invoke();
        // A stream without an id holds the lines behind it, as a wait does: so a script of lines does what it says.
        if (!request.Id.IsGiven && context?.Stream is { } stream)
            await Task.WhenAny(stream, Task.Delay(Timeout.InfiniteTimeSpan, _time, session.Closed));
    }

    private static string? SubjectOf(Request request) =>
        request switch
        {
            PauseRequest { Lane: { } lane } => lane,
            ResumeRequest { Lane: { } lane } => lane,
            _ => request.Group,
        };

    private static bool MayTakeLong(Request request) =>
        request is WaitRequest or StartRequest { OnFull: OnFull.Wait } or SubmitRequest { OnFull: OnFull.Wait };

    private static async Task AnswerLaterAsync(Session session, Request request, Task<Response> reply)
    {
        await Task.WhenAny(reply);
        session.Outbox.Answer(request.Id, request.Name, reply);
    }

    private async ValueTask<RequestContext> IdentifyAsync(Session session, Request request)
    {
        if (_access.Identify(session, request.Key) is not { } requester)
        {
            // Every kind of wrong key gets the same answer after the same time.
            await Task.Delay(_wrongKeys.HoldBack(session.Address), _time, session.Closed);
            LogWrongKey(session.Peer);
            throw new RequestException(
                ErrorCodes.Unauthenticated,
                "A valid key is needed: send it as `key`, once with `hello` or in each request."
            );
        }

        session.Introduce();
        if (requester.Role == Role.Worker && request is not HelloRequest)
        {
            _audit.Note(session.Peer, requester, request.Name, request.Group, allowed: false);
            throw Access.WorkersAskForNothing(request.Name);
        }

        if (_admin.Contains(request.GetType()))
        {
            _audit.Note(session.Peer, requester, request.Name, SubjectOf(request), requester.Role == Role.Admin);
            if (requester.Role != Role.Admin)
                throw new RequestException(ErrorCodes.Forbidden, $"`{request.Name}` is for administrators.");
        }

        GroupName? named = request.Group is { } group ? new GroupName(group) : null;
        if (named is { } wanted && requester.Role != Role.Admin && !requester.SpeaksFor(wanted))
            throw new RequestException(ErrorCodes.Forbidden, $"This key does not speak for the group {wanted}.");
        return new RequestContext(session, requester, named);
    }

    private async Task<Response> ReplyAsync(Task<Answer> answer)
    {
        try
        {
            return Response.Of(await answer);
        }
        catch (Exception e)
        {
            // Whatever it is becomes the answer; what is a bug is logged besides.
            return Response.Of(ErrorOf(e));
        }
    }

    private WireError ErrorOf(Exception exception)
    {
        if (ErrorAnswers.Of(exception) is { } error)
            return error;
        if (exception is not OperationCanceledException)
            LogBroken(exception);
        return new WireError(ErrorCodes.Internal, "Something went wrong in the daemon; its log has the details.");
    }

    [LoggerMessage(3001, LogLevel.Error, "A request broke.")]
    private partial void LogBroken(Exception exception);

    [LoggerMessage(3002, LogLevel.Information, "{Peer}: no valid key was shown.")]
    private partial void LogWrongKey(string peer);
}
