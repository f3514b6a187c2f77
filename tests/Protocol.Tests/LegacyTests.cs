using System.Buffers;
using System.Text;

namespace AptTask.Protocol.Tests;

public sealed class LegacyTests
{
    private static LegacyRequest Accept(string message)
    {
        var request = LegacyRequest.TryRead(Encoding.UTF8.GetBytes(message), out var error, out _);
        Assert.Null(error);
        return request!;
    }

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    [Fact]
    public void The_four_requests_of_the_old_client_are_read()
    {
        Assert.Equal("index", Accept("""{"key": "userkey", "request": "index"}""").Name);
        Assert.Equal("userkey", Accept("""{"request": "active", "key": "userkey"}""").Key);
        var start = Accept("""{"key": "userkey", "request": "start", "name": "DevTask", "arguments": ["1", "two"]}""");
        Assert.Equal("DevTask", start.Routine);
        Assert.Equal("two", start.Arguments!.Value[1].GetString());
        Assert.Equal(7, Accept("""{"key": "userkey", "request": "stop", "taskid": "7"}""").TaskId);
        Assert.Equal(7, Accept("""{"key": "userkey", "request": "stop", "taskid": 7, "other": null}""").TaskId);
    }

    [Theory]
    [InlineData("{\"request\":\"submit\"}", ErrorCodes.UnknownRequest)]
    [InlineData("{}", ErrorCodes.UnknownRequest)]
    [InlineData("{\"request\":7}", ErrorCodes.UnknownRequest)]
    [InlineData("[]", ErrorCodes.BadRequest)]
    [InlineData("{\"request\":\"start\"}", ErrorCodes.BadRequest)]
    [InlineData("{\"request\":\"stop\",\"taskid\":\"x\"}", ErrorCodes.BadRequest)]
    [InlineData("{\"request\":\"stop\",\"taskid\":0}", ErrorCodes.BadRequest)]
    [InlineData("{\"request\":\"stop\",\"taskid\":\"1.5\"}", ErrorCodes.BadRequest)]
    [InlineData("{", ErrorCodes.BadJson)]
    [InlineData("{\"request\":\"index\",\"request\":\"stop\"}", ErrorCodes.BadJson)]
    [InlineData("{\"request\":\"\\ud800\"}", ErrorCodes.BadJson)]
    public void What_the_old_protocol_does_not_know_is_refused(string message, string code)
    {
        Assert.Null(LegacyRequest.TryRead(Encoding.UTF8.GetBytes(message), out var error, out _));
        Assert.Equal(code, error!.Code);
    }

    [Theory]
    [InlineData("{\"request\":\"index\"}", true)]
    [InlineData("{\"request\":\"index\"} \r", true)]
    [InlineData("{\"request\":\"inde", false)]
    [InlineData("{\"request\":{", false)]
    [InlineData("", false)]
    [InlineData("[]", false)]
    [InlineData("{} {}", false)]
    [InlineData("GET /", false)]
    public void A_whole_object_without_a_line_feed_is_told_from_half_of_one(string message, bool whole) =>
        Assert.Equal(whole, LegacyRequest.IsWhole(Encoding.UTF8.GetBytes(message)));

    [Fact]
    public void Answers_have_the_shape_that_the_old_client_reads()
    {
        Assert.Equal(
            """{"status":"ok","response":"start","taskid":17}""",
            Written(output => LegacyAnswer.WriteTask(output, "start", 17))
        );
        Assert.Equal(
            """{"status":"ok","response":"active","active":[{"taskid":1,"name":"a","status":1,"state":"active","position":0,"progress":0.5,"message":"half"},{"taskid":2,"name":"b","status":0,"state":"inactive","position":1,"progress":0,"message":""}]}""",
            Written(output =>
                LegacyAnswer.WriteActive(output, [new(1, "a", 1, 0, 0.5, "half"), new(2, "b", 0, 1, 0, null)])
            )
        );
        Assert.Equal(
            """{"status":"ok","response":"index","index":[{"name":"a","arguments":[["x","int"]]}]}""",
            Written(output =>
                LegacyAnswer.WriteIndex(
                    output,
                    [
                        new RoutineView
                        {
                            Name = "a",
                            Kind = "plugin",
                            Origin = "o",
                            Arguments =
                            [
                                new ArgumentView
                                {
                                    Name = "x",
                                    Type = "int",
                                    Required = true,
                                },
                            ],
                        },
                    ]
                )
            )
        );
        Assert.Equal(
            """{"status":"error","response":"stop","code":"not_found","message":"No."}""",
            Written(output => LegacyAnswer.WriteError(output, "stop", new WireError(ErrorCodes.NotFound, "No.")))
        );
    }
}
