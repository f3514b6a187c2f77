namespace AptTask.Plugin;

/// <summary>
/// Makes a public static method or a public class derived from <see cref="Routine"/> something that clients can run by name.
/// Everything else that clients see comes from the standard attributes of <c>System.ComponentModel</c> and
/// <c>System.ComponentModel.DataAnnotations</c>: <c>[Description]</c> on the routine and its arguments, <c>[Required]</c>,
/// <c>[Range]</c>, <c>[RegularExpression]</c>, <c>[AllowedValues]</c>, <c>[StringLength]</c> on the arguments.
/// </summary>
/// <param name="name">
/// The name in requests: letters, digits, <c>_</c>, <c>-</c> and dots, for example <c>files.checksum</c>. It is unique in a daemon.
/// </param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, Inherited = false)]
public sealed class RoutineAttribute(string name) : Attribute
{
    /// <summary>The name in requests.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// Running it twice does no harm. An attempt that was lost with its daemon or worker is then run again without being asked.
    /// </summary>
    public bool Idempotent { get; set; }

    /// <summary>The lane that it runs on unless the administrator says otherwise; null for the default lane.</summary>
    public string? Lane { get; set; }

    /// <summary>How many places of its lane it takes.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>How many of it may run at once; 0 for no limit of its own.</summary>
    public int Concurrency { get; set; }

    /// <summary>How long one attempt may take, in seconds; 0 for no limit of its own.</summary>
    public double TimeoutSeconds { get; set; }
}
