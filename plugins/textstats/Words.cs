namespace TextStats;

/// <summary>The words of a text, without copies: runs of letters and digits, with apostrophes inside.</summary>
internal ref struct Words(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    public ReadOnlySpan<char> Current { get; private set; }

    public readonly Words GetEnumerator() => this;

    public bool MoveNext()
    {
        var start = 0;
        while (start < _rest.Length && !char.IsLetterOrDigit(_rest[start]))
            start++;
        if (start == _rest.Length)
            return false;
        var end = start + 1;
        while (end < _rest.Length && IsInside(end))
            end++;
        Current = _rest[start..end];
        _rest = _rest[end..];
        return true;
    }

    private readonly bool IsInside(int at) =>
        char.IsLetterOrDigit(_rest[at])
        || (_rest[at] is '\'' or '’' && at + 1 < _rest.Length && char.IsLetterOrDigit(_rest[at + 1]));
}
