using System.Buffers;
using System.Collections.Immutable;
using AptTask.Host.Engine;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host.Requests;

/// <summary>
/// Answers clients of the old protocol: one request, one answer, then the connection closes. Takes the same way as everyone
/// else through routines, rights and binding; only the shapes differ, and arguments may come as strings.
/// </summary>
internal sealed class LegacyConversation(
    TaskEngine engine,
    IRoutineCatalogue catalogue,
    TaskOrders orders,
    Access access,
    WrongKeys wrongKeys,
    IAudit audit,
    TimeProvider time
)
{
    private const int RowLimit = 100;

    /// <summary>Answers a message.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="message">A whole JSON object.</param>
    /// <param name="output">Where the one answer goes.</param>
    public async Task AnswerAsync(Session session, ReadOnlyMemory<byte> message, IBufferWriter<byte> output)
    {
        var request = LegacyRequest.TryRead(message.Span, out var error, out var name);
        try
        {
            if (request is null)
                LegacyAnswer.WriteError(output, name, error!);
            else
                await AnswerAsync(session, request, output);
        }
        catch (Exception e) when (ErrorAnswers.Of(e) is { } refused)
        {
            LegacyAnswer.WriteError(output, name, refused);
        }
    }

    private async Task AnswerAsync(Session session, LegacyRequest request, IBufferWriter<byte> output)
    {
        if (access.IdentifyLegacy(request.Key) is not { } requester)
        {
            await Task.Delay(wrongKeys.HoldBack(session.Address), time, session.Closed);
            throw new RequestException(ErrorCodes.Unauthenticated, "This key is not known.");
        }

        session.Introduce();
        if (requester.Role == Role.Worker)
            throw Access.WorkersAskForNothing(request.Name);
        var context = new RequestContext(session, requester, null);
        switch (request.Name)
        {
            case RequestNames.Index:
                var routines = catalogue
                    .Routines.Select(routine => routine.Descriptor)
                    .Where(routine => requester.MayRun(routine, context.Home));
                LegacyAnswer.WriteIndex(output, [.. routines.Select(Views.RoutineOf)]);
                break;
            case RequestNames.Start:
                LegacyAnswer.WriteTask(output, request.Name, await StartAsync(context, request));
                break;
            case RequestNames.Stop:
                LegacyAnswer.WriteTask(output, request.Name, await StopAsync(context, request));
                break;
            default:
                LegacyAnswer.WriteActive(output, await ActiveAsync(context.Home));
                break;
        }
    }

    private async Task<long> StartAsync(RequestContext context, LegacyRequest request)
    {
        var isOffered = orders.IsOffered(request.Routine!, context);
        audit.Note(context.Session.Peer, context.Requester, request.Name, request.Routine, isOffered);
        var order = new TaskOrder
        {
            Routine = request.Routine!,
            Arguments = request.Arguments,
            Keep = Keep.Linger,
        };
        var task = orders.Read(order, context, BindingMode.Coerce);
        return await await engine.SubmitAsync([task], strict: false, waits: false, context.Session.Closed) switch
        {
            SubmitOutcome.Accepted accepted => accepted.Tasks[0].Task.Value,
            SubmitOutcome.Refused refused => throw new RequestException(ErrorAnswers.Of(refused.Refusal)),
            _ => throw new InvalidOperationException("A submission is accepted or refused."),
        };
    }

    private async Task<long> StopAsync(RequestContext context, LegacyRequest request)
    {
        audit.Note(context.Session.Peer, context.Requester, request.Name, request.TaskId?.ToString(), allowed: true);
        var task = new TaskReference(context.Home, new TaskId(request.TaskId!.Value), null);
        var stopped = await await engine.AskAsync((ledger, now) => ledger.Stop(task, StopReason.Stop, false, now));
        return stopped.Task.Value;
    }

    private async Task<IReadOnlyList<LegacyRow>> ActiveAsync(GroupName group)
    {
        // Old clients learn of an end only here: what ended a while ago is listed behind what is live.
        var (active, ended) = await await engine.AskAsync(
            (ledger, _) =>
                (
                    ledger.Active(group, RowLimit).Tasks,
                    ledger
                        .Page(
                            new TaskFilter
                            {
                                Group = group,
                                States = FinalStates,
                                Limit = RowLimit,
                            }
                        )
                        .Tasks
                )
        );
        return
        [
            .. active.Select(task => RowOf(task, task.Position ?? 0)),
            .. ended.Where(task => task.Order.Keep == KeepRule.Linger).Select(task => RowOf(task, 0)),
        ];
    }

    private static readonly ImmutableArray<string> FinalStates = ["done", "failed", "skipped", "stopped"];

    private static LegacyRow RowOf(TaskSnapshot task, int position) =>
        new(
            task.Spec.Id.Value,
            task.Order.Routine,
            task.State switch
            {
                TaskState.Done => 2,
                TaskState.Running => 1,
                { IsFinal: true } => -1,
                _ => 0,
            },
            position,
            task.Progress ?? 0,
            task.Message
        );
}
