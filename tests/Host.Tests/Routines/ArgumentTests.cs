using System.Text.Json;
using AptTask.Host.Engine;

namespace AptTask.Host.Tests.Routines;

public sealed class ArgumentTests : IDisposable
{
    private readonly DropFolder _folder = new("Sampler");

    public ArgumentTests() => _folder.Load();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_index_shows_each_argument_with_its_type_limits_default_and_help()
    {
        var shown = _folder
            .Routine("sampler.scalars")
            .Descriptor.Parameters.Select(parameter =>
                $"{parameter.Name}: {parameter.Type}{(parameter.Required ? ", required" : "")}"
                + $"{(parameter.Secret ? ", secret" : "")} default={parameter.Default} {parameter.Limits} {parameter.Help}".TrimEnd()
            );

        Assert.Equal(
            [
                "text: string, required default= {\"min_length\":2,\"max_length\":5} A word.",
                "count: int default=3 {\"min\":1,\"max\":10}",
                "ratio: number default=1 {\"above\":0.5}",
                "flag: bool default=False",
                "corner: enum default=bottom_right {\"values\":[\"top_left\",\"bottom_right\"]}",
                "maybe: int default= {\"nullable\":true,\"min\":-2147483648,\"max\":2147483647}",
                "pattern: string default= {\"nullable\":true,\"pattern\":\"[a-z]\\u002B\"}",
                "colour: string default=red {\"values\":[\"red\",\"green\"]}",
                "at: instant default=0001-01-01T00:00:00+00:00",
                "wait: seconds default=0 {\"min\":-900000000000,\"max\":900000000000}",
                "id: uuid default=00000000-0000-0000-0000-000000000000",
                "small: int default=7 {\"min\":0,\"max\":255}",
                "large: int default=18446744073709551615 {\"min\":0,\"max\":18446744073709551615}",
                "password: string, secret default=",
                "price: number default=1.5",
            ],
            shown
        );
    }

    [Fact]
    public async Task Arguments_that_are_not_given_have_their_defaults() =>
        Assert.Equal(
            "\"abc|3|1|False|BottomRight|||red|00:00:00|7|18446744073709551615|0|1.5\"",
            await _folder.DataOfAsync("sampler.scalars", """{"text": "abc"}""")
        );

    [Fact]
    public async Task Arguments_can_be_given_by_position() =>
        Assert.StartsWith(
            "\"abc|9|2.5|True|TopLeft|5|",
            await _folder.DataOfAsync("sampler.scalars", """["abc", 9, 2.5, true, "top_left", 5]""")
        );

    [Fact]
    public void Bound_arguments_stand_in_the_order_of_the_parameters() =>
        Assert.Equal(
            """{"text":"abc","count":1,"flag":true}""",
            _folder.Bound("sampler.scalars", """{"flag": true, "count": 1, "text": "abc"}""")
        );

    [Fact]
    public async Task Lists_maps_objects_and_any_JSON_reach_the_routine() =>
        Assert.Equal(
            "\"6|Box { Width = 4, Label =  },Box { Width = 5, Label = x }|3|T9|2|1|Object\"",
            await _folder.DataOfAsync(
                "sampler.shapes",
                """
                {"numbers": [1,2,3], "boxes": [{"width": 4}, {"width": 5, "label": "x"}], "weights": {"a": 1, "b": 2},
                 "settings": {"title": "T", "size": 9}, "names": ["a", "b", "a"], "few": ["x"], "anything": {"deep": [null]}}
                """
            )
        );

