namespace AptTask.Host.Configuration;

/// <summary>Where code of a plugin runs.</summary>
internal enum Isolation
{
    /// <summary>In a worker process.</summary>
    Process,

    /// <summary>In the daemon, in a load context of its own; for code the administrator trusts.</summary>
    Context,
}
