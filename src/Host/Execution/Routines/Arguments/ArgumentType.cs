using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace AptTask.Host.Execution.Routines.Arguments;

/// <summary>
/// What values an argument takes. Says nothing about CLR types and runs no code of a plugin, so that arguments are checked the same
/// whether the code is in this process or not.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Any), "any")]
[JsonDerivedType(typeof(Bool), "bool")]
[JsonDerivedType(typeof(Integer), "int")]
[JsonDerivedType(typeof(Number), "number")]
[JsonDerivedType(typeof(Text), "string")]
[JsonDerivedType(typeof(Choice), "enum")]
[JsonDerivedType(typeof(Form), "form")]
[JsonDerivedType(typeof(List), "list")]
[JsonDerivedType(typeof(Map), "map")]
[JsonDerivedType(typeof(Object), "object")]
internal abstract record ArgumentType
{
    private ArgumentType() { }

    /// <summary>The name in <c>index</c>.</summary>
    public abstract string WireName { get; }

    /// <summary>Completes "must be …".</summary>
    public abstract string Wanted { get; }

    /// <summary>Null when the value holds. Null values are the business of the argument, not of its type.</summary>
    public abstract Complaint? Check(JsonElement value);

    /// <summary>Writes what values must keep to, as members of an object.</summary>
    public virtual void WriteLimits(Utf8JsonWriter json) { }

