using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AptTask.Host.Configuration;

/// <summary>Makes keys. The secret is told once and not kept.</summary>
internal static class KeyMaker
{
    /// <summary>A new key and its entry for <c>keys.toml</c>.</summary>
    /// <param name="id">Its public part; <see cref="KeyText.IsId"/> holds.</param>
    /// <param name="role">What it is for.</param>
    /// <param name="group">Its group; null for one of its own name.</param>
    /// <param name="created">Now.</param>
    public static (string Key, string Entry) Make(string id, KeyRole role, string? group, DateTimeOffset created)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        var entry = $"""
            [[key]]
            id = "{id}"
            sha256 = "{hash}"
            role = "{role.ToString().ToLowerInvariant()}"
            groups = ["{group ?? id}"]
            created = {created.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}

            """;
        return (KeyText.Write(id, secret), entry);
    }
}
