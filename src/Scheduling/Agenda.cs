using System.Diagnostics.CodeAnalysis;

namespace AptTask.Scheduling;

/// <summary>
/// What is due when, the earliest first. Redundant with the states of the tasks, kept for a quick look at what comes next.
/// It does not act: whoever takes an appointment does.
/// </summary>
internal sealed class Agenda
{
    private readonly SortedSet<Appointment> _appointments = new(new EarliestFirst());

    public int Count => _appointments.Count;

    public DateTimeOffset? Earliest =>
        _appointments.Count == 0 ? null : new DateTimeOffset(_appointments.Min.Ticks, TimeSpan.Zero);

    public void Add(DateTimeOffset due, DueKind kind, TaskNode task) =>
        _appointments.Add(new Appointment(due.UtcTicks, kind, task.Spec.Id.Value, task));

    public void Remove(DateTimeOffset due, DueKind kind, TaskNode task) =>
        _appointments.Remove(new Appointment(due.UtcTicks, kind, task.Spec.Id.Value, task));

    /// <summary>Adds the fading of a job's memory; adding it twice is the same as once.</summary>
    public void AddMemory(JobNode job, JobRecord record) => _appointments.Add(Fading(job, record));

    public void RemoveMemory(JobNode job, JobRecord record) => _appointments.Remove(Fading(job, record));

    public bool Contains(DateTimeOffset due, DueKind kind, TaskNode task) =>
        _appointments.Contains(new Appointment(due.UtcTicks, kind, task.Spec.Id.Value, task));

    public bool ContainsMemory(JobNode job, JobRecord record) => _appointments.Contains(Fading(job, record));

    /// <summary>Takes the earliest appointment if its time has come.</summary>
    public bool TryTakeDue(DateTimeOffset now, [MaybeNullWhen(false)] out object target, out DueKind kind)
    {
        if (_appointments.Count == 0 || _appointments.Min is var first && first.Ticks > now.UtcTicks)
        {
            target = null;
            kind = default;
            return false;
        }

        _appointments.Remove(first);
        target = first.Target;
        kind = first.Kind;
        return true;
    }

    private static Appointment Fading(JobNode job, JobRecord record) =>
        new(record.Until!.Value.UtcTicks, DueKind.Memory, record.Task.Value, job);

    private sealed class EarliestFirst : IComparer<Appointment>
    {
        public int Compare(Appointment x, Appointment y)
        {
            if (x.Ticks != y.Ticks)
                return x.Ticks < y.Ticks ? -1 : 1;
            if (x.Kind != y.Kind)
                return x.Kind.CompareTo(y.Kind);
            if (x.Task != y.Task)
                return x.Task < y.Task ? -1 : 1;
            // One task can be remembered under several names.
            return x.Target is JobNode job && y.Target is JobNode other
                ? string.CompareOrdinal(job.Name, other.Name)
                : 0;
        }
    }
}