    [Theory]
    [InlineData(
        """{"text": "abc", "count": 11}""",
        "The argument 'count' must be a whole number from 1 to 10, not 11."
    )]
    [InlineData(
        """{"text": "abc", "count": 1.0}""",
        "The argument 'count' must be a whole number from 1 to 10, not 1.0."
    )]
    [InlineData(
        """{"text": "abc", "count": 1e1}""",
        "The argument 'count' must be a whole number from 1 to 10, not 1e1."
    )]
    [InlineData(
        """{"text": "abc", "count": "5"}""",
        "The argument 'count' must be a whole number from 1 to 10, not \"5\"."
    )]
    [InlineData(
        """{"text": "abc", "count": null}""",
        "The argument 'count' must be a whole number from 1 to 10, and not null, not null."
    )]
    [InlineData(
        """{"text": "abc", "count": 99999999999999999999999999999999999999999999}""",
        "The argument 'count' must be a whole number from 1 to 10, not 9999999999999999999999999999999999999999…."
    )]
    [InlineData("""{"text": "abc", "ratio": 0.5}""", "The argument 'ratio' must be a number above 0.5, not 0.5.")]
    [InlineData("""{"text": "abc", "ratio": 1e400}""", "The argument 'ratio' must be a number above 0.5, not 1e400.")]
    [InlineData("""{"text": "a"}""", "The argument 'text' must be a string of 2 to 5 characters, not \"a\".")]
    [InlineData(
        """{"text": "\ud800x"}""",
        "The argument 'text' must be a string of 2 to 5 characters, not \"\\ud800x\"."
    )]
    [InlineData("""{"text": 5}""", "The argument 'text' must be a string of 2 to 5 characters, not 5.")]
    [InlineData(
        """{"text": "abc", "corner": "TopLeft"}""",
        "The argument 'corner' must be one of \"top_left\", \"bottom_right\", not \"TopLeft\"."
    )]
    [InlineData(
        """{"text": "abc", "pattern": "abc\n"}""",
        "The argument 'pattern' must be a string that matches [a-z]+, not \"abc\\n\"."
    )]
    [InlineData(
        """{"text": "abc", "colour": "blue"}""",
        "The argument 'colour' must be one of \"red\", \"green\", not \"blue\"."
    )]
    [InlineData("""{"text": "abc", "flag": 1}""", "The argument 'flag' must be true or false, not 1.")]
    [InlineData(
        """{"text": "abc", "at": "2026-11-24T06:00:00"}""",
        "The argument 'at' must be an instant such as \"2026-11-24T06:00:00Z\", with its offset, not \"2026-11-24T06:00:00\"."
    )]
    [InlineData(
        """{"text": "abc", "small": 256}""",
        "The argument 'small' must be a whole number from 0 to 255, not 256."
    )]
    [InlineData(
        """{"text": "abc", "large": -1}""",
        "The argument 'large' must be a whole number from 0 to 18446744073709551615, not -1."
    )]
    [InlineData("""{"text": "abc", "password": 12345}""", "The argument 'password' must be a string.")]
    [InlineData("{}", "sampler.scalars needs the argument 'text': a string of 2 to 5 characters.")]
    [InlineData("5", "The arguments must be an object by name or an array by position.")]
    public void A_bad_argument_is_refused_with_what_is_allowed(string arguments, string message)
    {
        var refused = _folder.Refused("sampler.scalars", arguments);
        Assert.Equal("bad_argument", refused.Code);
        Assert.Equal(message, refused.Message);
    }

    [Theory]
    [InlineData(
        """{"boxes": [{"width": 1}, {"width": 101}]}""",
        "The argument 'boxes[1].width' must be a whole number from 1 to 100."
    )]
    [InlineData("""{"boxes": [{}]}""", "The argument 'boxes[0].width' must be given, a whole number from 1 to 100.")]
    [InlineData(
        """{"boxes": [{"width": 1, "hight": 1}]}""",
        "The argument 'boxes[0]' must be an object with no other members than width, label."
    )]
    [InlineData(
        """{"weights": {"a": "b"}}""",
        "The argument 'weights.a' must be a whole number from -2147483648 to 2147483647."
    )]
    [InlineData(
        """{"few": ["a", "b", "c"]}""",
        "The argument 'few' must be a list of 0 to 2, not [\"a\",\"b\",\"c\"]."
    )]
    public void A_bad_value_inside_an_argument_is_named_by_its_path(string some, string message)
    {
        var arguments = JsonDocument
            .Parse("""{"numbers": [], "boxes": [], "weights": {}, "settings": {"title": ""}}""")
            .RootElement.EnumerateObject()
            .ToDictionary(member => member.Name, member => member.Value);
        foreach (var member in JsonDocument.Parse(some).RootElement.EnumerateObject())
            arguments[member.Name] = member.Value;

        Assert.Equal(message, _folder.Refused("sampler.shapes", JsonSerializer.Serialize(arguments)).Message);
    }

