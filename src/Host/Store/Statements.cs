using Microsoft.Data.Sqlite;

namespace AptTask.Host.Store;

/// <summary>The statements of the store, prepared once.</summary>
internal sealed class Statements : IDisposable
{
    private const string TaskColumns =
        "taskid, grp, state, reason, attempt, token, due, chain, lost, acked, created, started, finished, fetched, progress, "
        + "message, exit_code, log_length, cpu_seconds, peak_memory, output_bytes, routine, key, role, keep, spec, arguments";

    private const string StateColumns =
        "state = $1, reason = $2, attempt = $3, token = $4, due = $5, chain = $6, lost = $7, acked = $8, started = $9, "
        + "finished = $10, fetched = $11, progress = $12, message = $13, exit_code = $14, log_length = $15, cpu_seconds = $16, "
        + "peak_memory = $17, output_bytes = $18";

    private readonly SqliteConnection _connection;
    private readonly List<Statement> _all = [];

    public Statements(SqliteConnection connection)
    {
        _connection = connection;
        Begin = Prepare("BEGIN IMMEDIATE", 0);
        Commit = Prepare("COMMIT", 0);
        Rollback = Prepare("ROLLBACK", 0);
        InsertTask = Prepare(
            $"INSERT INTO tasks ({TaskColumns}, data) VALUES ({string.Join(", ", Enumerable.Range(0, 28).Select(n => $"${n}"))})",
            28
        );
        UpdateStart = Prepare(
            "UPDATE tasks SET state = $1, reason = $2, attempt = $3, token = $4, lost = $5, started = $6, log_length = $7, "
                + "due = NULL WHERE taskid = $0",
            8
        );
        UpdateState = Prepare($"UPDATE tasks SET {StateColumns} WHERE taskid = $0", 19);
        UpdateEnd = Prepare($"UPDATE tasks SET {StateColumns}, data = $19 WHERE taskid = $0", 20);
        DeleteTask = Prepare("DELETE FROM tasks WHERE taskid = $0", 1);
        DeletePosted = Prepare("DELETE FROM posted WHERE taskid = $0", 1);
        DeleteWorkLog = Prepare("DELETE FROM worklogs WHERE taskid = $0", 1);
        WriteGroup = Prepare(
            "INSERT INTO groups (name, epoch, seq) VALUES ($0, $1, $2) ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, "
                + "seq = excluded.seq WHERE groups.epoch <= excluded.epoch AND groups.seq < excluded.seq",
            3
        );
        WriteWorkLog = Prepare("INSERT OR REPLACE INTO worklogs (taskid, content) VALUES ($0, $1)", 2);
        WritePosted = Prepare("INSERT OR REPLACE INTO posted (taskid, name, data) VALUES ($0, $1, $2)", 3);
        WriteJob = Prepare(
            "INSERT OR REPLACE INTO jobs (grp, job, taskid, outcome, until) VALUES ($0, $1, $2, $3, $4)",
            5
        );
        DeleteJob = Prepare("DELETE FROM jobs WHERE grp = $0 AND job = $1", 2);
        WriteSchedule = Prepare("INSERT OR REPLACE INTO schedules (name, last_run) VALUES ($0, $1)", 2);
        WriteMeta = Prepare("UPDATE meta SET value = $0 WHERE name = $1", 2);
        ReadMeta = Prepare("SELECT value FROM meta WHERE name = $0", 1);
        ReadTasks = Prepare($"SELECT {TaskColumns} FROM tasks ORDER BY taskid", 0);
        ReadGroups = Prepare("SELECT name, seq FROM groups", 0);
        ReadJobs = Prepare("SELECT grp, job, taskid, outcome, until FROM jobs", 0);
        ReadPostedIds = Prepare("SELECT DISTINCT taskid FROM posted", 0);
        ReadPosted = Prepare("SELECT name, data FROM posted WHERE taskid = $0 ORDER BY name", 1);
        ReadData = Prepare("SELECT data FROM tasks WHERE taskid = $0", 1);
        ReadWorkLog = Prepare("SELECT content FROM worklogs WHERE taskid = $0", 1);
        ReadSchedule = Prepare("SELECT last_run FROM schedules WHERE name = $0", 1);
    }

    public Statement Begin { get; }
    public Statement Commit { get; }
    public Statement Rollback { get; }
    public Statement InsertTask { get; }
    public Statement UpdateStart { get; }
    public Statement UpdateState { get; }
    public Statement UpdateEnd { get; }
    public Statement DeleteTask { get; }
    public Statement DeletePosted { get; }
    public Statement DeleteWorkLog { get; }
    public Statement WriteGroup { get; }
    public Statement WriteWorkLog { get; }
    public Statement WritePosted { get; }
    public Statement WriteJob { get; }
    public Statement DeleteJob { get; }
    public Statement WriteSchedule { get; }
    public Statement WriteMeta { get; }
    public Statement ReadMeta { get; }
    public Statement ReadTasks { get; }
    public Statement ReadGroups { get; }
    public Statement ReadJobs { get; }
    public Statement ReadPostedIds { get; }
    public Statement ReadPosted { get; }
    public Statement ReadData { get; }
    public Statement ReadWorkLog { get; }
    public Statement ReadSchedule { get; }

    /// <inheritdoc/>
    public void Dispose() => _all.ForEach(statement => statement.Dispose());

    private Statement Prepare(string text, int parameters)
    {
        var statement = new Statement(_connection, text, parameters);
        _all.Add(statement);
        return statement;
    }
}
