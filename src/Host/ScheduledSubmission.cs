using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Requests;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host;

/// <summary>Submits what a schedule says, by the same way as every client: routine, rights and arguments are checked each time.</summary>
internal sealed class ScheduledSubmission(TaskEngine engine, TaskOrders orders)
{
    /// <summary>Submits one run.</summary>
    /// <exception cref="RequestException">It may not be, or not so.</exception>
    public async Task SubmitAsync(ScheduleEntry entry, DateTimeOffset due, CancellationToken stop)
    {
        using var session = new Session($"schedule {entry.Name}", isOwner: true);
        var context = new RequestContext(session, Access.Owner, new GroupName(entry.Group));
        var task = orders.Read(
            new TaskOrder
            {
                Routine = entry.Routine,
                Arguments = entry.Arguments,
                Priority = entry.Priority,
                Lane = entry.Lane,
                Keep = Keep.Linger,
            },
            context
        );
        if (await await engine.SubmitAsync([task], strict: false, waits: false, stop) is SubmitOutcome.Refused refused)
            throw new RequestException(ErrorAnswers.Of(refused.Refusal));
    }
}
