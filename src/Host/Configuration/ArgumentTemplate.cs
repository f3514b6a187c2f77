namespace AptTask.Host.Configuration;

/// <summary>One piece of a command's argument list. A value fills one token and never becomes more than one.</summary>
internal abstract record ArgumentTemplate
{
    private ArgumentTemplate() { }

    /// <summary>A fixed token.</summary>
    public sealed record Literal(string Text) : ArgumentTemplate;

    /// <summary>One token with a value in it: <c>--lines={count}</c>.</summary>
    public sealed record Value(string Prefix, string Parameter, string Suffix) : ArgumentTemplate
    {
        /// <summary>The token is the value alone.</summary>
        public bool IsBare => Prefix.Length == 0 && Suffix.Length == 0;

        /// <summary>The value belongs to an option, so that it cannot be taken for one itself.</summary>
        public bool IsGlued => Prefix.StartsWith('-') && Prefix.EndsWith('=');
    }

    /// <summary>A token for each item of a list: <c>{files...}</c>.</summary>
    public sealed record Each(string Parameter) : ArgumentTemplate;

    /// <summary>A fixed token that is there or not: <c>[verbose:--verbose]</c>.</summary>
    public sealed record Switch(string Parameter, string Text) : ArgumentTemplate;

    /// <summary>The parameter in it; null for a fixed token.</summary>
    public string? UsedParameter =>
        this switch
        {
            Value value => value.Parameter,
            Each each => each.Parameter,
            Switch flag => flag.Parameter,
            _ => null,
        };
}
