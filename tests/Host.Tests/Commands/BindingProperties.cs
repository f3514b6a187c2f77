using System.Text;
using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Commands;
using CsCheck;

namespace AptTask.Host.Tests.Commands;

/// <summary>What holds whatever a client sends.</summary>
public sealed class BindingProperties
{
    private const string Rest = """
        args = ["--fixed", "[f:--flag]", "--opt={s}", "--", "{s}", "{l...}", "/x/{n}.log"]
        params.f = { type = "flag", default = false }
        params.s = { type = "string", pattern = "(?s).*", unicode = true, max_len = 300 }
        params.l = { type = "list", max_items = 5, of = { type = "string", pattern = "(?s).*", max_len = 300 } }
        params.n = { type = "name" }
        """;

    private static readonly CommandBinder Binder = Entries.Binder(Rest);

    /// <summary>Texts that are likely to hurt, and any text at all.</summary>
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.OneOf(
            "-rf",
            "--",
            "",
            "a b",
            "$(id)",
            "{s}",
            "{l...}",
            "[f:x]",
            "..",
            "\n",
            "\0",
            "\u202e",
            "–x",
            "'",
            "\"",
            "\\",
            "*"
        ),
        // The serializer has no way to send half a character; another test does that.
        Gen.String[Gen.Char, 0, 40].Where(text => !text.Any(char.IsSurrogate)),
        Gen.String[Gen.Char[' ', '~'], 0, 40]
    );

    private static readonly Gen<string> Names = Gen.OneOf(Texts, Gen.String[Gen.Char['a', 'z'], 1, 8]);

    [Fact]
    public void Every_value_is_exactly_one_argument_and_none_becomes_an_option() =>
        Gen.Select(Texts, Texts.Array[1, 5], Names, Gen.Bool)
            .Sample(
                (free, list, name, flag) =>
                {
                    var arguments = JsonSerializer.SerializeToElement(
                        new
                        {
                            s = free,
                            l = list,
                            n = name,
                            f = flag,
                        }
                    );
                    if (Binder.Bind(arguments, BindingMode.Strict) is not Binding.Bound bound)
                        return;
                    var line = Binder.Complete(
                        bound.Arguments,
                        new Dictionary<string, DependencyResult>(),
                        out var error
                    );
                    Assert.True(line is not null, error);
                    string[] expected =
                    [
                        "--fixed",
                        .. flag ? ["--flag"] : Array.Empty<string>(),
                        "--opt=" + free,
                        "--",
                        free,
                        .. list,
                        $"/x/{name}.log",
                    ];
                    Assert.Equal(expected, line.Arguments);
                    Assert.All(list.Append(free), value => Assert.False(value.StartsWith('-')));
                    Assert.All(line.Arguments, token => Assert.DoesNotContain(token, char.IsControl));
                },
                iter: 20_000
            );

    [Fact]
    public void What_was_bound_once_binds_again_to_the_same() =>
        Gen.Select(Texts, Texts.Array[1, 5], Names)
            .Sample(
                (free, list, name) =>
                {
                    var arguments = JsonSerializer.SerializeToElement(
                        new
                        {
                            s = free,
                            l = list,
                            n = name,
                        }
                    );
                    if (Binder.Bind(arguments, BindingMode.Strict) is not Binding.Bound bound)
                        return;
                    var again = Assert.IsType<Binding.Bound>(
                        Binder.Bind(JsonElement.Parse(Encoding.UTF8.GetString(bound.Arguments)), BindingMode.Strict)
                    );
                    Assert.Equal(bound.Arguments, again.Arguments);
                },
                iter: 5_000
            );

    [Fact]
    public void No_template_makes_the_parser_throw_and_literals_come_back_as_they_are() =>
        Gen.String[Gen.OneOf('{', '}', '[', ']', ':', '.', 'a', 'b', '-', ' ', '$'), 0, 20]
            .Sample(
                token =>
                {
                    var part = TemplateParser.Parse(token, out var error);
                    Assert.True(part is null != error is null);
                    if (part is ArgumentTemplate.Literal literal)
                        Assert.Equal(
                            token
                                .Replace("{{", "{", StringComparison.Ordinal)
                                .Replace("}}", "}", StringComparison.Ordinal),
                            literal.Text
                        );
                },
                iter: 20_000
            );
}
