using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AptTask.Host.Configuration;

/// <summary>Reads one <c>[[command]]</c>, and checks that its template and its parameters fit together.</summary>
internal sealed partial class CommandReader(DaemonOptions options, IReadOnlySet<string> lanes, FileGuard guard)
{
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(2);
    private const long MaxOutput = 1L << 30;

    /// <summary>The command; problems are among the section's findings.</summary>
    public CommandEntry Read(Section section)
    {
        var parameters = Parameters(section);
        var (input, maxInput) = Input(section);
        var entry = new CommandEntry
        {
            Name = RulesReader.RoutineName(section),
            Summary = section.Text("summary") ?? "",
            Path = section.RequiredText("path"),
            Args = section.Words("args") ?? [],
            Parameters = parameters,
            NoDashDash = section.Text("no_dashdash"),
            Sandbox = Profile(section),
            BindReadOnly = Binds(section, "bind_ro"),
            BindReadWrite = Binds(section, "bind_rw"),
            HostNetwork = section.Choice("net", ("none", false), ("host", true)) ?? false,
            User = section.Text("user"),
            WorkingFolder = WorkingFolder(section),
            Environment = Environment(section),
            StandardInput = input,
            MaxStandardInput = maxInput,
            Success = Success(section),
            Grace = section.Duration("grace", TimeSpan.Zero, TimeSpan.FromHours(1)) ?? DefaultGrace,
            Limits = LimitsReader.Read(section, options.Sandbox.Limits),
            StandardOutput = Output(section.Table("stdout"), 1024 * 1024, hasForm: true),
            StandardError = Output(section.Table("stderr"), 64 * 1024, hasForm: false),
        };
        entry = RulesReader.Read(section, entry, lanes);
        section.Close();
        entry = entry with { Timeout = Timeout(section, entry), Template = Template(section, entry) };
        CheckUse(section, entry);
        CheckDefaults(section, entry);
        CheckUser(section, entry);
        return entry with { Missing = guard.Program(entry.Path, section.At("path")) };
    }

    private static ImmutableArray<ParameterEntry> Parameters(Section section)
    {
        var table = section.Table("params");
        var parameters = ImmutableArray.CreateBuilder<ParameterEntry>();
        foreach (var name in table.Keys.ToArray())
        {
            if (!TemplateParser.IsParameterName(name))
                section.Findings.Problem(
                    table.At(name),
                    $"A parameter cannot be called \"{Printable.Of(name)}\".",
                    "Lower-case letters, digits and underscores, a letter first."
                );
            parameters.Add(ParameterReader.Read(table.Table(name), name, isItem: false));
        }
        return parameters.ToImmutable();
    }

    private SandboxProfile Profile(Section section)
    {
        var profile = RulesReader.Profile(section, "sandbox") ?? options.Sandbox.DefaultProfile;
        if (profile == SandboxProfile.None && !options.Sandbox.AllowNone)
            section.Findings.Problem(
                section.At("sandbox"),
                "sandbox is \"none\", which sandbox.allow_none in aptask.toml forbids.",
                "Say \"limits\", or allow it there."
            );
        return profile;
    }

    private ImmutableArray<string> Binds(Section section, string key)
    {
        var paths = section.Words(key) ?? [];
        foreach (var path in paths)
        {
            var whole = path.TrimEnd('/');
            var daemon = Path.GetDirectoryName(options.KeysFile);
            if (!path.StartsWith('/') || path.Split('/').Contains(".."))
                section.Findings.Problem(
                    section.At(key),
                    $"{section.Name(key)} must hold absolute paths, not \"{Printable.Of(path)}\"."
                );
            else if (whole is "" or "/run" or "/proc" or "/sys" or "/dev" or "/root" || whole == daemon)
                section.Findings.Problem(
                    section.At(key),
                    $"{section.Name(key)} would open \"{Printable.Of(path)}\", which the fence is there to close.",
                    "Name the folders that the command needs."
                );
        }
        return paths;
    }

    private static string? WorkingFolder(Section section)
    {
        var folder = section.Text("cwd") ?? "/";
        if (folder == "scratch")
            return null;
        if (folder.Length == 0)
            section.Findings.Problem(
                section.At("cwd"),
                $"{section.Name("cwd")} must not be empty.",
                "Name a folder (relative ones are relative to this file), or \"scratch\" for one of the task's own."
            );
        return section.Absolute(folder);
    }

