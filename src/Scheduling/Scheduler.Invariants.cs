namespace AptTask.Scheduling;

/// <content>The promise that every index says what the states of the tasks say.</content>
public sealed partial class Scheduler
{
    /// <summary>Recomputes every index from the states and throws at the first difference. For tests.</summary>
    /// <exception cref="InvalidOperationException">An index lies.</exception>
    public void CheckInvariants()
    {
        var byGroup = _tasks.Values.ToLookup(task => task.Group.Name);
        foreach (var task in _tasks.Values)
            Demand(_groups.GetValueOrDefault(task.Spec.Group) == task.Group, $"{task} is of a group that is gone.");
        foreach (var group in _groups.Values)
        {
            Demand(!group.IsEmpty, $"Group {group.Name} is empty and still there.");
            group.CheckInvariants([.. byGroup[group.Name]]);
        }

        _turn.Board.CheckInvariants(_tasks.Values, _turn.Options);
        var due = _groups.Values.Sum(group => group.CountAppointments());
        Demand(
            _turn.Agenda.Count == due,
            $"The agenda has {_turn.Agenda.Count} appointments, the tasks and jobs have {due}."
        );
    }

    internal static void Demand(bool condition, string lie)
    {
        if (!condition)
            throw new InvalidOperationException(lie);
    }
}
