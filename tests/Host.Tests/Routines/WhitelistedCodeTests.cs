using AptTask.Host.Configuration;
using AptTask.Host.Engine;

namespace AptTask.Host.Tests.Routines;

public sealed class WhitelistedCodeTests : IDisposable
{
    private readonly DropFolder _folder = new("NoRoutine");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_whitelisted_function_of_the_framework_runs_with_typed_arguments()
    {
        Allow(
            new FunctionEntry
            {
                Name = "round",
                Summary = "Rounds.",
                Assembly = "System.Runtime",
                Type = "System.Math",
                Method = "Round(System.Double,System.Int32)",
                Isolation = Isolation.Context,
                Line = 12,
            }
        );
        Assert.Equal("2.35", await _folder.DataOfAsync("round", """{"value": 2.3456, "digits": 2}"""));
        var descriptor = _folder.Routine("round").Descriptor;
        Assert.Equal(
            (RoutineKind.Function, "whitelist.toml:12", "Rounds."),
            (descriptor.Kind, descriptor.Origin, descriptor.Help)
        );
    }

    [Fact]
    public async Task A_whitelisted_function_of_a_plugin_runs()
    {
        Allow(Function("NoRoutine.Plain", "GreetAsync"));
        Assert.Equal("\"Hello, you.\"", await _folder.DataOfAsync("f", """["you"]"""));
    }

    [Theory]
    [InlineData("NoRoutine.Plain", "Hidden", "is not a public static method that the type itself declares")]
    [InlineData("NoRoutine.Plain", "Same", "is generic")]
    [InlineData("NoRoutine.Plain", "Twice", "is overloaded; say which one: Twice(System.Int32) or Twice(System.Int64)")]
    [InlineData("NoRoutine.Plain", "ToString", "is not a public static method that the type itself declares")]
    [InlineData("NoRoutine.Plain", "Ad", "is no method of Plain (did you mean \"Add\"?)")]
    [InlineData(
        "NoRoutine.Plane",
        "Add",
        "has the type 'NoRoutine.Plane', which is no public type of NoRoutine (did you mean \"NoRoutine.Plain\"?)"
    )]
    public void A_method_that_may_not_be_called_is_a_problem(string type, string method, string message)
    {
        Allow(Function(type, method));
        Assert.Contains(message, ProblemOfEntry());
    }

    [Theory]
    [InlineData("System.Diagnostics.Process", "System.Diagnostics.Process", "Start")]
    [InlineData("System.Runtime", "System.Environment", "Exit")]
    [InlineData("System.Runtime", "System.Reflection.Assembly", "LoadFrom")]
    [InlineData("System.Runtime", "System.Activator", "CreateInstance")]
    [InlineData("System.Runtime.InteropServices", "System.Runtime.InteropServices.Marshal", "FreeHGlobal")]
    [InlineData("System.Threading.Thread", "System.Threading.Thread", "Sleep")]
    public void What_reaches_into_the_daemon_may_not_be_whitelisted(string assembly, string type, string method)
    {
        Allow(
            new FunctionEntry
            {
                Name = "f",
                Assembly = assembly,
                Type = type,
                Method = method,
                Isolation = Isolation.Context,
            }
        );
        Assert.Contains("may not be called", ProblemOfEntry());
    }

    [Theory]
    [InlineData("aptaskd")]
    [InlineData("Tomlyn")]
    [InlineData("No.Such.Assembly")]
    public void Only_assemblies_of_the_framework_can_be_named(string assembly)
    {
        Allow(
            new FunctionEntry
            {
                Name = "f",
                Assembly = assembly,
                Type = "X",
                Method = "Y",
                Isolation = Isolation.Context,
            }
        );
        Assert.Contains("which is not one of the framework", ProblemOfEntry());
    }

