using AptTask.Host.Engine;

namespace AptTask.Host.Requests;

/// <summary>The configured keys, as of one reading of the file. Any thread.</summary>
internal interface IKeyRing
{
    /// <summary>Who a key belongs to; null for every kind of wrong key.</summary>
    Requester? Verify(string key);

    /// <summary>Who a word belongs to that a client of the old protocol sent; null for every kind of wrong word.</summary>
    Requester? VerifyLegacy(string word);

    /// <summary>Who is behind the public id of a key that was verified before; null when it is gone or has expired.</summary>
    Requester? Find(string id);
}
