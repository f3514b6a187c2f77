namespace AptTask.Host.Configuration;

/// <summary>What is made of a file that others could change.</summary>
internal enum FileProtection
{
    /// <summary>A problem: the daemon does not start.</summary>
    Strict,

    /// <summary>A warning.</summary>
    Warn,
}