    [Fact]
    public void An_unknown_argument_is_refused_with_the_nearest_known_one()
    {
        var refused = _folder.Refused("sampler.scalars", """{"text": "abc", "cuont": 1}""");
        Assert.Equal(("unknown_argument", "cuont"), (refused.Code, refused.Argument));
        Assert.Equal("sampler.scalars has no argument 'cuont'. Did you mean \"count\"?", refused.Message);
    }

    [Theory]
    [InlineData("__proto__")]
    [InlineData("Text")]
    [InlineData("\\ud800")]
    public void Names_are_compared_exactly(string name) =>
        Assert.Equal(
            "unknown_argument",
            _folder.Refused("sampler.scalars", $$"""{"text": "abc", "{{name}}": 1}""").Code
        );

    [Fact]
    public void Too_many_positions_are_refused() =>
        Assert.Equal(
            "sampler.answer takes one argument, and 2 are given. It takes: max_width.",
            _folder.Refused("sampler.answer", "[1, 2]").Message
        );

    [Fact]
    public void An_argument_that_is_given_twice_is_refused() =>
        Assert.Equal(
            "The argument 'max_width' is given twice.",
            _folder.Refused("sampler.answer", """{"max_width": 1, "max_width": 2}""").Message
        );

    [Theory]
    [InlineData(
        """{"text": "abc", "count": "5", "ratio": "2.5", "flag": "True"}""",
        """{"text":"abc","count":5,"ratio":2.5,"flag":true}"""
    )]
    [InlineData("""{"text": "123", "maybe": "null"}""", """{"text":"123","maybe":null}""")]
    public void Strings_of_old_clients_are_read_as_the_declared_type(string arguments, string bound) =>
        Assert.Equal(bound, _folder.Bound("sampler.scalars", arguments, BindingMode.Coerce));

    [Fact]
    public void Lists_of_old_clients_may_come_as_text() =>
        Assert.StartsWith(
            """{"numbers":[1,2],"boxes":[],""",
            _folder.Bound(
                "sampler.shapes",
                """{"numbers": "[1,2]", "boxes": "[]", "weights": "{}", "settings": "{\"title\":\"\"}"}""",
                BindingMode.Coerce
            )
        );

    [Fact]
    public void Strings_of_old_clients_that_are_not_of_the_type_are_refused() =>
        Assert.Equal(
            "The argument 'count' must be a whole number from 1 to 10, not \"five\".",
            _folder.Refused("sampler.scalars", """{"text": "abc", "count": "five"}""", BindingMode.Coerce).Message
        );

    [Fact]
    public void Arguments_over_the_limit_are_refused()
    {
        var large = new string('x', 300 * 1024);
        var refused = _folder.Refused(
            "sampler.shapes",
            """{"numbers": [], "boxes": [], "weights": {}, "settings": {"title": "LARGE"}}""".Replace(
                "LARGE",
                large,
                StringComparison.Ordinal
            )
        );
        Assert.Equal("too_large", refused.Code);
    }

    [Fact]
    public void Properties_of_a_class_are_its_arguments_in_the_order_of_the_source()
    {
        var routine = _folder.Routine("sampler.stepwise").Descriptor;
        Assert.Equal(["second", "first"], routine.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([true, false], routine.Parameters.Select(parameter => parameter.Required));
        Assert.Equal("4", routine.Parameters[1].Default?.GetRawText());
    }
}
