namespace CrashDemo;

/// <summary>How to end badly.</summary>
public enum Way
{
    /// <summary>An exception.</summary>
    Throw,

    /// <summary>The process exits, with code 42.</summary>
    Exit,

    /// <summary>The process ends at once.</summary>
    Failfast,

    /// <summary>The stack overflows, which nothing can catch.</summary>
    Stackoverflow,

    /// <summary>It never ends, and does not listen.</summary>
    Hang,

    /// <summary>It takes memory until there is none.</summary>
    Allocate,
}
