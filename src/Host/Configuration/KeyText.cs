using System.Buffers;
using System.Text.RegularExpressions;

namespace AptTask.Host.Configuration;

/// <summary>The form of a key: <c>apt_ID_SECRET</c>.</summary>
internal static partial class KeyText
{
    /// <summary>The form of an id, for messages.</summary>
    public const string IdForm = "lower-case letters, digits and dashes, a letter first, 32 at most";

    /// <summary>How many characters 256 bits are in base64url.</summary>
    public const int SecretLength = 43;

    private const string Prefix = "apt_";

    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    /// <summary>Whether a key may have the id.</summary>
    public static bool IsId(string id) => IdPattern().IsMatch(id);

    /// <summary>Writes a key.</summary>
    public static string Write(string id, string secret) => $"{Prefix}{id}_{secret}";

    /// <summary>Takes a key apart. Exact: nothing is trimmed.</summary>
    public static bool TrySplit(string key, out string id, out string secret)
    {
        id = secret = "";
        if (!key.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        // The secret may hold underscores, an id does not.
        var end = key.IndexOf('_', Prefix.Length);
        if (end < 0 || key.Length - end - 1 != SecretLength || key.AsSpan(end + 1).ContainsAnyExcept(Letters))
            return false;
        id = key[Prefix.Length..end];
        secret = key[(end + 1)..];
        return IsId(id);
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,31}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IdPattern();
}
