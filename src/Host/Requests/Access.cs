using AptTask.Host.Engine;
using AptTask.Protocol;

namespace AptTask.Host.Requests;

/// <summary>
/// Knows who is who: by key where keys are configured, else everyone is a user of the default group. Replaced whole by a reload,
/// so a key that is gone is gone with the next request.
/// </summary>
internal sealed class Access : IRequesterDirectory
{
    private static readonly Requester Anyone = new(null, Role.User, [Requester.DefaultGroup], []);

    private volatile IKeyRing? _keys;

    /// <summary>Who asks where the kernel vouches: the daemon's own user.</summary>
    public static Requester Owner { get; } = new(null, Role.Admin, [Requester.DefaultGroup, "*"], []);

    /// <summary>Whether a key has to be shown.</summary>
    public bool NeedsKey => _keys is not null;

    /// <summary>Takes these keys in the place of all others; null for none.</summary>
    public void Replace(IKeyRing? keys) => _keys = keys;

    /// <summary>Who a session is for one request.</summary>
    /// <param name="session">Remembers the key it has shown.</param>
    /// <param name="key">The key of the request; null when it has none.</param>
    /// <returns>Null when nobody can say.</returns>
    public Requester? Identify(Session session, string? key)
    {
        if (_keys is not { } keys)
            return session.Vouched ?? Anyone;
        // Shown before and still holding: the id is looked up, the secret is not hashed again. After a reload it is, since the id
        // may have been given to a new secret.
        if (session.Shown is { } shown && shown.Keys == keys && (key is null || key == shown.Text))
            return keys.Find(shown.Requester.Key!);
        key ??= session.Shown?.Text;
        if (key is null)
            return session.Vouched;
        if (keys.Verify(key) is not { } requester)
            return null;
        session.Shown = new ShownKey(key, requester, keys);
        return requester;
    }

    /// <summary>Who a client of the old protocol is; null when its word is wrong.</summary>
    public Requester? IdentifyLegacy(string word) => _keys is { } keys ? keys.VerifyLegacy(word) : Anyone;

    /// <summary>Whether a key is that of a worker, and its public id. Where no keys are configured nobody is a worker.</summary>
    public (bool IsWorker, string? Key) IdentifyWorker(string? key) =>
        key is not null && _keys?.Verify(key) is { Role: Role.Worker } requester
            ? (true, requester.Key)
            : (false, null);

    /// <summary>What a key of a worker is told that asks for something.</summary>
    public static RequestException WorkersAskForNothing(string request) =>
        new(
            ErrorCodes.Forbidden,
            $"This key is of role worker: it is for offering places to run tasks on, not for `{request}`. Make one of role user with `aptaskd key new`."
        );

    /// <inheritdoc/>
    public Requester? Find(string? key, Role role)
    {
        if (key is not null)
            return _keys?.Find(key);
        return role == Role.Admin ? Owner
            : NeedsKey ? null
            : Anyone;
    }
}
