using AptTask.Host.Engine;
using AptTask.Scheduling;
using Microsoft.Data.Sqlite;

namespace AptTask.Host.Store;

/// <content>Reading all that was kept.</content>
internal sealed partial class SqliteTaskStore
{
    /// <inheritdoc/>
    public StoreContent Load()
    {
        var sequences = new Dictionary<GroupName, long>();
        using (var groups = _statements.ReadGroups.Query())
        {
            while (groups.Read())
                sequences.Add(new GroupName(groups.GetString(0)), groups.GetInt64(1));
        }

        var posted = new HashSet<long>();
        using (var ids = _statements.ReadPostedIds.Query())
        {
            while (ids.Read())
                posted.Add(ids.GetInt64(0));
        }

        var tasks = new List<TaskRecord>();
        using (var rows = _statements.ReadTasks.Query())
        {
            while (rows.Read())
                tasks.Add(ReadTask(rows, posted));
        }

        var next = (long)_statements.ReadMeta.Scalar("next_taskid")!;
        return new StoreContent(tasks, ReadJobs(), sequences, next);
    }

    private static TaskRecord ReadTask(SqliteDataReader row, HashSet<long> posted)
    {
        var id = new TaskId(row.GetInt64(0));
        var spec = SpecCode.Read(id, new GroupName(row.GetString(1)), (byte[])row.GetValue(25));
        var order = new WorkOrder(
            row.GetString(21),
            (byte[])row.GetValue(26),
            row.IsDBNull(22) ? null : row.GetString(22),
            (Role)row.GetInt32(23),
            (KeepRule)row.GetInt32(24)
        );
        var code = new StateCode(
            row.GetInt32(2),
            row.GetInt32(3),
            row.GetInt32(4),
            row.GetInt64(5),
            Instant(row, 6),
            row.IsDBNull(7) ? null : row.GetString(7)
        );
        return new TaskRecord(spec, order, Instant(row, 10)!.Value)
        {
            State = code.ToState(),
            LostAttempts = row.GetInt32(8),
            Acknowledged = row.GetBoolean(9),
            Started = Instant(row, 11),
            Finished = Instant(row, 12),
            Fetched = Instant(row, 13),
            Progress = row.IsDBNull(14) ? null : row.GetDouble(14),
            Message = row.IsDBNull(15) ? null : row.GetString(15),
            ExitCode = row.IsDBNull(16) ? null : row.GetInt32(16),
            WorkLogLength = row.GetInt64(17),
            Usage = ReadUsage(row),
            HasPosted = posted.Contains(id.Value),
        };
    }

    private static AttemptUsage? ReadUsage(SqliteDataReader row)
    {
        var usage = new AttemptUsage(
            row.IsDBNull(18) ? null : row.GetDouble(18),
            row.IsDBNull(19) ? null : row.GetInt64(19),
            row.IsDBNull(20) ? null : row.GetInt64(20)
        );
        return usage == new AttemptUsage(null, null, null) ? null : usage;
    }
}
