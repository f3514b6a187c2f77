using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace AptTask.Protocol;

/// <summary>
/// Reads one line as a request. Strict: what is not exactly as the protocol says is refused with a code and a reason, and nothing
/// but an outcome ever comes back. Any thread may call it.
/// </summary>
public static class RequestReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = WireLimits.Depth };

    /// <summary>Reads a line.</summary>
    /// <param name="line">Without its line feed; a carriage return at the end is white space.</param>
    public static RequestOutcome Read(in ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
            return Read(line.FirstSpan);
        var length = checked((int)line.Length);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            line.CopyTo(rented);
            return Read(rented.AsSpan(0, length));
        }
        finally
        {
            // It may have held a key.
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <inheritdoc cref="Read(in ReadOnlySequence{byte})"/>
    public static RequestOutcome Read(ReadOnlySpan<byte> line)
    {
        Span<FieldSlot> slots = stackalloc FieldSlot[FieldTable.Count];
        var scan = new ObjectScan(line, slots);
        if (ScanLine(line, ref scan) is { } notAnObject)
            return RequestOutcome.Refused(notAnObject, RecoverId(scan), RecoverShape(scan)?.Name);
        return Build(scan);
    }

    private static WireError? ScanLine(ReadOnlySpan<byte> line, ref ObjectScan scan)
    {
        if (!Utf8.IsValid(line))
            return new WireError(ErrorCodes.BadUtf8, "The line is not UTF-8. Send text as UTF-8, bytes as base64.");
        if (line.StartsWith("\uFEFF"u8))
            return new WireError(ErrorCodes.BadJson, "The line begins with a byte order mark. Send UTF-8 without one.");
        try
        {
            var reader = new Utf8JsonReader(line, Options);
            reader.Read();
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            if (isObject)
                scan.ReadMembers(ref reader);
            else
                reader.Skip();
            // Reading on finds what stands behind the end; a line is one object and nothing else.
            reader.Read();
            if (!isObject)
                return new WireError(ErrorCodes.BadRequest, "A request is a JSON object: {\"request\": \"hello\"}.");
            return scan.Fault is { } fault ? new WireError(ErrorCodes.BadJson, fault) : null;
        }
        catch (JsonException exception)
        {
            return new WireError(ErrorCodes.BadJson, Explain(exception)).With("at", exception.BytePositionInLine ?? 0);
        }
    }

    private static RequestOutcome Build(scoped in ObjectScan scan)
    {
        var fields = new FieldReader(scan, "");
        var id = ReadId(scan, ref fields);
        var shape = FindShape(ref fields);
        if (shape is null)
            return RequestOutcome.Refused(fields.Error!, id, null);
        fields.AllowOnly(shape.Fields | RequestShape.CommonFields, $"`{shape.Name}`");
        // A key is only looked at by the one who knows the keys: here every text will do.
        var common = new CommonFields(id, fields.Text(Field.Key), fields.NameText(Field.Group));
        var request = shape.Build(ref fields, common);
        return fields.Error is { } error ? RequestOutcome.Refused(error, id, shape.Name) : RequestOutcome.Of(request);
    }

    private static RequestShape? FindShape(ref FieldReader fields)
    {
        if (!fields.Has(Field.Request))
        {
            fields.Missing(Field.Request, "the name of a request: " + string.Join(", ", RequestNames.All));
            return null;
        }
        if (fields.Text(Field.Request) is not { } name)
            return null;
        if (RequestShapes.Find(name) is { } shape)
            return shape;
        var nearest = Nearest.To(name, RequestNames.All);
        var hint = nearest is null
            ? $"There are: {string.Join(", ", RequestNames.All)}."
            : $"Did you mean `{nearest}`?";
        var error = new WireError(
            ErrorCodes.UnknownRequest,
            $"There is no request `{FieldReader.Shorten(name)}`. {hint}"
        );
        fields.Fail(nearest is null ? error : error.With("nearest", nearest));
        return null;
    }

    private static RequestId ReadId(scoped in ObjectScan scan, ref FieldReader fields)
    {
        if (!scan.Has(Field.Id))
            return RequestId.None;
        var id = RecoverId(scan);
        if (!id.IsGiven)
            fields.Fail(Field.Id, $"a string of at most {RequestId.TextLimit} characters or an integer of 64 bits");
        return id;
    }

    /// <summary>The id, if there is one that can be echoed. Also asked of a line that broke off somewhere behind it.</summary>
    private static RequestId RecoverId(scoped in ObjectScan scan)
    {
        if (!scan.Has(Field.Id))
            return RequestId.None;
        var kind = scan[Field.Id].Kind;
        var value = scan.ValueOf(Field.Id);
        if (FieldReader.TryInteger(value, kind, long.MinValue, long.MaxValue, out var number))
            return RequestId.Of(number);
        if (kind != JsonTokenType.String || EscapedText.FaultOf(value) is not null)
            return RequestId.None;
        var text = FieldReader.Unescape(value);
        return text.Length <= RequestId.TextLimit ? RequestId.Of(text) : RequestId.None;
    }

    private static RequestShape? RecoverShape(scoped in ObjectScan scan)
    {
        if (!scan.Has(Field.Request) || scan[Field.Request].Kind != JsonTokenType.String)
            return null;
        var value = scan.ValueOf(Field.Request);
        return EscapedText.FaultOf(value) is null ? RequestShapes.Find(FieldReader.Unescape(value)) : null;
    }

    private static string Explain(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var reason = end < 0 ? exception.Message : exception.Message[..end];
        return $"The line is not one JSON object, at byte {exception.BytePositionInLine ?? 0}: {reason}";
    }
}
