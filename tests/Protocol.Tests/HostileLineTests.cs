using System.Text;

namespace AptTask.Protocol.Tests;

public sealed class HostileLineTests
{
    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\r")]
    [InlineData("{\"request\":\"hello\"} {\"request\":\"hello\"}")]
    [InlineData("{\"request\":\"hello\"}x")]
    [InlineData("{\"request\":\"hello\",}")]
    [InlineData("{\"request\":\"hello\" /* why */}")]
    [InlineData("{\"request\":\"hello\"} // why")]
    [InlineData("{\"request\":NaN}")]
    [InlineData("{\"request\":\"hello\",\"id\":01}")]
    [InlineData("{'request':'hello'}")]
    [InlineData("\uFEFF{\"request\":\"hello\"}")]
    [InlineData("{\"request\":\"hel\u0000lo\"}")]
    [InlineData("\u0000{\"request\":\"hello\"}")]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("{\"request\":\"hello\",\"id\":\"\\x41\"}")]
    public void What_is_not_one_JSON_object_is_bad_json(string line) => Lines.Refuse(line, ErrorCodes.BadJson);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[{\"request\":\"hello\"}]")]
    [InlineData("\"hello\"")]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("{\"request\":7}")]
    [InlineData("{\"request\":null}")]
    [InlineData("{\"request\":[\"hello\"]}")]
    public void JSON_that_is_no_request_is_a_bad_request(string line) => Lines.Refuse(line, ErrorCodes.BadRequest);

    [Theory]
    [InlineData("22ff22")]
    [InlineData("22c0af22")]
    [InlineData("22eda08022")]
    [InlineData("22f490808022")]
    [InlineData("22e282")]
    public void Bytes_that_are_not_UTF8_are_bad_utf8(string hex)
    {
        var line = "{\"request\":\"hello\",\"id\":"u8
            .ToArray()
            .Concat(Convert.FromHexString(hex))
            .Concat("}"u8.ToArray());
        var outcome = RequestReader.Read(line.ToArray());
        Assert.Equal(ErrorCodes.BadUtf8, outcome.Error?.Code);
    }

    [Fact]
    public void A_hundred_thousand_brackets_are_refused_without_harm()
    {
        Lines.Refuse(new string('[', 100_000), ErrorCodes.BadJson);
        Lines.Refuse(
            "{\"request\":\"start\",\"name\":\"x\",\"arguments\":" + new string('[', 100_000),
            ErrorCodes.BadJson
        );
    }

    [Fact]
    public void Sixteen_levels_are_taken_and_seventeen_are_not()
    {
        static string Nested(int arrays) =>
            "{\"request\":\"start\",\"name\":\"x\",\"arguments\":"
            + new string('[', arrays)
            + new string(']', arrays)
            + "}";
        Lines.Accept<StartRequest>(Nested(WireLimits.Depth - 1));
        var error = Lines.Refuse(Nested(WireLimits.Depth), ErrorCodes.BadJson);
        Assert.Contains("depth of 16", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"request\":\"start\",\"request\":\"stop\"}")]
    [InlineData("{\"request\":\"hello\",\"\\u0072equest\":\"hello\"}")]
    [InlineData("{\"request\":\"start\",\"name\":\"x\",\"arguments\":{\"a\":1,\"a\":1}}")]
    [InlineData("{\"request\":\"start\",\"name\":\"x\",\"arguments\":{\"a\":1,\"\\u0061\":1}}")]
    [InlineData("{\"request\":\"start\",\"name\":\"x\",\"arguments\":[{\"b\":{\"a\":1,\"a\":2}}]}")]
    [InlineData("{\"request\":\"start\",\"name\":\"x\",\"retry\":{\"attempts\":1,\"attempts\":2}}")]
    [InlineData("{\"request\":\"start\",\"name\":\"x\",\"waitfor\":[{\"job\":\"a\",\"\\u006aob\":\"b\"}]}")]
    [InlineData("{\"request\":\"submit\",\"tasks\":[{\"name\":\"a\",\"name\":\"b\"}]}")]
    [InlineData("{\"request\":\"submit\",\"tasks\":[{\"name\":\"a\",\"arguments\":{\"x\":1,\"x\":2}}]}")]
    public void A_name_that_stands_twice_in_an_object_is_bad_json(string line)
    {
        var error = Lines.Refuse(line, ErrorCodes.BadJson);
        Assert.Contains("twice", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"request\":\"stop\",\"jobid\":\"\\ud800\"}")]
    [InlineData("{\"request\":\"stop\",\"jobid\":\"\\udc00\"}")]
    [InlineData("{\"request\":\"stop\",\"jobid\":\"\\ud800\\ud800\"}")]
    [InlineData("{\"request\":\"stop\",\"jobid\":\"\\ud800x\"}")]
    [InlineData("{\"request\":\"stop\",\"jobid\":\"\\ud83d\\n\"}")]
    [InlineData("{\"request\":\"stop\",\"jobid\":\"a\\u0000b\"}")]
    [InlineData("{\"request\":\"stop\",\"jobid\":\"x\",\"key\":\"\\u0000\"}")]
    [InlineData("{\"request\":\"sto\\u0000p\",\"jobid\":\"x\"}")]
    [InlineData("{\"request\":\"start\",\"name\":\"x\",\"arguments\":{\"a\":[\"\\u0000\"]}}")]
    [InlineData("{\"request\":\"start\",\"name\":\"x\",\"arguments\":{\"\\udfff\":1}}")]
    [InlineData("{\"id\":\"\\ud800\",\"request\":\"hello\"}")]
    [InlineData("{\"\\ud800\":1,\"request\":\"hello\"}")]
    public void Half_characters_and_NUL_are_bad_json(string line) => Lines.Refuse(line, ErrorCodes.BadJson);

    [Fact]
    public void Escapes_that_make_whole_characters_are_read()
    {
        var request = Lines.Accept<StopRequest>(
            "{\"\\u0072equest\":\"st\\u006fp\",\"jobid\":\"\\ud83d\\ude00 \\\"\\\\u0000\\\"\"}"
        );
        Assert.Equal("😀 \"\\u0000\"", request.JobId);
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1e999999")]
    public void A_number_without_a_finite_value_is_bad_json_wherever_it_stands(string number)
    {
        Lines.Refuse($"{{\"request\":\"start\",\"name\":\"x\",\"priority\":{number}}}", ErrorCodes.BadJson);
        Lines.Refuse($"{{\"request\":\"start\",\"name\":\"x\",\"arguments\":[{number}]}}", ErrorCodes.BadJson);
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("1.0")]
    [InlineData("1e1")]
    [InlineData("\"1\"")]
    [InlineData("101")]
    [InlineData("null")]
    public void A_priority_that_is_no_integer_in_range_is_a_bad_request(string priority)
    {
        var error = Lines.Refuse(
            $"{{\"request\":\"start\",\"name\":\"x\",\"priority\":{priority}}}",
            ErrorCodes.BadRequest
        );
        Assert.Equal("`priority` must be an integer from -100 to 100.", error.Message);
        Assert.Equal("priority", Lines.Detail(error, "field"));
    }

    [Fact]
    public void Minus_zero_is_zero() =>
        Assert.Equal(
            0,
            Lines.Accept<StartRequest>("{\"request\":\"start\",\"name\":\"x\",\"priority\":-0}").Task.Priority
        );

    [Theory]
    [InlineData("START")]
    [InlineData("start ")]
    [InlineData("strat")]
    public void A_request_that_there_is_not_names_the_nearest(string name)
    {
        var error = Lines.Refuse($"{{\"request\":\"{name}\"}}", ErrorCodes.UnknownRequest);
        Assert.Equal("start", Lines.Detail(error, "nearest"));
        Assert.Contains("Did you mean `start`?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_unlike_any_is_told_what_there_is() =>
        Assert.Contains(
            "hello, index, start",
            Lines.Refuse("{\"request\":\"xyzzyfoo\"}", ErrorCodes.UnknownRequest).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("{\"request\":\"start\",\"name\":\"x\",\"prio\":1}", "prio", null)]
    [InlineData("{\"request\":\"start\",\"name\":\"x\",\"waitFor\":[]}", "waitFor", "waitfor")]
    [InlineData("{\"request\":\"start\",\"name\":\"x\",\"job_id\":\"a\"}", "job_id", "jobid")]
    [InlineData("{\"request\":\"start\",\"name\":\"x\",\"taskid\":1}", "taskid", null)]
    [InlineData("{\"request\":\"start\",\"name\":\"x\",\"retry\":{\"attempts\":2,\"delay\":1}}", "retry.delay", null)]
    [InlineData(
        "{\"request\":\"start\",\"name\":\"x\",\"retry\":{\"attempts\":2,\"jiter\":1}}",
        "retry.jiter",
        "jitter"
    )]
    [InlineData(
        "{\"request\":\"start\",\"name\":\"x\",\"waitfor\":[\"a\",{\"job\":\"b\",\"wen\":\"done\"}]}",
        "waitfor[1].wen",
        "when"
    )]
    [InlineData(
        "{\"request\":\"submit\",\"tasks\":[{\"name\":\"a\"},{\"name\":\"b\",\"jobId\":\"c\"}]}",
        "tasks[1].jobId",
        "jobid"
    )]
    [InlineData("{\"request\":\"submit\",\"tasks\":[{\"name\":\"a\",\"strict\":true}]}", "tasks[0].strict", null)]
    [InlineData("{\"request\":\"hello\",\"action\":\"hello\"}", "action", null)]
    [InlineData("{\"request\":\"hello\",\"\\u0000\\u0000\":1}", null, null)]
    public void A_field_that_there_is_not_is_named_with_the_nearest(string line, string? field, string? nearest)
    {
        if (field is null)
        {
            Lines.Refuse(line, ErrorCodes.BadJson);
            return;
        }
        var error = Lines.Refuse(line, ErrorCodes.UnknownField);
        Assert.Equal(field, Lines.Detail(error, "field"));
        if (nearest is not null || Lines.Detail(error, "nearest") is null)
            Assert.Equal(nearest, Lines.Detail(error, "nearest"));
    }

    [Theory]
    [InlineData("{\"id\":7,\"request\":\"start\",\"nam\":\"x\"}", "7", "start")]
    [InlineData("{\"nam\":\"x\",\"request\":\"start\",\"id\":\"seven\"}", "seven", "start")]
    [InlineData("{\"id\":7,\"request\":\"start\",\"name\":}", "7", "start")]
    [InlineData("{\"id\":7,\"request\":\"start\"} {}", "7", "start")]
    [InlineData("{\"id\":7,\"reque", "7", null)]
    [InlineData("{\"id\":7,\"request\":\"strat\"}", "7", null)]
    [InlineData("{\"id\":[7],\"request\":\"hello\"}", "", "hello")]
    [InlineData("{\"id\":1.5,\"request\":\"hello\"}", "", "hello")]
    [InlineData("{\"id\":", "", null)]
    public void An_error_carries_the_id_and_name_as_far_as_they_could_be_read(string line, string id, string? name)
    {
        var outcome = Lines.Read(line);
        Assert.False(outcome.IsRequest);
        Assert.Equal(id, outcome.Id.ToString());
        Assert.Equal(name, outcome.Name);
    }

    [Theory]
    [InlineData("a\\nb")]
    [InlineData("\\u001b[31m")]
    [InlineData("\\u009b31m")]
    [InlineData("a\\u202eb")]
    [InlineData("")]
    public void Names_that_could_forge_a_log_line_or_a_terminal_escape_are_refused(string name)
    {
        Lines.Refuse($"{{\"request\":\"start\",\"name\":\"x\",\"jobid\":\"{name}\"}}", ErrorCodes.BadRequest);
        Lines.Refuse($"{{\"request\":\"start\",\"name\":\"{name}\"}}", ErrorCodes.BadRequest);
        Lines.Refuse($"{{\"request\":\"active\",\"group\":\"{name}\"}}", ErrorCodes.BadRequest);
        Lines.Refuse($"{{\"request\":\"start\",\"name\":\"x\",\"waitfor\":[\"{name}\"]}}", ErrorCodes.BadRequest);
    }

    [Fact]
    public void A_name_may_be_two_hundred_characters_long_and_no_longer()
    {
        Lines.Accept<StopRequest>($"{{\"request\":\"stop\",\"jobid\":\"{new string('ä', 200)}\"}}");
        Lines.Refuse($"{{\"request\":\"stop\",\"jobid\":\"{new string('ä', 201)}\"}}", ErrorCodes.BadRequest);
    }

    [Fact]
    public void A_line_in_many_pieces_reads_like_one_in_one_piece()
    {
        var bytes = Encoding.UTF8.GetBytes("{\"id\":1,\"request\":\"stop\",\"jobid\":\"größe\"}");
        var outcome = RequestReader.Read(Pieces.Of(bytes, size: 1));
        Assert.Equal("größe", Assert.IsType<StopRequest>(outcome.Request).JobId);
    }
}
