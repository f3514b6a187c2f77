using System.Buffers;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using CliWrap;

namespace AptTask.Host.Execution.Commands;

/// <summary>
/// Reads one output of a command to its end: the first bytes go to the worklog and, if wanted, are kept; the rest is
/// dropped, so that the command is never held up by a full pipe. One thread at a time.
/// </summary>
internal sealed class OutputCollector(
    OutputRule rule,
    bool isKept,
    LogStream stream,
    AttemptContext attempt,
    Action exceeded
)
{
    private const int PieceSize = 16 * 1024;

    private readonly ArrayBufferWriter<byte>? _kept = isKept ? new ArrayBufferWriter<byte>() : null;
    private long _taken;

    /// <summary>What was kept.</summary>
    public ReadOnlyMemory<byte> Kept => _kept?.WrittenMemory ?? default;

    /// <summary>All bytes, kept or not.</summary>
    public long Total { get; private set; }

    /// <summary>Whether something was dropped.</summary>
    public bool IsCut => Total > _taken;

    /// <summary>Where the command's output goes.</summary>
    public PipeTarget Target => PipeTarget.Create(ReadAsync);

    private async Task ReadAsync(Stream source, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            while (await source.ReadAsync(piece, cancellationToken) is var count and > 0)
                Take(piece.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        var wasCut = IsCut;
        Total += bytes.Length;
        var fits = bytes[..(int)Math.Min(bytes.Length, rule.Max - _taken)];
        _taken += fits.Length;
        if (!fits.IsEmpty)
        {
            attempt.Log(stream, fits);
            _kept?.Write(fits);
        }
        if (wasCut || !IsCut)
            return;
        attempt.Log(
            LogStream.Log,
            System.Text.Encoding.UTF8.GetBytes($"output is cut after {Units.Write(rule.Max)}\n")
        );
        if (rule.Kill)
            exceeded();
    }
}
