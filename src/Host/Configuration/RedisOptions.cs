namespace AptTask.Host.Configuration;

/// <summary><c>[redis]</c>.</summary>
/// <param name="Url">Where; null for off.</param>
/// <param name="Prefix">What stands before every key.</param>
internal sealed record RedisOptions(string? Url, string Prefix);
