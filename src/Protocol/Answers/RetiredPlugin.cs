namespace AptTask.Protocol;

/// <summary>Plugin code that was replaced or removed but lives on.</summary>
/// <param name="Plugin">Its name.</param>
/// <param name="Version">Which version of its folder, as a short hash.</param>
/// <param name="Why">What holds it.</param>
public sealed record RetiredPlugin(string Plugin, string Version, string Why)
{
    /// <summary>Tasks that still run in it.</summary>
    public IReadOnlyList<long>? Running { get; init; }
}
