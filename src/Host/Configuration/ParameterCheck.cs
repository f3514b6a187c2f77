using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AptTask.Host.Configuration;

/// <summary>
/// Checks one value against its parameter. Used for what clients send, for defaults, and for what dependencies left: there
/// is no second way. Pure but for where paths lead, which comes in as a function.
/// </summary>
/// <param name="entry">The parameter.</param>
/// <param name="isGlued">Its value stands behind <c>--option=</c>, so that it may begin with a dash.</param>
/// <param name="realPath">Where a path leads; null when it is not there.</param>
/// <param name="workingFolder">Paths below it are given to the program relative to it; null to give them as they are.</param>
internal sealed class ParameterCheck(
    ParameterEntry entry,
    bool isGlued,
    Func<string, string?> realPath,
    string? workingFolder = null
)
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> HostLetters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789-."
    );

    private readonly Regex? _pattern = entry.Pattern is { } pattern ? ValuePattern.Build(pattern) : null;
    private readonly ParameterCheck? _items = entry.Of is { } of
        ? new ParameterCheck(of, isGlued: false, realPath, workingFolder)
        : null;

    /// <summary>The checked value, or null with what is wrong and what is allowed.</summary>
    /// <param name="value">The value.</param>
    /// <param name="coerce">Strings are read as the declared type.</param>
    /// <param name="error">The end of a sentence that begins with the parameter's name.</param>
    public ArgumentValue? Check(JsonElement value, bool coerce, out string error)
    {
        error = "";
        return entry.Type switch
        {
            ParameterType.List => Several(value, coerce, out error),
            ParameterType.Flag => Truth(value, coerce, out error) is { } on ? new ArgumentValue.Flag(on) : null,
            ParameterType.Bool => Truth(value, coerce, out error) is { } truth
                ? new ArgumentValue.Single(truth ? "true" : "false", IsText: false)
                : null,
            ParameterType.Int or ParameterType.Port or ParameterType.Decimal => Number(value, coerce, out error),
            _ => Text(value, out error),
        };
    }

    private static bool? Truth(JsonElement value, bool coerce, out string error)
    {
        error = "must be true or false";
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when coerce => value.GetString() switch
            {
                "true" or "1" => true,
                "false" or "0" => false,
                _ => null,
            },
            _ => null,
        };
    }

    private ArgumentValue.Single? Number(JsonElement value, bool coerce, out string error)
    {
        var isWhole = entry.Type != ParameterType.Decimal;
        error =
            $"must be a {(isWhole ? "whole " : "")}number from {Shown(entry.Min)} to {Shown(entry.Max)}"
            + (isWhole ? "" : $" with at most {entry.Scale} digits after the dot");
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String when coerce => value.GetString()!,
            _ => "",
        };
        if (
            !IsNumber(text, isWhole ? 0 : entry.Scale)
            || !decimal.TryParse(
                text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
            return null;
        if (number < entry.Min || number > entry.Max)
            return null;
        return new ArgumentValue.Single(text, IsText: false);
    }

    /// <summary>Digits only: no plus, no zero in front, no exponent, no spaces, no digits of other scripts.</summary>
    private static bool IsNumber(ReadOnlySpan<char> text, int scale)
    {
        if (text.StartsWith("-") && text is not "-0")
            text = text[1..];
        var dot = text.IndexOf('.');
        var whole = dot < 0 ? text : text[..dot];
        if (whole.Length is 0 or > 28 || whole.ContainsAnyExcept(Digits) || (whole.Length > 1 && whole[0] == '0'))
            return false;
        if (dot < 0)
            return true;
        var fraction = text[(dot + 1)..];
        return fraction.Length > 0 && fraction.Length <= scale && !fraction.ContainsAnyExcept(Digits);
    }

    private ArgumentValue.Several? Several(JsonElement value, bool coerce, out string error)
    {
        error = $"must be an array of 1 to {entry.MaxItems} values";
        if (
            value.ValueKind != JsonValueKind.Array
            || value.GetArrayLength() is var count && (count == 0 || count > entry.MaxItems)
        )
            return null;
        var items = ImmutableArray.CreateBuilder<ArgumentValue.Single>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (_items!.Check(item, coerce, out var wrong) is not ArgumentValue.Single single)
            {
                error = $"holds an item (number {items.Count + 1}) that {wrong}";
                return null;
            }
            items.Add(single);
        }
        return new ArgumentValue.Several(items.ToImmutable());
    }

    private ArgumentValue.Single? Text(JsonElement value, out string error)
    {
        error = "must be a string";
        if (value.ValueKind != JsonValueKind.String)
            return null;
        if (!TryGetString(value, out var text))
        {
            error = "is not well-formed text (a surrogate stands alone)";
            return null;
        }
        var isInput = entry.Type is ParameterType.Text or ParameterType.Secret;
        if (TextCheck.Refuse(text, entry.MaxLength, entry.Unicode, lines: isInput) is { } refused)
        {
            error = refused;
            return null;
        }
        if (!isGlued && !isInput && TextCheck.LooksLikeOption(text))
        {
            error = "must not begin with a dash: it could be taken for an option";
            return null;
        }
        return Typed(text, out error);
    }

    private static bool TryGetString(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // That is how the parser answers an escaped lone surrogate; the value is refused.
            text = "";
            return false;
        }
    }

    private ArgumentValue.Single? Typed(string text, out string error)
    {
        error = "";
        return entry.Type switch
        {
            ParameterType.Enum => Listed(text, out error),
            ParameterType.Name => Word(text, out error),
            ParameterType.String => Free(text, out error),
            ParameterType.Path => Path(text, out error),
            ParameterType.Host => Host(text, out error),
            ParameterType.Url => Url(text, out error),
            ParameterType.Duration => Exact(
                Units.TryDuration(text, out _),
                text,
                "must be " + Units.DurationForm,
                out error
            ),
            ParameterType.Date => Exact(
                DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
                text,
                "must be a date such as \"2026-11-24\"",
                out error
            ),
            ParameterType.Uuid => Exact(
                Guid.TryParseExact(text, "D", out var uuid),
                uuid.ToString("D"),
                "must be a UUID such as \"0f8fad5b-d9cb-469f-a165-70867728950e\"",
                out error
            ),
            _ => new ArgumentValue.Single(text, IsText: true),
        };
    }

    private static ArgumentValue.Single? Exact(bool holds, string text, string wanted, out string error)
    {
        error = wanted;
        return holds ? new ArgumentValue.Single(text, IsText: true) : null;
    }

    private ArgumentValue.Single? Listed(string text, out string error) =>
        Exact(
            entry.Values.Contains(text, StringComparer.Ordinal),
            text,
            "must be one of " + string.Join(", ", entry.Values.Select(value => $"\"{value}\"")),
            out error
        );

    private static ArgumentValue.Single? Word(string text, out string error)
    {
        var holds =
            text.Length > 0
            && text[0] != '.'
            && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-');
        return Exact(
            holds,
            text,
            "must be a name: letters, digits, dots, dashes and underscores, no dot or dash first",
            out error
        );
    }

    private ArgumentValue.Single? Free(string text, out string error)
    {
        if (entry.Values.Length > 0)
            return Listed(text, out error);
        if (!entry.Unicode && text.Any(letter => letter is < ' ' or > '~'))
            return Exact(false, text, "must be printable ASCII", out error);
        return Exact(_pattern!.IsMatch(text), text, $"must match {entry.Pattern}", out error);
    }

    private ArgumentValue.Single? Path(string text, out string error)
    {
        error = $"must be a path below {entry.Under}, without \"//\", \".\" and \"..\"";
        var absolute = text.StartsWith('/') ? text : entry.Under!.TrimEnd('/') + "/" + text;
        if (text.Length == 0 || absolute[1..].Split('/').Any(part => part is "" or "." or ".."))
            return null;
        if (!IsBelow(absolute, entry.Under!))
            return null;
        var isThere = realPath(absolute);
        if (entry.MustExist && isThere is null)
        {
            error = "names nothing that is there (or that may be looked at)";
            return null;
        }
        // What is not there yet leads where its nearest folder leads.
        var leads = isThere ?? Ancestor(absolute);
        if (leads is null || realPath(entry.Under!) is not { } top || !(leads == top || IsBelow(leads, top)))
        {
            error = $"leads out of {entry.Under} by a link";
            return null;
        }
        error = "";
        return new ArgumentValue.Single(AsSeenByProgram(isThere ?? absolute), IsText: true) { Kept = absolute };
    }

    /// <summary>
    /// Relative to the working folder if it is below that. So a program reaches its files by the folder that it was started in, also
    /// when its user may not enter the folders above.
    /// </summary>
    private string AsSeenByProgram(string path)
    {
        if (workingFolder is null || realPath(workingFolder) is not { } folder || folder == "/")
            return path;
        if (path == folder)
            return ".";
        if (!IsBelow(path, folder))
            return path;
        var relative = path[(folder.Length + 1)..];
        return TextCheck.LooksLikeOption(relative) ? "./" + relative : relative;
    }

    /// <summary>Where the nearest folder leads that is there; null when a link stands in its place that leads to nothing yet.</summary>
    private string? Ancestor(string path)
    {
        while (path.LastIndexOf('/') is var slash and > 0)
        {
            if (RealPath.IsLink(path))
                return null;
            path = path[..slash];
            if (realPath(path) is { } leads)
                return leads;
        }
        return "/";
    }

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private ArgumentValue.Single? Host(string text, out string error)
    {
        if (!IsHost(text))
            return Exact(false, text, "must be a host name in lower-case ASCII or an address", out error);
        return Exact(IsListedHost(text), text, "must be one of " + string.Join(", ", entry.Hosts), out error);
    }

    private bool IsListedHost(string host) =>
        entry.Hosts.Length == 0
        || entry.Hosts.Any(known =>
            known.StartsWith('.') ? host.EndsWith(known, StringComparison.Ordinal) : host == known
        );

    private static bool IsHost(string text)
    {
        if (text.Length is 0 or > 253)
            return false;
        if (text.Contains(':'))
            return IPAddress.TryParse(text, out _) && !text.Contains('%') && !text.Contains('[');
        return !text.AsSpan().ContainsAnyExcept(HostLetters)
            && text.Split('.').All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-');
    }

    private ArgumentValue.Single? Url(string text, out string error)
    {
        error = $"must be a URL of {string.Join(", ", entry.Schemes)} without a user in it";
        if (
            text.Any(letter => letter is <= ' ' or > '~' or '\\') || !Uri.TryCreate(text, UriKind.Absolute, out var url)
        )
            return null;
        if (
            !entry.Schemes.Contains(url.Scheme, StringComparer.Ordinal)
            || url.UserInfo.Length > 0
            || text.Contains('@', StringComparison.Ordinal) && url.Authority.Contains('@')
        )
            return null;
        if (url.Host.Length == 0 || !IsHost(url.IdnHost.Trim('[', ']')))
            return null;
        if (!IsListedHost(url.IdnHost))
        {
            error = "must have one of the hosts " + string.Join(", ", entry.Hosts);
            return null;
        }
        error = "";
        return new ArgumentValue.Single(url.AbsoluteUri, IsText: true);
    }

    private static string Shown(decimal? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "any";
}
