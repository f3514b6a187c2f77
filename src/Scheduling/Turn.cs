namespace AptTask.Scheduling;

/// <summary>
/// All that a group's schedule may reach while one input is applied: the time, the effects to add to, the agenda and the
/// board. It holds no tasks, and through it a group cannot find another.
/// </summary>
internal sealed class Turn(SchedulerOptions options)
{
    public DateTimeOffset Now { get; set; }

    public SchedulerOptions Options { get; set; } = options;

    public List<Effect> Effects { get; } = [];

    public Agenda Agenda { get; } = new();

    public LaneBoard Board { get; } = new(options);
}
