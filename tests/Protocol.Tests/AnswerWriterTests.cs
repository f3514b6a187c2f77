using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AptTask.Protocol.Tests;

public sealed class AnswerWriterTests
{
    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Count(character => character == '\n'));
        return text[..^1];
    }

    private static string Answered(string request, Answer answer) =>
        Written(output => AnswerWriter.WriteAnswer(output, RequestId.Of(1), request, answer));

    [Fact]
    public void An_answer_is_one_line_with_its_envelope_first()
    {
        Assert.Equal(
            """{"id":1,"status":"ok","response":"start","taskid":17,"state":"waiting"}""",
            Answered("start", new StartAnswer(17, TaskStates.Waiting))
        );
        Assert.Equal(
            """{"id":1,"status":"ok","response":"start","taskid":17,"state":"done","deduplicated":true}""",
            Answered("start", new StartAnswer(17, TaskStates.Done, Deduplicated: true))
        );
        Assert.Equal(
            """{"status":"ok","response":"ack","taskids":[1,2]}""",
            Written(output => AnswerWriter.WriteAnswer(output, RequestId.None, "ack", new AckAnswer([1, 2])))
        );
        Assert.Equal(
            """{"id":"a\"\n","status":"ok","response":"watch","seq":0}""",
            Written(output => AnswerWriter.WriteAnswer(output, RequestId.Of("a\"\n"), "watch", new WatchAnswer(0)))
        );
    }

    [Fact]
    public void An_error_carries_its_facts_beside_the_code() =>
        Assert.Equal(
            """{"id":1,"status":"error","response":"start","code":"cycle","message":"a → a","cycle":["a","a"],"limit":3}""",
            Written(output =>
                AnswerWriter.WriteError(
                    output,
                    RequestId.Of(1),
                    "start",
                    new WireError(ErrorCodes.Cycle, "a → a").With("cycle", ["a", "a"]).With("limit", 3)
                )
            )
        );

    [Fact]
    public void Events_say_what_happened_when_and_to_whom()
    {
        var at = new DateTimeOffset(2026, 3, 1, 7, 30, 0, 5, TimeSpan.FromHours(1));
        Assert.Equal(
            """{"id":9,"event":"state","seq":4,"at":"2026-03-01T06:30:00.005Z","taskid":7,"jobid":"j","state":"failed","reason":"timeout","attempt":2}""",
            Written(output =>
                AnswerWriter.WriteEvent(
                    output,
                    new StateEvent
                    {
                        Id = RequestId.Of(9),
                        Seq = 4,
                        At = at,
                        TaskId = 7,
                        JobId = "j",
                        State = TaskStates.Failed,
                        Reason = "timeout",
                        Attempt = 2,
                    }
                )
            )
        );
        Assert.Equal(
            """{"event":"log","taskid":7,"offset":0,"stream":"out","text":"ä\u001B[31m\n"}""",
            Written(output =>
                AnswerWriter.WriteEvent(
                    output,
                    new LogEvent
                    {
                        TaskId = 7,
                        Offset = 0,
                        Stream = "out",
                        Text = "ä\u001B[31m\n",
                    }
                )
            )
        );
    }

    [Fact]
    public void Text_of_tasks_can_neither_end_a_line_nor_move_a_cursor()
    {
        var line = Answered(
            "result",
            new ResultAnswer(new ResultView { State = "done", Reason = "\r\n\u001b]52;c;\u009b\u202e\u2028" })
        );
        Assert.DoesNotContain(line, char.IsControl);
        Assert.Equal(
            "\r\n\u001b]52;c;\u009b\u202e\u2028",
            JsonElement.Parse(line).GetProperty("result").GetProperty("reason").GetString()
        );
    }

    [Fact]
    public void Every_answer_comes_back_as_it_was_sent()
    {
        var sent = new StatusAnswer(
            new TaskView
            {
                TaskId = 5,
                JobId = "j",
                Group = "g",
                Routine = "demo.echo",
                Arguments = JsonElement.Parse("{\"value\":1}"),
                WaitFor = [new WaitForView("a", WaitForEnd.Failed, "done")],
                Priority = -3,
                State = TaskStates.Failed,
                Reason = "exit_code",
                Attempt = 2,
                Created = new DateTimeOffset(2026, 3, 1, 7, 30, 0, 5, TimeSpan.Zero),
                ExitCode = 3,
                Progress = 0.25,
                Message = "m",
                Keep = Keep.Linger,
            }
        );
        var line = Answered("status", sent);
        var back = Reply.Read(Encoding.UTF8.GetBytes(line)).ToAnswer<StatusAnswer>();
        Assert.Equal(line, Answered("status", back));
        Assert.Contains("\"keep\":\"linger\"", line, StringComparison.Ordinal);
        Assert.Contains("\"when\":\"failed\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_answer_does_not_stay_in_memory_and_the_next_is_right()
    {
        var large = Answered(
            "index",
            new IndexAnswer([
                new RoutineView
                {
                    Name = "n",
                    Kind = "k",
                    Origin = "o",
                    Help = new string('x', 1_000_000),
                    Arguments = [],
                },
            ])
        );
        Assert.True(large.Length > 1_000_000);
        Assert.Equal("""{"id":1,"status":"ok","response":"watch","seq":3}""", Answered("watch", new WatchAnswer(3)));
    }
}
