namespace AptTask.Scheduling;

/// <summary>What the board knows of a group: how much it runs, how much it may, and what is its share.</summary>
internal sealed class GroupPlaces(GroupName name, long ordinal)
{
    public GroupName Name { get; } = name;

    /// <summary>The order in which groups came; settles what is otherwise equal.</summary>
    public long Ordinal { get; } = ordinal;

    public int ShareWeight { get; set; } = 1;

    public int? RunningLimit { get; set; }

    public int Running { get; set; }

    public bool Paused { get; set; }

    public bool IsAtLimit => Running >= RunningLimit;

    public bool MayStart => !Paused && !IsAtLimit;

    /// <summary>The lanes in which it has ready or running tasks.</summary>
    public List<GroupLane> Lanes { get; } = [];
}
