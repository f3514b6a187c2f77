namespace AptTask.Host.Execution.Routines;

/// <summary>A version of a plugin that takes no more attempts.</summary>
/// <param name="Plugin">Its name.</param>
/// <param name="Hash">The short hash of its files.</param>
/// <param name="Running">How many attempts still run in it.</param>
/// <param name="Abandoned">How many of them were given up, since their code did not end when it was told to.</param>
/// <param name="Unloaded">Whether the runtime has let go of it.</param>
internal sealed record RetiredPlugin(string Plugin, string Hash, int Running, int Abandoned, bool Unloaded)
{
    /// <summary>For people.</summary>
    public string Status =>
        (Unloaded, Running, Abandoned) switch
        {
            (true, _, _) => "unloaded",
            (_, 0, _) =>
                "still referenced, though nothing runs in it: its code left something behind, or was not collected yet",
            (_, _, 0) => $"still referenced by {Attempts(Running)}",
            _ =>
                $"still referenced by {Attempts(Running)}, {Abandoned} of them given up since they did not end when told to",
        };

    private static string Attempts(int count) => count == 1 ? "1 running attempt" : $"{count} running attempts";
}
