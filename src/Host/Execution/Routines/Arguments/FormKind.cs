namespace AptTask.Host.Execution.Routines.Arguments;

/// <summary>The fixed forms that a string can have. Their names in small letters are the names of the types in <c>index</c>.</summary>
internal enum FormKind
{
    /// <summary>An instant with its offset.</summary>
    Instant,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>A UUID.</summary>
    Uuid,

    /// <summary>An absolute URL.</summary>
    Url,

    /// <summary>Bytes in base64.</summary>
    Bytes,
}
