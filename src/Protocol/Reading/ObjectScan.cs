using System.Text;
using System.Text.Json;

namespace AptTask.Protocol;

/// <summary>
/// Walks over one JSON object and notes where the value of each field stands, whatever their order. It also finds what the JSON
/// reader lets through: names given twice, half surrogate pairs, NUL, numbers without a finite value. It does not know which
/// fields a request may have.
/// </summary>
internal ref struct ObjectScan(ReadOnlySpan<byte> json, Span<FieldSlot> slots)
{
    // A shorter number without an exponent is always finite.
    private const int SurelyFiniteLength = 300;

    private readonly Span<FieldSlot> _slots = slots;

    /// <summary>What was scanned.</summary>
    public readonly ReadOnlySpan<byte> Json { get; } = json;

    /// <summary>The set of fields that are there.</summary>
    public ulong Present { get; private set; }

    /// <summary>The first name that is no field of any request.</summary>
    public string? UnknownName { get; private set; }

    /// <summary>The first thing that is wrong although the reader took it; a whole sentence.</summary>
    public string? Fault { get; private set; }

    /// <summary>Where the value of a field stands.</summary>
    public readonly FieldSlot this[Field field] => _slots[(int)field];

    /// <summary>Whether a field is there.</summary>
    public readonly bool Has(Field field) => (Present & FieldTable.Bit(field)) != 0;

    /// <summary>The bytes of a field's value.</summary>
    public readonly ReadOnlySpan<byte> ValueOf(Field field) =>
        Json.Slice(_slots[(int)field].Start, _slots[(int)field].Length);

    /// <summary>Reads the members up to the end of the object whose start the reader stands on.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public void ReadMembers(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var known = NoteName(ref reader, out var field);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var kind = reader.TokenType;
            WalkValue(ref reader);
            if (known)
                _slots[(int)field] = new FieldSlot(start, (int)reader.BytesConsumed - start, kind);
        }
    }

    private bool NoteName(ref Utf8JsonReader reader, out Field field)
    {
        if (reader.ValueIsEscaped)
            CheckText(ref reader);
        if (!TryFindField(ref reader, out field))
        {
            // Its value is walked over all the same: what is not JSON is said first.
            if (UnknownName is null && Fault is null)
                UnknownName = reader.GetString();
            return false;
        }
        if (Has(field))
            Fault ??= $"\"{FieldTable.NameOf(field)}\" is given twice: which of the two counts would be a guess.";
        Present |= FieldTable.Bit(field);
        return true;
    }

    private static bool TryFindField(ref Utf8JsonReader reader, out Field field)
    {
        if (!reader.ValueIsEscaped)
            return FieldTable.TryFind(reader.ValueSpan, out field);

        // An escape makes a name only shorter; six bytes to one at most.
        const int LongestEscaped = 256;
        Span<byte> name = stackalloc byte[LongestEscaped];
        field = default;
        return reader.ValueSpan.Length <= LongestEscaped
            && EscapedText.FaultOf(reader.ValueSpan) is null
            && FieldTable.TryFind(name[..reader.CopyString(name)], out field);
    }

    private void WalkValue(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        var isContainer = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        CheckToken(ref reader);
        while (isContainer && reader.Read() && reader.CurrentDepth > depth)
            CheckToken(ref reader);
    }

    private void CheckToken(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName or JsonTokenType.String when reader.ValueIsEscaped:
                CheckText(ref reader);
                break;
            case JsonTokenType.Number:
                CheckNumber(ref reader);
                break;
        }
    }

    private void CheckText(ref Utf8JsonReader reader) => Fault ??= EscapedText.FaultOf(reader.ValueSpan);

    private void CheckNumber(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        if (text.Length < SurelyFiniteLength && !text.ContainsAny((byte)'e', (byte)'E'))
            return;
        if (!reader.TryGetDouble(out var value) || !double.IsFinite(value))
            Fault ??= $"{Encoding.UTF8.GetString(text[..Math.Min(text.Length, 32)])} is too large for a number.";
    }
}