    [Fact]
    public void An_overloaded_method_can_be_named_with_its_types()
    {
        Allow(Function("NoRoutine.Plain", "Twice(System.Int64)"));
        Assert.Equal("int", Assert.Single(_folder.Routine("f").Descriptor.Parameters).Type);
    }

    [Fact]
    public async Task Functions_of_a_module_are_called_by_name_when_a_pattern_allows_them()
    {
        Allow(
            new ModuleEntry
            {
                Name = "math",
                Plugin = "NoRoutine",
                Functions = ["Plain.A*", "Plain.Inner.*", "Nothing.*"],
                Line = 3,
            }
        );

        Assert.Equal(
            ["math:Plain.Add", "math:Plain.Inner.Deep"],
            _folder.Current.Routines.Select(routine => routine.Descriptor.Name)
        );
        Assert.Equal("5", await _folder.DataOfAsync("math:Plain.Add", """{"a": 2, "b": 3}"""));
        Assert.Equal("7", await _folder.DataOfAsync("math:Plain.Inner.Deep"));
        Assert.Equal(RoutineKind.Module, _folder.Routine("math:Plain.Add").Descriptor.Kind);
        Assert.Contains("The pattern 'Nothing.*' matches no", Assert.Single(_folder.Current.Problems).Message);
    }

    [Fact]
    public async Task Functions_of_a_framework_module_are_called_by_name()
    {
        Allow(
            new ModuleEntry
            {
                Name = "path",
                Assembly = "System.Runtime",
                Functions = ["Path.GetExtension", "Path.GetRandomFileName"],
                Isolation = Isolation.Context,
            }
        );
        Assert.Equal(
            ["path:Path.GetRandomFileName"],
            _folder.Current.Routines.Select(routine => routine.Descriptor.Name)
        );
        Assert.Matches("^\"[a-z0-9.]{12}\"$", await _folder.DataOfAsync("path:Path.GetRandomFileName"));
        Assert.Contains(
            "'Path.GetExtension' matches no public static method that is not overloaded",
            Assert
                .Single(
                    _folder.Current.Problems,
                    problem => problem.Origin.EndsWith("[[module]] path", StringComparison.Ordinal)
                )
                .Message
        );
    }

    [Fact]
    public async Task Code_of_the_framework_runs_in_a_worker_unless_it_is_trusted()
    {
        Allow(
            new FunctionEntry
            {
                Name = "f",
                Assembly = "System.Runtime",
                Type = "System.Math",
                Method = "Sqrt",
            }
        );

        Assert.Equal("3", await _folder.DataOfAsync("f", """{"d": 9}"""));
        Assert.Equal("the framework", Assert.Single(_folder.Workers.Workers).Pool.Title);
    }

    [Fact]
    public void Two_routines_of_one_name_from_different_places_do_not_hide_each_other_silently()
    {
        _folder.Drop("UsesOne");
        Allow(Function("NoRoutine.Plain", "Add", name: "uses.version"));
        Assert.Equal(RoutineKind.Plugin, _folder.Routine("uses.version").Descriptor.Kind);
        Assert.Contains(
            "is kept out, since plugin uses 1.0.0 has one of the same name",
            ProblemOfEntry("uses.version")
        );
    }

    private static FunctionEntry Function(string type, string method, string name = "f") =>
        new()
        {
            Name = name,
            Plugin = "NoRoutine",
            Type = type,
            Method = method,
            Line = 5,
        };

    private void Allow(FunctionEntry entry)
    {
        _folder.Whitelist = new Whitelist { Functions = [entry] };
        _folder.Load();
    }

    private void Allow(ModuleEntry entry)
    {
        _folder.Whitelist = new Whitelist { Modules = [entry] };
        _folder.Load();
    }

    private string ProblemOfEntry(string name = "f") =>
        Assert
            .Single(
                _folder.Current.Problems,
                problem => problem.Origin.EndsWith($"[[function]] {name}", StringComparison.Ordinal)
            )
            .Message;
}