    private static ImmutableArray<KeyValuePair<string, string>> Environment(Section section)
    {
        var isUnsafeAllowed = section.Truth("unsafe_env") ?? false;
        var table = section.Table("env");
        var variables = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var name in table.Keys.ToArray())
        {
            var value = table.Text(name) ?? "";
            if (!VariablePattern().IsMatch(name))
                section.Findings.Problem(
                    table.At(name),
                    $"\"{Printable.Of(name)}\" is not the name of a variable: capital letters, digits and underscores."
                );
            else if (ForbiddenVariables.Contains(name) && !isUnsafeAllowed)
                section.Findings.Problem(
                    table.At(name),
                    $"{name} can make programs run something else.",
                    "Take it out, or say unsafe_env = true if that is meant."
                );
            if (value.Any(char.IsControl))
                section.Findings.Problem(
                    table.At(name),
                    $"The value of {Printable.Of(name)} holds a control character."
                );
            variables.Add(KeyValuePair.Create(name, value));
        }
        return variables.ToImmutable();
    }

    private static (string? Parameter, int Max) Input(Section section)
    {
        const string prefix = "param:";
        const int most = 1024 * 1024;
        if (section.Any("stdin") is null or TomlNode.Text { Value: "none" })
            return (null, 0);
        var input = section.Table("stdin");
        var from = input.RequiredText("from");
        if (from.Length > 0 && !from.StartsWith(prefix, StringComparison.Ordinal))
            section.Findings.Problem(input.At("from"), "stdin.from must name a parameter: \"param:NAME\".");
        var max = input.Size("max", 1, most) ?? 64 * 1024;
        input.Close();
        return (from.StartsWith(prefix, StringComparison.Ordinal) ? from[prefix.Length..] : null, (int)max);
    }

    private static ImmutableArray<int> Success(Section section)
    {
        switch (section.Any("success"))
        {
            case null:
                return [0];
            case TomlNode.List { Items.Count: > 0 } list
                when list.Items.TrueForAll(item => item is TomlNode.Whole { Value: >= 0 and <= 255 }):
                return [.. list.Items.Cast<TomlNode.Whole>().Select(item => (int)item.Value)];
            case var other:
                section.Wrong<string>("success", other, "an array of exit codes from 0 to 255");
                return [0];
        }
    }

    private static OutputRule Output(Section section, long max, bool hasForm)
    {
        var rule = new OutputRule(
            section.Size("max", 0, MaxOutput) ?? max,
            section.Choice("on_limit", ("truncate", false), ("kill", true)) ?? false,
            hasForm
                ? section.Choice(
                    "as",
                    ("utf8", OutputForm.Utf8),
                    ("json", OutputForm.Json),
                    ("base64", OutputForm.Base64),
                    ("none", OutputForm.None)
                ) ?? OutputForm.Utf8
                : OutputForm.None
        );
        section.Close();
        return rule;
    }

    private TimeSpan Timeout(Section section, CommandEntry entry)
    {
        var timeout = entry.Timeout ?? options.Limits.DefaultTimeout;
        if (timeout > options.Limits.MaxTimeout)
            section.Findings.Problem(
                section.At("timeout"),
                $"{section.Name("timeout")} is longer than limits.max_timeout ({Units.Write(options.Limits.MaxTimeout)})."
            );
        return timeout;
    }

    private static ImmutableArray<ArgumentTemplate> Template(Section section, CommandEntry entry)
    {
        const int mostTokens = 256;
        var template = ImmutableArray.CreateBuilder<ArgumentTemplate>(entry.Args.Length);
        foreach (var token in entry.Args)
        {
            if (TemplateParser.Parse(token, out var error) is { } part)
                template.Add(part);
            else
                section.Findings.Problem(section.At("args"), $"The argument \"{Printable.Of(token)}\": {error}");
        }
        if (template.Count > mostTokens)
            section.Findings.Problem(section.At("args"), $"A command has {mostTokens} arguments at most.");
        return template.ToImmutable();
    }

    private static void CheckUse(Section section, CommandEntry entry)
    {
        var used = entry
            .Template.Select(part => part.UsedParameter)
            .Append(entry.StandardInput)
            .OfType<string>()
            .ToHashSet();
        var declared = entry.Parameters.ToDictionary(parameter => parameter.Name);
        foreach (var name in used.Where(name => !declared.ContainsKey(name)))
        {
            section.Findings.Problem(
                section.At(name == entry.StandardInput ? "stdin" : "args"),
                $"The parameter \"{Printable.Of(name)}\" is used but not declared.",
                Nearest.Suggest(name, declared.Keys) ?? $"Add [command.params.{name}]."
            );
        }
        foreach (var unused in entry.Parameters.Where(parameter => !used.Contains(parameter.Name)))
        {
            section.Findings.Problem(
                section.Mark with
                {
                    Line = unused.Line,
                    Column = 0,
                },
                $"The parameter \"{unused.Name}\" is declared but not used.",
                $"Put {{{unused.Name}}} into args, or take it out."
            );
        }
        var hasDashDash = false;
        foreach (var part in entry.Template)
        {
            hasDashDash |= part is ArgumentTemplate.Literal { Text: "--" };
            if (part.UsedParameter is { } name && declared.TryGetValue(name, out var parameter))
                CheckPlace(section, entry, part, parameter, hasDashDash);
        }
        if (
            entry.StandardInput is { } input
            && declared.TryGetValue(input, out var text)
            && text.Type is not (ParameterType.Text or ParameterType.Secret)
        )
            section.Findings.Problem(
                section.At("stdin"),
                $"Standard input comes from a parameter of type text or secret, and \"{input}\" is none."
            );
        if (ExecutingPrograms.Contains(entry.Path) && entry.Parameters.Any(ParameterReader.IsFreeText))
            section.Findings.Warn(
                section.At("path"),
                $"{Printable.Of(entry.Path)} can run other programs when an argument says so, and a parameter is free text.",
                "Narrow the parameter to an enum or a tight pattern, and keep the fence isolated."
            );
    }

    private static void CheckPlace(
        Section section,
        CommandEntry entry,
        ArgumentTemplate part,
        ParameterEntry parameter,
        bool hasDashDash
    )
    {
        var mark = section.At("args");
        var fits = part switch
        {
            ArgumentTemplate.Each => parameter.Type == ParameterType.List,
            ArgumentTemplate.Switch => parameter.Type == ParameterType.Flag,
            _ => parameter.Type
                is not (ParameterType.List or ParameterType.Flag or ParameterType.Text or ParameterType.Secret),
        };
        if (!fits)
            section.Findings.Problem(
                mark,
                $"The parameter \"{parameter.Name}\" is of a type that cannot stand there.",
                "{name...} takes a list, [name:literal] takes a flag, {name} takes one value; text and secret go to stdin."
            );
        var isBare = part is ArgumentTemplate.Each or ArgumentTemplate.Value { IsBare: true };
        if (isBare && ParameterReader.IsFreeText(parameter) && !hasDashDash && entry.NoDashDash is null)
            section.Findings.Problem(
                mark,
                $"The parameter \"{parameter.Name}\" is free text, and no \"--\" stands before it.",
                "Put \"--\" before it, or say why there is none: no_dashdash = \"reason\"."
            );
        if (
            part is ArgumentTemplate.Value { Prefix: var prefix }
            && prefix.Contains('/')
            && ParameterReader.MayHoldSlash(parameter)
        )
            section.Findings.Problem(
                mark,
                $"The parameter \"{parameter.Name}\" stands in a path and could hold a slash.",
                "Make it an enum, an int or a name, or a path with under."
            );
    }

    private static void CheckDefaults(Section section, CommandEntry entry)
    {
        foreach (var parameter in entry.Parameters)
        {
            if (parameter.Default is not { } value)
                continue;
            var check = new ParameterCheck(parameter, isGlued: false, RealPath.Of);
            if (check.Check(value, coerce: false, out var error) is null)
                section.Findings.Problem(
                    section.Mark with
                    {
                        Line = parameter.Line,
                        Column = 0,
                    },
                    $"The default of \"{parameter.Name}\" {error}."
                );
        }
    }

    private void CheckUser(Section section, CommandEntry entry)
    {
        if (entry.User is null)
            return;
        if (!guard.IsRoot && guard.Protection == FileProtection.Strict)
            section.Findings.Problem(section.At("user"), "user can only be changed by a daemon that runs as root.");
        if (entry.User is "root" or "0" && !options.Sandbox.AllowRoot)
            section.Findings.Problem(
                section.At("user"),
                "user is root, which sandbox.allow_root in aptask.toml forbids."
            );
    }

    [GeneratedRegex(@"\A[A-Z_][A-Z0-9_]{0,127}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex VariablePattern();
}
