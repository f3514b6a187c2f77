using System.Text;
using AptTask.TestKit;
using CsCheck;

namespace AptTask.Protocol.Tests;

public sealed class FuzzTests
{
    private static readonly byte[][] Seeds =
    [
        .. RequestNames
            .All.Select(Samples.LineOf)
            .Concat(Transcript.Names.SelectMany(name => Transcript.Load(name).Steps).Select(step => step.Text))
            .Append(
                """{"id":"x","key":"k","request":"start","group":"g","name":"n","arguments":{"a":[1,{"b":"\ud83d\ude00"}]},"jobid":"j","waitfor":["a",{"job":"b","when":"finished"}],"priority":-1,"lane":"l","weight":2,"retry":{"attempts":3,"backoff":"exponential","delay_seconds":0.5,"max_delay_seconds":9,"jitter":0.1},"timeout_seconds":1.5,"not_before":"2026-03-01T07:30:00.250Z","deadline":"2026-03-02T07:30:00.000Z","unique":"u","keep":"none","on_full":"wait","strict":true}"""
            )
            .Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] Splinters =
    [
        .. new[]
        {
            "\\ud800",
            "\\u0000",
            "\"\"",
            "null",
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            "\"",
            "\\",
            "1e999",
            "-0",
            "0x",
            "\u00e4",
            "\ufeff",
            "\n",
        }.Select(Encoding.UTF8.GetBytes),
        [0],
        [0xff],
        [0xc0, 0xaf],
        [0xed, 0xa0, 0x80],
    ];

    private static readonly Gen<Func<byte[], byte[]>> Mutation = Gen.OneOf(
        Gen.Select(Gen.Double.Unit, Gen.Byte)
            .Select((at, value) => (Func<byte[], byte[]>)(line => Replace(line, at, 1, [value]))),
        Gen.Select(Gen.Double.Unit, Gen.Int[0, Splinters.Length - 1].Select(index => Splinters[index]))
            .Select((at, value) => (Func<byte[], byte[]>)(line => Replace(line, at, 0, value))),
        Gen.Select(Gen.Double.Unit, Gen.Int[1, 30])
            .Select((at, count) => (Func<byte[], byte[]>)(line => Replace(line, at, count, []))),
        Gen.Select(Gen.Double.Unit, Gen.Double.Unit)
            .Select(
                (from, to) =>
                    (Func<byte[], byte[]>)(
                        line =>
                        {
                            var piece = line[
                                (int)(line.Length * Math.Min(from, to))..(int)(line.Length * Math.Max(from, to))
                            ];
                            return Replace(line, to, 0, piece);
                        }
                    )
            )
    );

    private static byte[] Replace(byte[] line, double at, int count, byte[] with)
    {
        var start = (int)(at * line.Length);
        return [.. line[..start], .. with, .. line[Math.Min(line.Length, start + count)..]];
    }

    [Fact]
    public void No_mutation_of_any_line_makes_the_reader_throw() =>
        Gen.Select(Gen.Int[0, Seeds.Length - 1].Select(index => Seeds[index]), Mutation.Array[1, 4])
            .Sample(
                (seed, mutations) =>
                {
                    var line = mutations.Aggregate(seed, (bytes, mutate) => mutate(bytes));
                    var outcome = RequestReader.Read(line);
                    Assert.Equal(outcome.IsRequest, outcome.Error is null);
                    if (outcome.Error is { } error)
                        Assert.Contains(error.Code, ErrorCodes.All);
                    // The old protocol looks at the same bytes when there is no line feed.
                    LegacyRequest.IsWhole(line);
                    var legacy = LegacyRequest.TryRead(line, out var legacyError, out _);
                    Assert.Equal(legacy is null, legacyError is not null);
                },
                iter: 100_000
            );

    [Fact]
    public void What_was_taken_reads_the_same_when_it_is_written_again() =>
        Gen.Select(Gen.Int[0, Seeds.Length - 1].Select(index => Seeds[index]), Mutation.Array[0, 2])
            .Sample(
                (seed, mutations) =>
                {
                    var outcome = RequestReader.Read(mutations.Aggregate(seed, (bytes, mutate) => mutate(bytes)));
                    if (outcome.Request is not { } request)
                        return;
                    var output = new System.Buffers.ArrayBufferWriter<byte>();
                    RequestWriter.Write(output, request);
                    var again = RequestReader.Read(output.WrittenSpan[..^1]);
                    Assert.True(again.IsRequest, again.Error?.Message);
                    var twice = new System.Buffers.ArrayBufferWriter<byte>();
                    RequestWriter.Write(twice, again.Request);
                    Assert.Equal(output.WrittenSpan.ToArray(), twice.WrittenSpan.ToArray());
                },
                iter: 50_000
            );
}
