namespace AptTask.Host.Configuration;

/// <summary>A TOML value that knows where it stands.</summary>
internal abstract record TomlNode(TextMark Mark)
{
    /// <summary>The text as it was typed, for values that did not come from a file and so have no quotes to tell their type.</summary>
    public string? Raw { get; init; }

    /// <summary>What it is, for people.</summary>
    public abstract string Kind { get; }

    /// <summary>A string.</summary>
    public sealed record Text(TextMark Mark, string Value) : TomlNode(Mark)
    {
        /// <inheritdoc/>
        public override string Kind => $"the string \"{Shortened(Value)}\"";
    }

    /// <summary>An integer.</summary>
    public sealed record Whole(TextMark Mark, long Value) : TomlNode(Mark)
    {
        /// <inheritdoc/>
        public override string Kind => $"the integer {Value}";
    }

    /// <summary>A float.</summary>
    public sealed record Fraction(TextMark Mark, double Value) : TomlNode(Mark)
    {
        /// <inheritdoc/>
        public override string Kind => "a number with a fraction";
    }

    /// <summary>A boolean.</summary>
    public sealed record Truth(TextMark Mark, bool Value) : TomlNode(Mark)
    {
        /// <inheritdoc/>
        public override string Kind => Value ? "true" : "false";
    }

    /// <summary>A date and time with an offset; null where the file gives none.</summary>
    public sealed record Instant(TextMark Mark, DateTimeOffset? Value) : TomlNode(Mark)
    {
        /// <inheritdoc/>
        public override string Kind => "a date or time";
    }

    /// <summary>An array; <paramref name="OfTables"/> when it was written as <c>[[name]]</c>.</summary>
    public sealed record List(TextMark Mark, List<TomlNode> Items, bool OfTables) : TomlNode(Mark)
    {
        /// <inheritdoc/>
        public override string Kind => OfTables ? "tables of the form [[name]]" : "an array";
    }

    /// <summary>A table, in the order of the file.</summary>
    public sealed record Table(TextMark Mark) : TomlNode(Mark)
    {
        /// <summary>Its keys, each with the place of the key and its value.</summary>
        public OrderedDictionary<string, (TextMark Key, TomlNode Value)> Entries { get; } = [];

        /// <inheritdoc/>
        public override string Kind => "a table";
    }

    private static string Shortened(string value) => Printable.Of(value.Length <= 40 ? value : value[..40] + "…");
}
