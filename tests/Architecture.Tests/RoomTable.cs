using System.Collections.Immutable;

namespace AptTask.Architecture.Tests;

/// <summary>The rooms and the arrows between them, as the block <c>rooms</c> of docs/architecture.md lists them.</summary>
internal sealed class RoomTable
{
    private const string Document = "docs/architecture.md";
    private const string Everything = "*";

    /// <summary>The room of every shipped plugin; plugins have the namespaces that their authors like.</summary>
    public const string PluginsRoom = "plugins/*";

    private readonly ImmutableDictionary<string, ImmutableHashSet<string>> _arrows;

    private RoomTable(ImmutableDictionary<string, ImmutableHashSet<string>> arrows) => _arrows = arrows;

    public IEnumerable<string> Rooms => _arrows.Keys;

    public static RoomTable Read() => Parse(Repository.Read(Document));

    public static RoomTable Parse(string markdown)
    {
        var lines = markdown
            .ReplaceLineEndings("\n")
            .Split('\n')
            .SkipWhile(line => line != "```rooms")
            .Skip(1)
            .TakeWhile(line => line != "```")
            .ToList();
        if (lines.Count == 0)
            throw new InvalidOperationException($"{Document} has no block of code with the language `rooms`.");

        var table = new RoomTable(lines.Select(Sides).ToImmutableDictionary(s => s.From, s => s.To));
        table.RequireKnownTargets();
        return table;
    }

    public bool Allows(string from, string to) =>
        _arrows.TryGetValue(from, out var targets) && (targets.Contains(Everything) || targets.Contains(to));

    /// <summary>
    /// The room of a namespace: the longest known one that it lies in. Null if it is none of ours. A namespace right under a
    /// room that may use everything is refused: it would get the rights of that room without a line in the table.
    /// </summary>
    public string? RoomOf(string name)
    {
        const string Prefix = "AptTask.";
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            return null;

        var own = name[Prefix.Length..];
        var room = Rooms
            .Where(known => own == known || own.StartsWith(known + ".", StringComparison.Ordinal))
            .MaxBy(known => known.Length);
        if (room is null || (room != own && _arrows[room].Contains(Everything)))
            throw new InvalidOperationException(
                $"The namespace {name} lies in no room that {Document} lists: give it a line."
            );
        return room;
    }

    private static (string From, ImmutableHashSet<string> To) Sides(string line)
    {
        var sides = line.Split("->", StringSplitOptions.TrimEntries);
        if (sides.Length != 2)
            throw new InvalidOperationException($"Not an arrow in {Document}: \"{line}\". Write `Room -> Room, Room`.");
        var targets = sides[1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (sides[0], [.. targets]);
    }

    private void RequireKnownTargets()
    {
        var unknown = _arrows
            .Values.SelectMany(to => to)
            .Where(to => to != Everything && !_arrows.ContainsKey(to))
            .ToList();
        if (unknown.Count > 0)
            throw new InvalidOperationException(
                $"{Document} draws arrows to rooms that it does not list: {string.Join(", ", unknown)}."
            );
    }
}
