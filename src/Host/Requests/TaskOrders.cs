using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host.Requests;

/// <summary>Turns what a client orders into what the engine takes: finds the routine, checks the rights, binds the arguments.</summary>
internal sealed class TaskOrders(IRoutineCatalogue catalogue, TaskLimits limits)
{
    private static readonly JsonElement NoArguments = JsonDocument.Parse("{}").RootElement.Clone();

    /// <summary>The task that is ordered.</summary>
    /// <exception cref="RequestException">It may not be, or not so.</exception>
    public NewTask Read(TaskOrder order, RequestContext context, BindingMode mode = BindingMode.Strict)
    {
        var routine = Find(order.Routine, context);
        var descriptor = routine.Descriptor;
        if (descriptor.Unavailable is { } why)
            throw new RequestException(ErrorCodes.SandboxUnavailable, $"{descriptor.Name} cannot run here: {why}");
        var arguments = Bind(routine, order.Arguments ?? NoArguments, mode);
        if (order.Priority is < -100 or > 100)
            throw new RequestException(ErrorCodes.BadRequest, "`priority` is from -100 to 100.");
        var spec = new TaskSpec
        {
            Id = default,
            Group = context.Home,
            Lane = LaneOf(order, descriptor.Policy),
            Job = order.JobId is { } job ? new JobId(job) : null,
            WaitFor = [.. order.WaitFor.Select(DependencyOf)],
            Priority = order.Priority ?? 0,
            Weight = WeightOf(order, descriptor.Policy),
            Retry = order.Retry is { } retry ? RetryOf(retry) : descriptor.Policy.Retry ?? RetryPolicy.Never,
            Timeout = TimeoutOf(order, descriptor.Policy),
            NotBefore = order.NotBefore?.ToUniversalTime(),
            Deadline = order.Deadline?.ToUniversalTime(),
            Unique = order.Unique,
            Idempotent = descriptor.Policy.Idempotent,
            Cap = descriptor.Policy.Concurrency is null ? null : descriptor.Name,
        };
        var keep = order.Keep switch
        {
            Keep.Linger => KeepRule.Linger,
            Keep.None => KeepRule.None,
            _ => KeepRule.Ack,
        };
        return new NewTask(
            spec with
            {
                Fingerprint = FingerprintOf(order, spec, arguments),
            },
            new WorkOrder(descriptor.Name, arguments, context.Requester.Key, context.Requester.Role, keep)
        );
    }

    /// <summary>The routine of that name, if it is one that the requester may see.</summary>
    public IRunnableRoutine Find(string name, RequestContext context)
    {
        if (Offered(name, context) is { } routine)
            return routine;
        // One answer for both, and a guess only among what is listed anyway, so that nobody learns what others may run.
        var near = Configuration.Nearest.Suggest(
            name,
            catalogue.Routines.Where(one => MayRun(one, context)).Select(other => other.Descriptor.Name)
        );
        throw new RequestException(
            ErrorCodes.UnknownRoutine,
            $"There is no routine `{Shorten(name)}` for this group{(near is null ? "; `index` lists them." : $". {near}")}"
        );
    }

    /// <summary>Whether there is such a routine and the requester may run it, for the audit.</summary>
    public bool IsOffered(string name, RequestContext context) => Offered(name, context) is not null;

    private IRunnableRoutine? Offered(string name, RequestContext context) =>
        catalogue.Find(name) is { } routine && MayRun(routine, context) ? routine : null;

    private static bool MayRun(IRunnableRoutine routine, RequestContext context) =>
        context.Requester.MayRun(routine.Descriptor, context.Home);

    private static byte[] Bind(IRunnableRoutine routine, JsonElement arguments, BindingMode mode) =>
        routine.Bind(arguments, mode) switch
        {
            Binding.Bound bound => bound.Arguments,
            Binding.Refused { Argument: { } argument } refused => throw new RequestException(
                new WireError(refused.Code, refused.Message).With("argument", argument)
            ),
            Binding.Refused refused => throw new RequestException(refused.Code, refused.Message),
            _ => throw new InvalidOperationException("A binding is bound or refused."),
        };

    private static LaneName LaneOf(TaskOrder order, RoutinePolicy policy)
    {
        var own = policy.Lane ?? LaneEntry.Default;
        if (order.Lane is null || order.Lane == own)
            return new LaneName(own);
        if (policy.Lanes.Contains(order.Lane))
            return new LaneName(order.Lane);
        throw new RequestException(
            ErrorCodes.BadLane,
            $"{order.Routine} runs in the lanes {string.Join(", ", policy.Lanes.Prepend(own).Distinct())}."
        );
    }

    private static int WeightOf(TaskOrder order, RoutinePolicy policy) =>
        order.Weight is not { } weight || weight >= policy.Weight
            ? order.Weight ?? policy.Weight
            : throw new RequestException(
                ErrorCodes.BadRequest,
                $"`weight` may only be raised: {order.Routine} needs {policy.Weight} places."
            );

    private TimeSpan? TimeoutOf(TaskOrder order, RoutinePolicy policy)
    {
        var longest = policy.Timeout ?? limits.Timeout;
        if (order.TimeoutSeconds is not { } seconds)
            return policy.Timeout;
        // Compared as numbers: a TimeSpan of a huge number would not be one.
        if (seconds <= 0 || seconds > longest.TotalSeconds)
        {
            throw new RequestException(
                ErrorCodes.BadRequest,
                $"`timeout_seconds` is above 0 and at most {longest.TotalSeconds}; it may only be lowered."
            );
        }

        return TimeSpan.FromSeconds(seconds);
    }

    private static RetryPolicy RetryOf(RetryOrder retry)
    {
        var delay = TimeSpan.FromSeconds(Math.Clamp(retry.DelaySeconds ?? 1, 0, LongestDelay));
        return new RetryPolicy(
            retry.Attempts,
            retry.Backoff == RetryBackoff.Fixed ? Backoff.Fixed : Backoff.Exponential,
            delay,
            TimeSpan.FromSeconds(Math.Clamp(retry.MaxDelaySeconds ?? 3600, delay.TotalSeconds, LongestDelay)),
            Math.Clamp(retry.Jitter ?? 0.1, 0, 1)
        );
    }

    private const double LongestDelay = 30 * 24 * 3600;

    private static Dependency DependencyOf(WaitForEntry entry) =>
        new(
            new JobId(entry.Job),
            entry.When switch
            {
                WaitForEnd.Failed => DependencyCondition.Failed,
                WaitForEnd.Finished => DependencyCondition.Finished,
                _ => DependencyCondition.Done,
            }
        );

    /// <summary>The same for the same request, sent again after a lost answer, also after a restart.</summary>
    private static long FingerprintOf(TaskOrder order, TaskSpec spec, byte[] arguments)
    {
        if (spec.Job is null)
            return 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(
            Encoding.UTF8.GetBytes(
                $"{order.Routine}\n{spec.Lane}\n{spec.Weight}\n{spec.Priority}\n{spec.NotBefore?.UtcTicks}\n{spec.Deadline?.UtcTicks}\n{spec.Unique}\n{spec.Retry}\n{spec.Timeout}\n"
            )
        );
        foreach (var dependency in spec.WaitFor)
            hash.AppendData(Encoding.UTF8.GetBytes($"{dependency.Job}\n{dependency.When}\n"));
        hash.AppendData(arguments);
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadInt64LittleEndian(digest);
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
