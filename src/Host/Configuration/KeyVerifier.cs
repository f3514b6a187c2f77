using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace AptTask.Host.Configuration;

/// <summary>
/// Tells whose key a text is. Every wrong key costs the same work as a right one: an unknown id is compared with a dummy.
/// How often somebody may try is the business of the doors.
/// </summary>
internal sealed class KeyVerifier
{
    // Longer texts are no keys, and hashing them would be work that anybody could order.
    private const int MaxLength = 512;

    private static readonly byte[] Dummy = RandomNumberGenerator.GetBytes(32);

    private readonly FrozenDictionary<string, KeyEntry> _byId;
    private readonly ImmutableArray<KeyEntry> _legacy;

    /// <summary>Verifies against these keys.</summary>
    public KeyVerifier(ImmutableArray<KeyEntry> keys)
    {
        _byId = keys.Where(key => key.Legacy is null).ToFrozenDictionary(key => key.Id, StringComparer.Ordinal);
        _legacy = [.. keys.Where(key => key.Legacy is not null)];
        HasKeys = keys.Length > 0;
    }

    /// <summary>Whether any key is configured.</summary>
    public bool HasKeys { get; }

    /// <summary>The key's entry, or null for every kind of wrong key.</summary>
    public KeyEntry? Verify(string text, DateTimeOffset now)
    {
        var isKey =
            text.Length <= MaxLength
            & KeyText.TrySplit(text.Length <= MaxLength ? text : "", out var id, out var secret);
        var known = isKey ? _byId.GetValueOrDefault(id) : null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        var same = CryptographicOperations.FixedTimeEquals(hash, known is null ? Dummy : known.Sha256.AsSpan());
        return known is not null && same && Holds(known, now) ? known : null;
    }

    /// <summary>The entry of a word that a client of the old protocol sent; null for every kind of wrong word.</summary>
    public KeyEntry? VerifyLegacy(string word, DateTimeOffset now)
    {
        if (word.Length > MaxLength)
            return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(word));
        KeyEntry? found = null;
        // All of them are compared, so that the time says nothing about which.
        foreach (var key in _legacy)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, key.Sha256.AsSpan()))
                found = key;
        }
        return found is not null && Holds(found, now) ? found : null;
    }

    /// <summary>Whether a key is still there and holds: asked again before each request of an open connection.</summary>
    public bool StillHolds(KeyEntry key, DateTimeOffset now)
    {
        var today = key.Legacy is null
            ? _byId.GetValueOrDefault(key.Id)
            : _legacy.FirstOrDefault(legacy => legacy.Id == key.Id);
        return today is not null && today.Sha256.AsSpan().SequenceEqual(key.Sha256.AsSpan()) && Holds(today, now);
    }

    private static bool Holds(KeyEntry key, DateTimeOffset now) => key.NotAfter is not { } end || now <= end;
}
