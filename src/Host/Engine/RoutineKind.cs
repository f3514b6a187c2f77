namespace AptTask.Host.Engine;

/// <summary>What a routine is made of.</summary>
internal enum RoutineKind
{
    /// <summary>A class or function in a plugin.</summary>
    Plugin,

    /// <summary>A whitelisted program.</summary>
    Command,

    /// <summary>One whitelisted public method.</summary>
    Function,

    /// <summary>A function of a whitelisted module, by name.</summary>
    Module,
}
