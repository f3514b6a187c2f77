namespace AptTask.Host.Execution.Routines.Results;

/// <summary>A value cannot be written as JSON. Never leaves this room: it becomes the end of an attempt.</summary>
internal sealed class UnwritableValueException(string why) : Exception(why)
{
    private const int PathShown = 120;

    private string _path = "";

    /// <summary>What and where, for people.</summary>
    public override string Message =>
        $"The result cannot be written as JSON: {(_path.Length == 0 ? "it" : $"'{Cut(_path)}'")} {base.Message}.";

    /// <summary>Adds the step that leads to where the value was found.</summary>
    public void Below(string step) => _path = step + _path;

    private static string Cut(string path) =>
        path.Length <= PathShown ? path : string.Concat(path.AsSpan(0, PathShown), "…");
}
