namespace AptTask.Host.Configuration;

/// <summary>When an answer may be given.</summary>
internal enum Durability
{
    /// <summary>After the write has reached the disk.</summary>
    Full,

    /// <summary>After the write has reached the operating system: safe when the daemon dies, not when the power fails.</summary>
    Normal,

    /// <summary>Nothing is written.</summary>
    Memory,
}
