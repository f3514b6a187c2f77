using System.Collections.Immutable;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>Who asks: proven by a key or by the kernel, never by what a request says of itself.</summary>
/// <param name="Key">The public id of the key; null where no keys are configured or the kernel vouches.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Groups">The groups it speaks for: names or patterns with <c>*</c>. The first plain name is its own.</param>
/// <param name="Routines">The routines it may use, as patterns; empty for all.</param>
internal sealed record Requester(string? Key, Role Role, ImmutableArray<string> Groups, ImmutableArray<string> Routines)
{
    /// <summary>The group of those who need no key.</summary>
    public const string DefaultGroup = "default";

    /// <summary>The group that holds when a request names none; null when it has to name one.</summary>
    public GroupName? OwnGroup =>
        Groups.FirstOrDefault(name => !name.Contains('*', StringComparison.Ordinal)) is { } name
            ? new GroupName(name)
            : null;

    /// <summary>Whether it speaks for a group.</summary>
    public bool SpeaksFor(GroupName group) => Groups.Any(pattern => NamePattern.IsMatch(pattern, group.Value));

    /// <summary>Whether it may run, and so see, a routine in a group.</summary>
    public bool MayRun(RoutineDescriptor routine, GroupName group) =>
        (Routines.IsEmpty || Routines.Any(pattern => NamePattern.IsMatch(pattern, routine.Name)))
        && (routine.Policy.Allow.IsEmpty || routine.Policy.Allow.Any(rule => IsAllowedBy(rule, group)));

    private bool IsAllowedBy(string rule, GroupName group) =>
        rule.Split(':', 2) switch
        {
            ["*"] => true,
            ["group", var pattern] => NamePattern.IsMatch(pattern, group.Value),
            ["role", var role] => string.Equals(role, Role.ToString(), StringComparison.OrdinalIgnoreCase),
            ["key", var key] => key == Key,
            _ => false,
        };
}
