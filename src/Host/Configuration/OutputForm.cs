namespace AptTask.Host.Configuration;

/// <summary>How standard output becomes a task's data.</summary>
internal enum OutputForm
{
    /// <summary>A string.</summary>
    Utf8,

    /// <summary>The JSON value that it is.</summary>
    Json,

    /// <summary>A string of base64, for bytes.</summary>
    Base64,

    /// <summary>Not at all.</summary>
    None,
}
