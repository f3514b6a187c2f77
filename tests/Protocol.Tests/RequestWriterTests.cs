using System.Buffers;
using System.Text;

namespace AptTask.Protocol.Tests;

public sealed class RequestWriterTests
{
    public static TheoryData<string> Names => [.. RequestNames.All];

    private static string Write(Request request)
    {
        var output = new ArrayBufferWriter<byte>();
        RequestWriter.Write(output, request);
        return Encoding.UTF8.GetString(output.WrittenSpan)[..^1];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_field_that_is_read_is_written_again(string name)
    {
        foreach (var field in FieldTable.NamesOf(RequestShapes.Find(name)!.Fields | RequestShape.CommonFields))
        {
            var line = Samples.LineWith(name, field, Samples.RightValueOf(name, field));
            var first = Lines.Read(line).Request!;
            var written = Write(first);
            Assert.Equal(written, Write(Lines.Read(written).Request!));
            // What is the default may be left out; anything else has to be there under its name.
            if (!line.Contains("false", StringComparison.Ordinal) && !line.Contains("refuse", StringComparison.Ordinal))
                Assert.Contains(
                    $"\"{(name == "wait" ? field.TrimEnd('s') : field)}",
                    written,
                    StringComparison.Ordinal
                );
        }
    }

    [Fact]
    public void Everything_that_a_task_may_say_survives_the_way()
    {
        const string Line =
            """{"id":"x","key":"k","request":"start","group":"g","name":"n","arguments":{"a":[1]},"jobid":"j","waitfor":["a",{"job":"b","when":"finished"}],"priority":-1,"lane":"l","weight":2,"retry":{"attempts":3,"backoff":"exponential","delay_seconds":0.5,"max_delay_seconds":9,"jitter":0.1},"timeout_seconds":1.5,"not_before":"2026-03-01T07:30:00.250Z","deadline":"2026-03-02T07:30:00.000Z","unique":"u","keep":"none","on_full":"wait","strict":true}""";
        Assert.Equal(Line, Write(Lines.Accept<StartRequest>(Line)));
    }
}
