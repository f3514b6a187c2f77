using System.Collections.Frozen;
using System.Collections.Immutable;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;

namespace AptTask.Host.Requests;

/// <summary>The keys of one reading of <c>keys.toml</c>, as requesters.</summary>
internal sealed class KeyRing : IKeyRing
{
    private readonly KeyVerifier _verifier;
    private readonly FrozenDictionary<string, KeyEntry> _byId;
    private readonly TimeProvider _time;

    public KeyRing(ImmutableArray<KeyEntry> keys, TimeProvider time)
    {
        _verifier = new KeyVerifier(keys);
        _byId = keys.ToFrozenDictionary(key => key.Id, StringComparer.Ordinal);
        _time = time;
    }

    /// <inheritdoc/>
    public Requester? Verify(string key) =>
        _verifier.Verify(key, _time.GetUtcNow()) is { } entry ? RequesterOf(entry) : null;

    /// <inheritdoc/>
    public Requester? VerifyLegacy(string word) =>
        _verifier.VerifyLegacy(word, _time.GetUtcNow()) is { } entry ? RequesterOf(entry) : null;

    /// <inheritdoc/>
    public Requester? Find(string id) =>
        _byId.TryGetValue(id, out var entry) && (entry.NotAfter is not { } end || _time.GetUtcNow() <= end)
            ? RequesterOf(entry)
            : null;

    private static Requester RequesterOf(KeyEntry entry) =>
        new(
            entry.Id,
            entry.Role switch
            {
                KeyRole.Admin => Role.Admin,
                KeyRole.Worker => Role.Worker,
                _ => Role.User,
            },
            entry.Groups,
            entry.Allow
        );
}
