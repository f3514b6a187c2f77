namespace AptTask.Protocol.Tests;

public sealed class RequestReaderTests
{
    [Fact]
    public void A_start_with_everything_is_read_whole()
    {
        var request = Lines.Accept<StartRequest>(
            """
            {"priority":-5,"id":"a-1","key":"apt_web_x","group":"site/a","request":"start","name":"thumbnail",
             "arguments":{"source":"a.png","width":64},"jobid":"thumb","waitfor":["up",{"job":"b","when":"finished"},{"job":"c"}],
             "lane":"images","weight":2,"retry":{"attempts":3,"backoff":"exponential","delay_seconds":0.5,"max_delay_seconds":10,"jitter":0.1},
             "timeout_seconds":1.5,"not_before":"2026-03-01T07:30:00+01:00","deadline":"2026-03-01T07:30:00.250Z",
             "unique":"u","keep":"linger","on_full":"wait","strict":true}
            """
        );
        Assert.Equal("a-1", request.Id.Text);
        Assert.Equal("apt_web_x", request.Key);
        Assert.Equal("site/a", request.Group);
        Assert.Equal(OnFull.Wait, request.OnFull);
        Assert.True(request.Strict);
        var task = request.Task;
        Assert.Equal("thumbnail", task.Routine);
        Assert.Equal("a.png", task.Arguments!.Value.GetProperty("source").GetString());
        Assert.Equal("thumb", task.JobId);
        Assert.Equal([new("up"), new("b", WaitForEnd.Finished), new("c")], task.WaitFor);
        Assert.Equal(-5, task.Priority);
        Assert.Equal("images", task.Lane);
        Assert.Equal(2, task.Weight);
        Assert.Equal(
            new RetryOrder(3)
            {
                Backoff = RetryBackoff.Exponential,
                DelaySeconds = 0.5,
                MaxDelaySeconds = 10,
                Jitter = 0.1,
            },
            task.Retry
        );
        Assert.Equal(1.5, task.TimeoutSeconds);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 6, 30, 0, TimeSpan.Zero), task.NotBefore);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 7, 30, 0, 250, TimeSpan.Zero), task.Deadline);
        Assert.Equal("u", task.Unique);
        Assert.Equal(Keep.Linger, task.Keep);
    }

    [Fact]
    public void What_a_start_does_not_say_is_not_there()
    {
        var request = Lines.Accept<StartRequest>("{\"request\":\"start\",\"name\":\"demo.noop\"}");
        Assert.False(request.Id.IsGiven);
        Assert.Equal(OnFull.Refuse, request.OnFull);
        var task = request.Task;
        Assert.Empty(task.WaitFor);
        Assert.Equal(new TaskOrder { Routine = "demo.noop", WaitFor = task.WaitFor }, task);
    }

    [Fact]
    public void A_submission_keeps_the_order_of_its_tasks()
    {
        var request = Lines.Accept<SubmitRequest>(
            "{\"request\":\"submit\",\"strict\":true,\"tasks\":[{\"name\":\"b\",\"waitfor\":[\"x\"]},{\"name\":\"a\",\"jobid\":\"x\",\"arguments\":[1]}]}"
        );
        Assert.Equal(["b", "a"], request.Tasks.Select(task => task.Routine));
        Assert.Equal(1, request.Tasks[1].Arguments!.Value[0].GetInt32());
    }

    [Theory]
    [InlineData("{\"request\":\"stop\"}")]
    [InlineData("{\"request\":\"stop\",\"taskid\":1,\"jobid\":\"a\"}")]
    [InlineData("{\"request\":\"watch\",\"taskid\":1,\"jobid\":\"a\"}")]
    [InlineData("{\"request\":\"ack\"}")]
    [InlineData("{\"request\":\"ack\",\"taskid\":1,\"taskids\":[2]}")]
    [InlineData("{\"request\":\"wait\"}")]
    [InlineData("{\"request\":\"pause\"}")]
    [InlineData("{\"request\":\"resume\",\"lane\":\"a\",\"group\":\"b\"}")]
    [InlineData("{\"request\":\"forget\"}")]
    [InlineData("{\"request\":\"start\"}")]
    [InlineData("{\"request\":\"submit\"}")]
    [InlineData("{\"request\":\"submit\",\"tasks\":[]}")]
    [InlineData("{\"request\":\"submit\",\"tasks\":[\"a\"]}")]
    [InlineData("{\"request\":\"start\",\"name\":\"a\",\"on_full\":\"wait\"}")]
    [InlineData("{\"request\":\"start\",\"name\":\"a\",\"retry\":{}}")]
    [InlineData("{\"request\":\"start\",\"name\":\"a\",\"waitfor\":[{\"when\":\"done\"}]}")]
    [InlineData("{\"request\":\"start\",\"name\":\"a\",\"waitfor\":\"b\"}")]
    [InlineData("{\"request\":\"start\",\"name\":\"a\",\"deadline\":\"2026-03-01T07:30:00\"}")]
    [InlineData("{\"request\":\"start\",\"name\":\"a\",\"deadline\":\"2026-03-01\"}")]
    [InlineData("{\"request\":\"start\",\"name\":\"a\",\"deadline\":\"2026-02-30T07:30:00Z\"}")]
    [InlineData("{\"request\":\"tasks\",\"limit\":1001}")]
    [InlineData("{\"request\":\"tasks\",\"state\":\"gone\"}")]
    [InlineData("{\"request\":\"log\",\"taskid\":0}")]
    public void A_request_that_breaks_a_rule_of_its_own_is_refused(string line) =>
        Lines.Refuse(line, ErrorCodes.BadRequest);

    [Fact]
    public void Wait_takes_one_or_many_by_number_or_name()
    {
        var request = Lines.Accept<WaitRequest>(
            "{\"request\":\"wait\",\"taskid\":1,\"taskids\":[2,3],\"jobid\":\"a\",\"jobids\":[\"b\"],\"any\":true,\"timeout_seconds\":0}"
        );
        Assert.Equal([1, 2, 3], request.TaskIds);
        Assert.Equal(["a", "b"], request.JobIds);
        Assert.True(request.Any);
        Assert.Equal(0, request.TimeoutSeconds);
    }

    [Fact]
    public void The_state_filter_is_one_state_or_a_list()
    {
        Assert.Equal(["done"], Lines.Accept<TasksRequest>("{\"request\":\"tasks\",\"state\":\"done\"}").States);
        Assert.Equal(
            ["done", "failed"],
            Lines.Accept<TasksRequest>("{\"request\":\"tasks\",\"state\":[\"done\",\"failed\"]}").States
        );
    }

    [Fact]
    public void A_request_that_is_printed_does_not_show_its_key() =>
        Assert.DoesNotContain(
            "geheim",
            Lines.Accept<StopRequest>("{\"request\":\"stop\",\"taskid\":1,\"key\":\"geheim\"}").ToString(),
            StringComparison.Ordinal
        );

    public static TheoryData<string> Names => [.. RequestNames.All];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_request_has_a_shape_and_answers_to_its_name(string name)
    {
        var request = Lines.Read(Samples.LineOf(name)).Request;
        Assert.Equal(name, request?.Name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_field_of_every_request_refuses_every_wrong_type(string name)
    {
        var shape = RequestShapes.Find(name)!;
        foreach (var field in FieldTable.NamesOf(shape.Fields | RequestShape.CommonFields))
        {
            foreach (var wrong in Samples.WrongValuesOf(name, field))
            {
                var line = Samples.LineWith(name, field, wrong);
                var outcome = Lines.Read(line);
                Assert.False(outcome.IsRequest, $"accepted: {line}");
                Assert.Equal(ErrorCodes.BadRequest, outcome.Error.Code);
                Assert.Contains(field, outcome.Error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_field_of_every_request_takes_a_right_value(string name)
    {
        var shape = RequestShapes.Find(name)!;
        foreach (var field in FieldTable.NamesOf(shape.Fields | RequestShape.CommonFields))
        {
            var outcome = Lines.Read(Samples.LineWith(name, field, Samples.RightValueOf(name, field)));
            Assert.True(outcome.IsRequest, $"{name}.{field}: {outcome.Error?.Message}");
        }
    }
}
