using AptTask.Host.Engine;
using AptTask.Scheduling;

namespace AptTask.Host.Store;

/// <content>Reading all that was kept.</content>
internal sealed partial class SqliteTaskStore
{
    /// <inheritdoc/>
    public StoreContent Load()
    {
        var sequences = new Dictionary<GroupName, long>();
        _statements.ReadGroups.Query(row => sequences.Add(new GroupName(row.Text(0)!), row.Number(1)));
        var posted = new HashSet<long>();
        _statements.ReadPostedIds.Query(row => posted.Add(row.Number(0)));
        var tasks = new List<TaskRecord>();
        _statements.ReadTasks.Query(row => tasks.Add(ReadTask(row, posted)));
        return new StoreContent(tasks, ReadJobs(), sequences, _statements.ReadMeta.Number("next_taskid")!.Value);
    }

    /// <summary>The routines that unfinished tasks are of, each once.</summary>
    public IReadOnlyList<string> ReadPendingRoutines()
    {
        var routines = new List<string>();
        _statements.ReadPendingRoutines.Query(row => routines.Add(row.Text(0)!));
        return routines;
    }

    private static TaskRecord ReadTask(Row row, HashSet<long> posted)
    {
        var id = new TaskId(row.Number(0));
        var spec = SpecCode.Read(id, new GroupName(row.Text(19)!), row.Bytes(25));
        var order = new WorkOrder(
            row.Text(21)!,
            row.Bytes(26),
            row.Text(22),
            (Role)row.SmallNumber(23),
            (KeepRule)row.SmallNumber(24)
        );
        var code = new StateCode(
            row.SmallNumber(1),
            row.SmallNumber(2),
            row.SmallNumber(3),
            row.Number(4),
            row.Instant(5),
            row.Text(6)
        );
        return new TaskRecord(spec, order, row.Instant(20)!.Value)
        {
            State = code.ToState(),
            LostAttempts = row.SmallNumber(7),
            Acknowledged = row.Number(8) != 0,
            Started = row.Instant(9),
            Finished = row.Instant(10),
            Fetched = row.Instant(11),
            Progress = row.Fraction(12),
            Message = row.Text(13),
            ExitCode = row.IsNull(14) ? null : row.SmallNumber(14),
            WorkLogLength = row.Number(15),
            Usage = ReadUsage(row),
            HasPosted = posted.Contains(id.Value),
        };
    }

    private static AttemptUsage? ReadUsage(Row row)
    {
        var usage = new AttemptUsage(
            row.Fraction(16),
            row.IsNull(17) ? null : row.Number(17),
            row.IsNull(18) ? null : row.Number(18)
        );
        return usage == new AttemptUsage(null, null, null) ? null : usage;
    }
}
