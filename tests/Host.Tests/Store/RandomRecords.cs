using AptTask.Host.Engine;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Store;

/// <summary>Task records of any kind, and changes of them, from a seed.</summary>
internal sealed class RandomRecords(int seed)
{
    private static readonly DateTimeOffset Begin = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Texts =
    [
        "",
        "a",
        "site/7",
        "ä ö ü",
        "𝄞 and 日本",
        "' OR 1=1 --",
        "\0\n\t",
        "***",
    ];

    private readonly Random _random = new(seed);

    public int Next(int below) => _random.Next(below);

    public TaskRecord Record(long id)
    {
        var record = new TaskRecord(
            Spec(id),
            new WorkOrder(Text(), Bytes(), Maybe(Text), OneOf<Role>(), OneOf<KeepRule>()),
            Instant()
        );
        Change(record);
        return record;
    }

    /// <summary>Changes everything of a record that may change.</summary>
    public void Change(TaskRecord record)
    {
        record.State = State();
        record.LostAttempts = Next(5);
        record.Acknowledged = Next(2) == 0;
        record.Started = MaybeValue(Instant);
        record.Finished = MaybeValue(Instant);
        record.Fetched = MaybeValue(Instant);
        record.Progress = MaybeValue(_random.NextDouble);
        record.Message = Maybe(Text);
        record.ExitCode = MaybeValue(() => _random.Next(int.MinValue, int.MaxValue));
        record.WorkLogLength = _random.NextInt64();
        record.Usage = Maybe(() =>
            new AttemptUsage(
                _random.NextDouble(),
                MaybeValue(() => _random.NextInt64()),
                MaybeValue(() => _random.NextInt64())
            )
        );
        record.Data = MaybeValue<ReadOnlyMemory<byte>>(() => Bytes());
    }

    public byte[] Bytes()
    {
        var bytes = new byte[Next(200)];
        _random.NextBytes(bytes);
        return bytes;
    }

    public string Text() => Texts[Next(Texts.Length)];

    public DateTimeOffset Instant() => Begin.AddTicks(_random.NextInt64(TimeSpan.FromDays(1000).Ticks));

    public TaskState State() =>
        Next(8) switch
        {
            0 => new TaskState.Waiting(0),
            1 => new TaskState.Ready(1 + Next(9)),
            2 => new TaskState.Running(
                1 + Next(9),
                new AttemptToken(_random.NextInt64()),
                MaybeValue(OneOf<StopReason>)
            ),
            3 => new TaskState.BackingOff(2 + Next(9), Instant()),
            4 => new TaskState.Done(1 + Next(9)),
            5 => new TaskState.Failed(Next(9), OneOf<FailureReason>()),
            6 => new TaskState.Skipped(OneOf<SkipReason>(), Text()),
            _ => new TaskState.Stopped(Next(9), OneOf<StopReason>()),
        };

    public T OneOf<T>()
        where T : struct, Enum => Enum.GetValues<T>()[Next(Enum.GetValues<T>().Length)];

    public T? MaybeValue<T>(Func<T> make)
        where T : struct => Next(3) == 0 ? null : make();

    public T? Maybe<T>(Func<T> make)
        where T : class => Next(3) == 0 ? null : make();

    private TaskSpec Spec(long id) =>
        new()
        {
            Id = new TaskId(id),
            Group = new GroupName(Text()),
            Lane = new LaneName(Text()),
            Job = MaybeValue(() => new JobId(Text())),
            WaitFor =
            [
                .. Enumerable
                    .Range(0, Next(4))
                    .Select(_ => new Dependency(new JobId(Text()), OneOf<DependencyCondition>())),
            ],
            Priority = Next(201) - 100,
            Weight = 1 + Next(1024),
            Retry =
                Next(2) == 0
                    ? RetryPolicy.Never
                    : new RetryPolicy(
                        2 + Next(100),
                        OneOf<Backoff>(),
                        TimeSpan.FromTicks(_random.NextInt64(TimeSpan.TicksPerDay)),
                        TimeSpan.FromTicks(_random.NextInt64(TimeSpan.TicksPerDay)),
                        _random.NextDouble()
                    ),
            Timeout = MaybeValue(() => TimeSpan.FromTicks(1 + _random.NextInt64(TimeSpan.TicksPerDay))),
            NotBefore = MaybeValue(Instant),
            Deadline = MaybeValue(Instant),
            Unique = Maybe(Text),
            Fingerprint = _random.NextInt64(),
            Idempotent = Next(2) == 0,
            Cap = Maybe(Text),
        };

    /// <summary>All that is kept of a record, to compare by.</summary>
    public static string Describe(TaskRecord record) =>
        string.Join(
            " | ",
            record.Spec with
            {
                WaitFor = [],
            },
            string.Join(",", record.Spec.WaitFor),
            record.Order with
            {
                Arguments = [],
            },
            Convert.ToHexString(record.Order.Arguments),
            record.State,
            record.Created.UtcTicks,
            record.Started?.UtcTicks,
            record.Finished?.UtcTicks,
            record.Fetched?.UtcTicks,
            record.LostAttempts,
            record.Acknowledged,
            record.Progress,
            record.Message ?? "(none)",
            record.ExitCode,
            record.WorkLogLength,
            record.Usage,
            record.HasPosted
        );
}
