using System.Text.Json;

namespace AptTask.Protocol;

/// <summary>Goes through the values of a JSON array that is known to be well formed.</summary>
internal ref struct ElementWalk
{
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;

    public ElementWalk(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json);
        _reader.Read();
    }

    /// <summary>What the current value is.</summary>
    public JsonTokenType Kind { get; private set; }

    /// <summary>The bytes of the current value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>How many values there are.</summary>
    public static int Count(ReadOnlySpan<byte> json)
    {
        var walk = new ElementWalk(json);
        var count = 0;
        while (walk.MoveNext())
            count++;
        return count;
    }

    /// <summary>Goes to the next value.</summary>
    public bool MoveNext()
    {
        if (_json.IsEmpty || !_reader.Read() || _reader.TokenType == JsonTokenType.EndArray)
            return false;
        Kind = _reader.TokenType;
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        Value = _json[start..(int)_reader.BytesConsumed];
        return true;
    }
}
