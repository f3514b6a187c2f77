using System.Diagnostics.CodeAnalysis;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Workers.Frames;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Workers.Remote;

/// <summary>What a worker on another machine may offer. It has a key, but may be wrong, or of another mind.</summary>
internal static class OfferRules
{
    /// <summary>The most lanes of one worker.</summary>
    public const int LaneLimit = 64;

    /// <summary>The most routines of one worker.</summary>
    public const int RoutineLimit = 4096;

    /// <summary>The most lanes that all workers together may ever have offered.</summary>
    public const int KnownLanesLimit = 1024;

    /// <summary>The most routines that all workers together may ever have offered.</summary>
    public const int KnownRoutinesLimit = 65_536;

    private const int NameLength = 64;
    private const int RoutineNameLength = 256;
    private const int TextLength = 8192;
    private const int ParameterLimit = 256;

    /// <summary>Whether this can be the name of a worker or of a lane.</summary>
    public static bool IsName([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= NameLength }
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    /// <summary>What is wrong with an offer, where, and what is allowed; null when nothing is.</summary>
    /// <param name="offer">The offer, as it was read.</param>
    /// <param name="knownRoutines">How many routines were ever offered.</param>
    /// <param name="knownLanes">How many lanes were ever offered.</param>
    public static string? ObjectionTo(Frame.Offer offer, int knownRoutines, int knownLanes)
    {
        if (offer.Lanes is not { Count: > 0 and <= LaneLimit } lanes)
            return $"It has to offer 1 to {LaneLimit} lanes.";
        if (offer.Routines.IsDefault || offer.Routines.Length > RoutineLimit)
            return $"It may offer {RoutineLimit} routines and has to list them.";
        if (knownLanes + lanes.Count > KnownLanesLimit || knownRoutines + offer.Routines.Length > KnownRoutinesLimit)
            return $"Workers have offered {KnownRoutinesLimit} routines or {KnownLanesLimit} lanes already. Start the daemon anew to forget them.";
        if (lanes.Keys.FirstOrDefault(lane => !IsName(lane)) is { } badLane)
            return $"The lane \"{Shown(badLane)}\" must be named by letters, digits, '.', '_' and '-', {NameLength} at most.";
        foreach (var (lane, places) in lanes)
        {
            if (places is < 1 or > LaneOptions.WidthLimit)
                return $"The lane {lane} has {places} places; 1 to {LaneOptions.WidthLimit} are allowed.";
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var routine in offer.Routines)
        {
            if (routine is null || !IsRoutineName(routine.Name))
                return $"The routine \"{Shown(routine?.Name ?? "")}\" must have a name of 1 to {RoutineNameLength} letters without spaces.";
            if (!names.Add(routine.Name))
                return $"The routine {routine.Name} stands twice in it.";
            if (ObjectionTo(routine) is { } objection)
                return $"The routine {routine.Name} {objection}";
        }
        return null;
    }

    private static string? ObjectionTo(RoutineDescriptor routine)
    {
        if (routine.Help is not { Length: <= TextLength } || routine.Origin is not { Length: <= TextLength })
            return $"has a help text or an origin longer than {TextLength} letters, or none.";
        if (routine.Parameters.IsDefault || routine.Parameters.Length > ParameterLimit)
            return $"has no list of arguments, or more than {ParameterLimit}.";
        if (routine.Parameters.Any(parameter => parameter is null || !IsRoutineName(parameter.Name)))
            return "has an argument without a name.";
        if (routine.Parameters.DistinctBy(parameter => parameter.Name).Count() < routine.Parameters.Length)
            return "has two arguments of one name.";
        return ObjectionTo(routine.Policy);
    }

    private static string? ObjectionTo(RoutinePolicy? policy)
    {
        if (policy is null || policy.Lanes.IsDefault || policy.Allow.IsDefault)
            return "has no policy, or lists nothing where it has to.";
        if (policy.Lanes.Prepend(policy.Lane ?? LaneEntry.Default).Any(lane => !IsName(lane)))
            return "names a lane that cannot be one.";
        if (policy.Allow.Any(rule => rule is null))
            return "says \"null\" where it says who may run it.";
        if (policy.Weight is < 1 or > LaneOptions.WidthLimit)
            return $"weighs {policy.Weight}; 1 to {LaneOptions.WidthLimit} are allowed.";
        if (policy.Concurrency is < 1)
            return $"may run {policy.Concurrency} times at once; 1 and more are allowed.";
        if (policy.Timeout is { } timeout && timeout <= TimeSpan.Zero)
            return "has no time to run: its timeout is not above zero.";
        return policy.Retry is null or { Attempts: >= 1 and <= 100 } ? null : "is tried again more than 100 times.";
    }

    private static bool IsRoutineName([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= RoutineNameLength }
        && !name.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || char.IsSurrogate(letter));

    private static string Shown(string name) =>
        Printable.Of(name.Length > NameLength ? name[..NameLength] + "…" : name);
}
