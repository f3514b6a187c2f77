namespace AptTask.Host.Execution.Routines;

/// <summary>Names code the same on both sides of a process boundary.</summary>
/// <param name="Assembly">The assembly of the framework that a method is in; null for code of the plugin at hand.</param>
/// <param name="Type">The type of a method that an administrator named; null for a routine that its author marked.</param>
/// <param name="Name">The method, or the routine's name.</param>
internal readonly record struct CodeName(string? Assembly, string? Type, string Name)
{
    /// <summary>A routine that its author marked.</summary>
    public static CodeName Routine(string name) => new(null, null, name);

    /// <summary>A method of the plugin at hand.</summary>
    public static CodeName Method(string type, string method) => new(null, type, method);
}
