namespace AptTask.Host.Execution.Routines.Loading;

/// <summary>A method that could be called.</summary>
/// <param name="Type">The name of its type, without the namespace where that is enough; a nested one as <c>Outer.Inner</c>.</param>
/// <param name="FullType">The name of its type with the namespace.</param>
/// <param name="Method">Its name.</param>
internal sealed record MethodName(string Type, string FullType, string Method)
{
    /// <summary>As clients say it: <c>Stats.Mean</c>.</summary>
    public string Short => $"{Type}.{Method}";

    /// <summary>With the namespace.</summary>
    public string Full => $"{FullType}.{Method}";
}
