namespace Http;

/// <summary>What a site answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Took">How long it took.</param>
public sealed record Checked(int Status, TimeSpan Took);
