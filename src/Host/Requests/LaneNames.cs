namespace AptTask.Host.Requests;

/// <summary>Names of lanes that have a meaning of their own.</summary>
internal static class LaneNames
{
    /// <summary>The lane of a routine that names none.</summary>
    public const string Default = "default";
}
