namespace Files;

/// <summary>How a checksum is computed. The first two only tell accidents, not attacks.</summary>
public enum Algorithm
{
    /// <summary>MD5.</summary>
    Md5,

    /// <summary>SHA-1.</summary>
    Sha1,

    /// <summary>SHA-256.</summary>
    Sha256,

    /// <summary>SHA-512.</summary>
    Sha512,
}
