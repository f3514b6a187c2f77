namespace AptTask.Host.Engine;

/// <summary>The outcome of checking a client's arguments against a routine.</summary>
internal abstract record Binding
{
    private Binding() { }

    /// <summary>They hold.</summary>
    /// <param name="Arguments">A JSON object by name, UTF-8, canonical: given values only, in the order of the parameters.</param>
    public sealed record Bound(byte[] Arguments) : Binding;

    /// <summary>They do not.</summary>
    /// <param name="Code">A wire code: <c>bad_argument</c>, <c>unknown_argument</c>, <c>too_large</c>, <c>sandbox_unavailable</c>.</param>
    /// <param name="Message">What is wrong and what is allowed, for people.</param>
    /// <param name="Argument">Which argument, if one.</param>
    public sealed record Refused(string Code, string Message, string? Argument = null) : Binding;
}
