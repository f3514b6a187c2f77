using System.Buffers.Binary;

namespace AptTask.Host.Output;

/// <summary>Pieces of a worklog as bytes for the store: those of several attempts can be laid end to end.</summary>
internal static class WorkLogCode
{
    private const int HeadLength = 8 + 8 + 1 + 4;
    private static readonly string[] Streams = ["out", "err", "log"];

    /// <summary>The bytes of pieces.</summary>
    public static byte[] Write(IReadOnlyList<WorkLogPiece> pieces)
    {
        var bytes = new byte[pieces.Sum(piece => HeadLength + piece.Text.Length)];
        var rest = bytes.AsSpan();
        foreach (var piece in pieces)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, piece.Offset);
            BinaryPrimitives.WriteInt64LittleEndian(rest[8..], piece.At.UtcTicks);
            rest[16] = (byte)Array.IndexOf(Streams, piece.Stream);
            BinaryPrimitives.WriteInt32LittleEndian(rest[17..], piece.Text.Length);
            piece.Text.Span.CopyTo(rest[HeadLength..]);
            rest = rest[(HeadLength + piece.Text.Length)..];
        }

        return bytes;
    }

    /// <summary>The pieces of bytes.</summary>
    public static IReadOnlyList<WorkLogPiece> Read(ReadOnlyMemory<byte> bytes)
    {
        var pieces = new List<WorkLogPiece>();
        while (!bytes.IsEmpty)
        {
            var head = bytes.Span;
            var length = BinaryPrimitives.ReadInt32LittleEndian(head[17..]);
            pieces.Add(
                new WorkLogPiece(
                    BinaryPrimitives.ReadInt64LittleEndian(head),
                    new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(head[8..]), TimeSpan.Zero),
                    Streams[head[16]],
                    bytes.Slice(HeadLength, length)
                )
            );
            bytes = bytes[(HeadLength + length)..];
        }

        return pieces;
    }
}
