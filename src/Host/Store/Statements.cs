using Microsoft.Data.Sqlite;

namespace AptTask.Host.Store;

/// <summary>The statements of the store, prepared once.</summary>
internal sealed class Statements : IDisposable
{
    // In the order of the columns below, then what never changes: so one list of values serves both.
    private const string TaskColumns =
        "taskid, state, reason, attempt, token, due, chain, lost, acked, started, finished, fetched, progress, message, "
        + "exit_code, log_length, cpu_seconds, peak_memory, output_bytes, grp, created, routine, key, role, keep, spec, arguments";

    private const string StateColumns =
        "state = ?2, reason = ?3, attempt = ?4, token = ?5, due = ?6, chain = ?7, lost = ?8, acked = ?9, started = ?10, "
        + "finished = ?11, fetched = ?12, progress = ?13, message = ?14, exit_code = ?15, log_length = ?16, cpu_seconds = ?17, "
        + "peak_memory = ?18, output_bytes = ?19";

    private readonly SqliteConnection _connection;
    private readonly List<Statement> _all = [];

    public Statements(SqliteConnection connection)
    {
        _connection = connection;
        Begin = Prepare("BEGIN IMMEDIATE");
        Commit = Prepare("COMMIT");
        Rollback = Prepare("ROLLBACK");
        InsertTask = Prepare(
            $"INSERT INTO tasks ({TaskColumns}, data) VALUES ({string.Join(", ", Enumerable.Range(1, 28).Select(n => $"?{n}"))})"
        );
        UpdateStart = Prepare(
            "UPDATE tasks SET state = ?2, reason = ?3, attempt = ?4, token = ?5, started = ?6, due = NULL "
                + "WHERE taskid = ?1"
        );
        UpdateState = Prepare($"UPDATE tasks SET {StateColumns} WHERE taskid = ?1");
        UpdateEnd = Prepare($"UPDATE tasks SET {StateColumns}, data = ?20 WHERE taskid = ?1");
        DeleteTask = Prepare("DELETE FROM tasks WHERE taskid = ?1");
        DeletePosted = Prepare("DELETE FROM posted WHERE taskid = ?1");
        DeleteWorkLog = Prepare("DELETE FROM worklogs WHERE taskid = ?1");
        WriteGroup = Prepare(
            "INSERT INTO groups (name, epoch, seq) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, "
                + "seq = excluded.seq WHERE groups.epoch <= excluded.epoch AND groups.seq < excluded.seq"
        );
        WriteWorkLog = Prepare("INSERT OR REPLACE INTO worklogs (taskid, content) VALUES (?1, ?2)");
        WritePosted = Prepare("INSERT OR REPLACE INTO posted (taskid, name, data) VALUES (?1, ?2, ?3)");
        WriteJob = Prepare(
            "INSERT OR REPLACE INTO jobs (grp, job, taskid, outcome, until) VALUES (?1, ?2, ?3, ?4, ?5)"
        );
        DeleteJob = Prepare("DELETE FROM jobs WHERE grp = ?1 AND job = ?2");
        WriteSchedule = Prepare("INSERT OR REPLACE INTO schedules (name, last_run) VALUES (?1, ?2)");
        WriteMeta = Prepare("UPDATE meta SET value = ?1 WHERE name = ?2");
        ReadPendingRoutines = Prepare("SELECT DISTINCT routine FROM tasks WHERE state < 4");
        ReadMeta = Prepare("SELECT value FROM meta WHERE name = ?1");
        ReadTasks = Prepare($"SELECT {TaskColumns} FROM tasks ORDER BY taskid");
        ReadGroups = Prepare("SELECT name, seq FROM groups");
        ReadJobs = Prepare("SELECT grp, job, taskid, outcome, until FROM jobs");
        ReadPostedIds = Prepare("SELECT DISTINCT taskid FROM posted");
        ReadPosted = Prepare("SELECT name, data FROM posted WHERE taskid = ?1 ORDER BY name");
        ReadData = Prepare("SELECT data FROM tasks WHERE taskid = ?1");
        ReadWorkLog = Prepare("SELECT content FROM worklogs WHERE taskid = ?1");
        ReadSchedule = Prepare("SELECT last_run FROM schedules WHERE name = ?1");
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
    public Statement ReadPendingRoutines { get; }

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

    private Statement Prepare(string text)
    {
        var statement = new Statement(_connection, text);
        _all.Add(statement);
        return statement;
    }
}
