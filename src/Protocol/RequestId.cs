namespace AptTask.Protocol;

/// <summary>A client's own number or text for a request; echoed as it was given. The default value means that none was given.</summary>
public readonly record struct RequestId
{
    /// <summary>The longest text, in UTF-16 units.</summary>
    public const int TextLimit = 256;

    private RequestId(string? text, long number, bool isNumber)
    {
        Text = text;
        Number = number;
        IsNumber = isNumber;
    }

    /// <summary>No id: answers come in the order of their requests.</summary>
    public static RequestId None => default;

    /// <summary>The text, or null when it is a number or not there.</summary>
    public string? Text { get; }

    /// <summary>The number; has a meaning only when <see cref="IsNumber"/> is true.</summary>
    public long Number { get; }

    /// <summary>Whether a number was given.</summary>
    public bool IsNumber { get; }

    /// <summary>Whether there is an id at all.</summary>
    public bool IsGiven => IsNumber || Text is not null;

    /// <summary>An id that is a number.</summary>
    public static RequestId Of(long number) => new(null, number, isNumber: true);

    /// <summary>An id that is a text.</summary>
    public static RequestId Of(string text) => new(text, 0, isNumber: false);

    /// <inheritdoc/>
    public override string ToString() => IsNumber ? Number.ToString() : Text ?? "";
}