    /// <summary>Reads a string of an old client as the declared type; what cannot be read stays, and the check will say so.</summary>
    public virtual JsonElement Coerce(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || Strings.TryGet(value) is not { } text)
            return value;
        try
        {
            return JsonElement.Parse(text.Trim());
        }
        catch (JsonException)
        {
            return value;
        }
    }

    private Complaint? Unless(bool holds) => holds ? null : new Complaint("", Wanted);

    /// <summary>Any JSON value.</summary>
    public sealed record Any : ArgumentType
    {
        /// <inheritdoc/>
        public override string WireName => "any";

        /// <inheritdoc/>
        public override string Wanted => "any JSON value";

        /// <inheritdoc/>
        public override Complaint? Check(JsonElement value) => null;

        /// <inheritdoc/>
        public override JsonElement Coerce(JsonElement value) => value;
    }

    /// <summary>True or false.</summary>
    public sealed record Bool : ArgumentType
    {
        /// <inheritdoc/>
        public override string WireName => "bool";

        /// <inheritdoc/>
        public override string Wanted => "true or false";

        /// <inheritdoc/>
        public override Complaint? Check(JsonElement value) =>
            Unless(value.ValueKind is JsonValueKind.True or JsonValueKind.False);

        /// <inheritdoc/>
        public override JsonElement Coerce(JsonElement value) =>
            Strings.TryGet(value)?.Trim().ToUpperInvariant() switch
            {
                "TRUE" or "1" => JsonElement.Parse("true"),
                "FALSE" or "0" => JsonElement.Parse("false"),
                _ => value,
            };
    }

    /// <summary>A whole number.</summary>
    public sealed record Integer(Int128 Min, Int128 Max) : ArgumentType
    {
        /// <inheritdoc/>
        public override string WireName => "int";

        /// <inheritdoc/>
        public override string Wanted => $"a whole number from {Min} to {Max}";

        /// <inheritdoc/>
        public override Complaint? Check(JsonElement value) =>
            Unless(
                value.ValueKind == JsonValueKind.Number
                    && Int128.TryParse(
                        value.GetRawText(),
                        NumberStyles.AllowLeadingSign,
                        CultureInfo.InvariantCulture,
                        out var number
                    )
                    && number >= Min
                    && number <= Max
            );

        /// <inheritdoc/>
        public override void WriteLimits(Utf8JsonWriter json)
        {
            json.WritePropertyName("min");
            json.WriteRawValue(Min.ToString());
            json.WritePropertyName("max");
            json.WriteRawValue(Max.ToString());
        }
    }

    /// <summary>A number.</summary>
    /// <param name="Min">Null for no bound.</param>
    /// <param name="Max">Null for no bound.</param>
    /// <param name="Decimal">It has to fit a decimal.</param>
    public sealed record Number(double? Min = null, double? Max = null, bool Decimal = false) : ArgumentType
    {
        /// <summary>What the number counts, when that is fixed: seconds.</summary>
        public bool Seconds { get; init; }

        /// <summary>The bound itself is not allowed.</summary>
        public bool MinIsExclusive { get; init; }

        /// <inheritdoc cref="MinIsExclusive"/>
        public bool MaxIsExclusive { get; init; }

        /// <inheritdoc/>
        public override string WireName => Seconds ? "seconds" : "number";

        /// <inheritdoc/>
        public override string Wanted =>
            (MinIsExclusive, Min, MaxIsExclusive, Max) switch
            {
                (_, null, _, null) => Noun,
                (false, { } min, false, { } max) => $"{Noun} from {min} to {max}",
                _ => string.Join(
                    " and ",
                    new[]
                    {
                        Min is null ? null : $"{Noun} {(MinIsExclusive ? "above" : "of at least")} {Min}",
                        Max is null ? null : $"{Noun} {(MaxIsExclusive ? "below" : "of at most")} {Max}",
                    }.OfType<string>()
                ),
            };

        private string Noun => Seconds ? "a number of seconds" : "a number";

        /// <inheritdoc/>
        public override Complaint? Check(JsonElement value) =>
            Unless(
                value.ValueKind == JsonValueKind.Number
                    && value.TryGetDouble(out var number)
                    && double.IsFinite(number)
                    && (!Decimal || value.TryGetDecimal(out _))
                    && !(MinIsExclusive ? number <= Min : number < Min)
                    && !(MaxIsExclusive ? number >= Max : number > Max)
            );

        /// <inheritdoc/>
        public override void WriteLimits(Utf8JsonWriter json)
        {
            if (Min is { } min)
                json.WriteNumber(MinIsExclusive ? "above" : "min", min);
            if (Max is { } max)
                json.WriteNumber(MaxIsExclusive ? "below" : "max", max);
        }
    }

    /// <summary>A string.</summary>
    public sealed record Text(int MinLength = 0, int? MaxLength = null, string? Pattern = null) : ArgumentType
    {
        private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(100);

        private readonly Regex? _pattern = Pattern is null ? null : Compile(Pattern);

        /// <inheritdoc/>
        public override string WireName => "string";

        /// <inheritdoc/>
        public override string Wanted
        {
            get
            {
                var length = (MinLength, MaxLength) switch
                {
                    (0, null) => "a string",
                    (1, null) => "a string that is not empty",
                    (_, null) => $"a string of at least {MinLength} characters",
                    (0, _) => $"a string of at most {MaxLength} characters",
                    _ => $"a string of {MinLength} to {MaxLength} characters",
                };
                return Pattern is null ? length : $"{length} that matches {Pattern}";
            }
        }

        /// <inheritdoc/>
        public override Complaint? Check(JsonElement value) =>
            Unless(
                Strings.TryGet(value) is { } text
                    && text.Length >= MinLength
                    && text.Length <= (MaxLength ?? int.MaxValue)
                    && Matches(text)
            );

        /// <inheritdoc/>
        public override JsonElement Coerce(JsonElement value) => value;

        /// <inheritdoc/>
        public override void WriteLimits(Utf8JsonWriter json)
        {
            if (MinLength > 0)
                json.WriteNumber("min_length", MinLength);
            if (MaxLength is { } max)
                json.WriteNumber("max_length", max);
            if (Pattern is not null)
                json.WriteString("pattern", Pattern);
        }

        private bool Matches(string text)
        {
            try
            {
                return _pattern?.IsMatch(text) ?? true;
            }
            catch (RegexMatchTimeoutException)
            {
                return false;
            }
        }

        private static Regex Compile(string pattern)
        {
            // Alone first: a pattern such as "a)|(?:b" must not get its sense from the brackets around it.
            _ = new Regex(pattern, RegexOptions.CultureInvariant, PatternTime);
            var whole = $@"\A(?:{pattern})\z";
            try
            {
                return new Regex(whole, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            }
            catch (NotSupportedException)
            {
                return new Regex(whole, RegexOptions.CultureInvariant, PatternTime);
            }
        }
    }

    /// <summary>One of some strings.</summary>
    public sealed record Choice(ImmutableArray<string> Values) : ArgumentType
    {
        /// <inheritdoc/>
        public override string WireName => "enum";

        /// <inheritdoc/>
        public override string Wanted => $"one of {string.Join(", ", Values.Select(value => $"\"{value}\""))}";

        /// <inheritdoc/>
        public override Complaint? Check(JsonElement value) =>
            Unless(Strings.TryGet(value) is { } text && Values.Contains(text));

        /// <inheritdoc/>
        public override JsonElement Coerce(JsonElement value) => value;

        /// <inheritdoc/>
        public override void WriteLimits(Utf8JsonWriter json)
        {
            json.WriteStartArray("values");
            foreach (var value in Values)
                json.WriteStringValue(value);
            json.WriteEndArray();
        }
    }

    /// <summary>A string of a fixed form.</summary>
    /// <param name="Kind">Which form.</param>
    public sealed record Form(FormKind Kind) : ArgumentType
    {
        /// <inheritdoc/>
        public override string WireName => Kind.ToString().ToLowerInvariant();

        /// <inheritdoc/>
        public override string Wanted => Forms.Wanted(Kind);

        /// <inheritdoc/>
        public override Complaint? Check(JsonElement value) =>
            Unless(Strings.TryGet(value) is { } text && Forms.Holds(Kind, value, text));

        /// <inheritdoc/>
        public override JsonElement Coerce(JsonElement value) => value;
    }

    /// <summary>Several values of one type.</summary>
    public sealed record List(Element Item, int Min = 0, int? Max = null) : ArgumentType
    {
        /// <inheritdoc/>
        public override string WireName => "list";

        /// <inheritdoc/>
        public override string Wanted =>
            (Min, Max) switch
            {
                (0, null) => "a list",
                (_, null) => $"a list of at least {Min}",
                _ => $"a list of {Min} to {Max}",
            };

        /// <inheritdoc/>
        public override Complaint? Check(JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Array)
                return Unless(holds: false);
            var length = value.GetArrayLength();
            if (length < Min || length > (Max ?? int.MaxValue))
                return Unless(holds: false);
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                if (Item.Check(item) is { } complaint)
                    return complaint.Below($"[{index}]");
                index++;
            }
            return null;
        }

        /// <inheritdoc/>
        public override void WriteLimits(Utf8JsonWriter json)
        {
            if (Min > 0)
                json.WriteNumber("min_items", Min);
            if (Max is { } max)
                json.WriteNumber("max_items", max);
            json.WriteStartObject("items");
            Item.Write(json);
            json.WriteEndObject();
        }
    }

    /// <summary>Values of one type by names that the client chooses.</summary>
    public sealed record Map(Element Item) : ArgumentType
    {
        /// <inheritdoc/>
        public override string WireName => "map";

        /// <inheritdoc/>
        public override string Wanted => "an object";

        /// <inheritdoc/>
        public override Complaint? Check(JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Object)
                return Unless(holds: false);
            foreach (var member in value.EnumerateObject())
            {
                if (Strings.TryGetName(member) is not { } name)
                    return new Complaint("", "an object with names that are well-formed Unicode");
                if (Item.Check(member.Value) is { } complaint)
                    return complaint.Below($".{name}");
            }
            return null;
        }

        /// <inheritdoc/>
        public override void WriteLimits(Utf8JsonWriter json)
        {
            json.WriteStartObject("items");
            Item.Write(json);
            json.WriteEndObject();
        }
    }

    /// <summary>Named values, each with a type of its own.</summary>
    public sealed record Object(ImmutableArray<Argument> Members) : ArgumentType
    {
        /// <inheritdoc/>
        public override string WireName => "object";

        /// <inheritdoc/>
        public override string Wanted => "an object";

        /// <inheritdoc/>
        public override Complaint? Check(JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Object)
                return Unless(holds: false);
            foreach (var given in value.EnumerateObject())
            {
                var name = Strings.TryGetName(given);
                if (Members.FirstOrDefault(member => member.Name == name) is not { } known)
                    return new Complaint("", $"an object with no other members than {Names}");
                if (known.Value.Check(given.Value) is { } complaint)
                    return complaint.Below($".{known.Name}");
            }
            var missing = Members.FirstOrDefault(member =>
                member.Required && !value.TryGetProperty(member.Name, out _)
            );
            return missing is null ? null : new Complaint($".{missing.Name}", $"given, {missing.Value.Type.Wanted}");
        }

        /// <inheritdoc/>
        public override void WriteLimits(Utf8JsonWriter json)
        {
            json.WriteStartArray("members");
            foreach (var member in Members)
            {
                json.WriteStartObject();
                json.WriteString("name", member.Name);
                json.WriteBoolean("required", member.Required);
                member.Value.Write(json);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }

        private string Names => string.Join(", ", Members.Select(member => member.Name));
    }
}
