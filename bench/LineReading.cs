using System.Buffers;
using AptTask.Protocol;
using BenchmarkDotNet.Attributes;

namespace AptTask.Bench;

/// <summary>What does a line cost before anything is done about it: cut out of the pipe, and read strictly?</summary>
[MemoryDiagnoser]
public class LineReading
{
    private const int Lines = 1_000;

    private static readonly byte[] Line =
        """{"id":1,"request":"start","name":"thumbnail","arguments":{"source":"a.png"},"jobid":"thumb-a","waitfor":["upload-a"]}"""u8.ToArray();

    private ReadOnlySequence<byte> _stream;
    private ReadOnlySequence<byte> _line;

    [GlobalSetup]
    public void Prepare()
    {
        _line = new ReadOnlySequence<byte>(Line);
        _stream = new ReadOnlySequence<byte>([
            .. Enumerable.Repeat(Line.Append((byte)'\n'), Lines).SelectMany(line => line),
        ]);
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public int Cut_a_line()
    {
        var cutter = new LineCutter(1024 * 1024);
        var buffer = _stream;
        var count = 0;
        while (cutter.TryCut(ref buffer, out _) == Cut.Line)
            count++;
        return count;
    }

    [Benchmark]
    public RequestOutcome Read_a_start() => RequestReader.Read(_line);
}
