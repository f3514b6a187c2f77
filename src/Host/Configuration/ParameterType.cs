namespace AptTask.Host.Configuration;

/// <summary>The types of a command's parameters.</summary>
internal enum ParameterType
{
    /// <summary>One of the listed words.</summary>
    Enum,

    /// <summary>A whole number.</summary>
    Int,

    /// <summary>A number with a fraction.</summary>
    Decimal,

    /// <summary>Switches a literal argument on.</summary>
    Flag,

    /// <summary><c>true</c> or <c>false</c> as a word.</summary>
    Bool,

    /// <summary>A word that is fit for a file name.</summary>
    Name,

    /// <summary>A string that keeps to a pattern or a list.</summary>
    String,

    /// <summary>A path below a given folder.</summary>
    Path,

    /// <summary>A host name or address.</summary>
    Host,

    /// <summary>A port number.</summary>
    Port,

    /// <summary>A URL.</summary>
    Url,

    /// <summary>A time span such as <c>90s</c>.</summary>
    Duration,

    /// <summary>A date: <c>2026-11-24</c>.</summary>
    Date,

    /// <summary>A UUID.</summary>
    Uuid,

    /// <summary>Any text; only for standard input.</summary>
    Text,

    /// <summary>Text that is masked everywhere; only for standard input.</summary>
    Secret,

    /// <summary>Several values, one argument each.</summary>
    List,
}
