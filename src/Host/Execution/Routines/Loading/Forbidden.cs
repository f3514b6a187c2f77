namespace AptTask.Host.Execution.Routines.Loading;

/// <summary>
/// What may not be whitelisted, since with it a client could do anything. It catches slips of an administrator; it is no fence.
/// </summary>
internal static class Forbidden
{
    private static readonly string[] Namespaces =
    [
        "System.Reflection",
        "System.Runtime.InteropServices",
        "System.Runtime.Loader",
        "System.Runtime.CompilerServices",
        "System.CodeDom",
        "System.Linq.Expressions",
        "System.Threading",
        "Microsoft.Win32",
        "AptTask.Host",
    ];

    private static readonly string[] Types =
    [
        "System.Diagnostics.Process",
        "System.Diagnostics.Debugger",
        "System.Environment",
        "System.AppDomain",
        "System.AppContext",
        "System.Activator",
        "System.Type",
        "System.Delegate",
        "System.GC",
        "System.Console",
        "System.Runtime.GCSettings",
    ];

    /// <summary>Why a method may not be whitelisted; null when it may.</summary>
    public static string? Reason(Type type, string method)
    {
        var name = type.FullName ?? type.Name;
        if (Array.Exists(Types, forbidden => name == forbidden))
            return $"{name} reaches into the daemon itself or starts programs; a program is whitelisted as a [[command]]";
        return Array.Find(Namespaces, space => name.StartsWith(space + ".", StringComparison.Ordinal)) is { } found
            ? $"{found} reaches into the daemon itself ({type.Name}.{method})"
            : null;
    }
}
