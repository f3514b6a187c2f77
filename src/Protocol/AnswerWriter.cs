using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AptTask.Protocol;

/// <summary>
/// Writes answers, errors and events, each as one line with its line feed. Holds no state: any thread may call it, each with a
/// buffer of its own.
/// </summary>
public static class AnswerWriter
{
    private static readonly JsonWriterOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static Scratch? t_scratch;

    /// <summary>Writes a good answer.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="id">The id of the request.</param>
    /// <param name="response">The name of the request.</param>
    /// <param name="answer">What it is answered with.</param>
    public static void WriteAnswer(IBufferWriter<byte> output, RequestId id, string response, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(answer);
        var scratch = t_scratch ??= new Scratch();
        var body = scratch.Serialize(answer);
        scratch.BeginEnvelope(id, "ok", response);
        scratch.FinishTo(output, body);
    }

    /// <summary>Writes an error answer.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="id">The id of the request, as far as it is known.</param>
    /// <param name="response">The name of the request; null when it is not known.</param>
    /// <param name="error">Why it is refused.</param>
    public static void WriteError(IBufferWriter<byte> output, RequestId id, string? response, WireError error)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        var scratch = t_scratch ??= new Scratch();
        scratch.BeginEnvelope(id, "error", response);
        scratch.WriteErrorMembers(error);
        scratch.FinishTo(output, []);
    }

    /// <summary>Writes an event.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="happened">What happened.</param>
    public static void WriteEvent(IBufferWriter<byte> output, WireEvent happened)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(happened);
        var body = (t_scratch ??= new Scratch()).Serialize(happened);
        var line = output.GetSpan(body.Length + 1);
        body.CopyTo(line);
        line[body.Length] = (byte)'\n';
        output.Advance(body.Length + 1);
    }

    /// <summary>Buffers and writers that one thread uses again and again, so that an answer costs no garbage.</summary>
    [SuppressMessage(
        "Design",
        "CA1001:Types that own disposable fields should be disposable",
        Justification = "Lives as long as its thread; the writers hold memory only."
    )]
    private sealed class Scratch
    {
        // A thread keeps a buffer up to this size; a larger one was for a single large answer.
        private const int KeptBytes = 256 * 1024;

        private readonly ArrayBufferWriter<byte> _head = new(256);
        private readonly Utf8JsonWriter _headWriter;
        private ArrayBufferWriter<byte> _body = new(1024);
        private readonly Utf8JsonWriter _bodyWriter;

        public Scratch()
        {
            _headWriter = new Utf8JsonWriter(_head, Compact);
            _bodyWriter = new Utf8JsonWriter(_body, Compact);
        }

        public ReadOnlySpan<byte> Serialize(object value)
        {
            if (_body.Capacity > KeptBytes)
                _body = new ArrayBufferWriter<byte>(1024);
            _body.ResetWrittenCount();
            _bodyWriter.Reset(_body);
            JsonSerializer.Serialize(_bodyWriter, value, TypeInfoOf(value));
            _bodyWriter.Flush();
            return _body.WrittenSpan;
        }

        public void BeginEnvelope(RequestId id, string status, string? response)
        {
            _head.ResetWrittenCount();
            _headWriter.Reset(_head);
            _headWriter.WriteStartObject();
            if (id.IsNumber)
                _headWriter.WriteNumber("id"u8, id.Number);
            else if (id.Text is { } text)
                _headWriter.WriteString("id"u8, text);
            _headWriter.WriteString("status"u8, status);
            if (response is not null)
                _headWriter.WriteString("response"u8, response);
        }

        public void WriteErrorMembers(WireError error)
        {
            _headWriter.WriteString("code"u8, error.Code);
            _headWriter.WriteString("message"u8, error.Message);
            foreach (var detail in error.Details)
            {
                _headWriter.WritePropertyName(detail.Name);
                detail.Value.WriteTo(_headWriter);
            }
        }

        /// <summary>Puts the members of the body after those of the envelope: one object, one copy.</summary>
        public void FinishTo(IBufferWriter<byte> output, ReadOnlySpan<byte> body)
        {
            _headWriter.Flush();
            var head = _head.WrittenSpan;
            var members = body.Length > 2 ? body[1..^1] : [];
            var line = output.GetSpan(head.Length + members.Length + 3);
            head.CopyTo(line);
            var length = head.Length;
            if (!members.IsEmpty)
            {
                line[length++] = (byte)',';
                members.CopyTo(line[length..]);
                length += members.Length;
            }
            line[length++] = (byte)'}';
            line[length++] = (byte)'\n';
            output.Advance(length);
        }

        private static JsonTypeInfo TypeInfoOf(object value) =>
            WireJson.Default.GetTypeInfo(value.GetType())
            ?? throw new NotSupportedException($"{value.GetType().Name} is not part of the protocol.");
    }
}
