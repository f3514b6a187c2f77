using Mono.Cecil;

namespace AptTask.Architecture.Tests;

/// <summary>The arrows between rooms are those of docs/architecture.md and no others.</summary>
public sealed class RoomTests
{
    private static readonly RoomTable Table = RoomTable.Read();

    [Fact]
    public void Code_draws_no_arrow_that_the_architecture_lacks()
    {
        var arrows = new Arrows(Table);
        var drawn = Product.All.SelectMany(arrows.Of).DistinctBy(arrow => (arrow.From, arrow.To)).ToList();

        Assert.Contains(drawn, arrow => arrow is { From: "Cli" or "Host", To: "Protocol" } or { To: "Scheduling" });
        Complaints.AssertNone(
            drawn.Where(arrow => !Table.Allows(arrow.From, arrow.To)).Select(arrow => arrow.ToString())
        );
    }

    [Fact]
    public void Every_room_of_the_daemon_has_a_folder_of_its_own_name()
    {
        var folders = Repository
            .FilesUnder("src/Host", ".cs")
            .Select(file => Path.GetDirectoryName(file)!["src/".Length..].Replace('/', '.'))
            .ToHashSet(StringComparer.Ordinal);

        foreach (var folder in folders)
            Assert.NotNull(Table.RoomOf("AptTask." + folder));
    }

    [Theory]
    [InlineData("Host.Store", "Host.Engine", true)]
    [InlineData("Host.Engine", "Host.Store", false)]
    [InlineData("Scheduling", "Protocol", false)]
    [InlineData("Host", "Host.Store", true)]
    public void The_table_says_who_may_use_whom(string from, string to, bool allowed) =>
        Assert.Equal(allowed, Table.Allows(from, to));

    [Fact]
    public void The_longest_known_room_holds_a_namespace()
    {
        Assert.Equal("Host.Execution.Commands", Table.RoomOf("AptTask.Host.Execution.Commands.Parsing"));
        Assert.Equal("Host.Execution", Table.RoomOf("AptTask.Host.Execution"));
        Assert.Null(Table.RoomOf("System.Text"));
    }

    [Fact]
    public void A_new_room_of_the_daemon_needs_a_line_in_the_table() =>
        Assert.Throws<InvalidOperationException>(() => Table.RoomOf("AptTask.Host.Cellar"));

    [Fact]
    public void An_arrow_to_an_unknown_room_is_a_mistake_in_the_table() =>
        Assert.Throws<InvalidOperationException>(() => RoomTable.Parse("```rooms\nHost -> Cellar\n```"));

    [Theory]
    [InlineData("AptTask.Plugin")]
    [InlineData("AptTask.Scheduling")]
    public void The_pure_rooms_reference_nothing_but_the_framework(string name) =>
        Complaints.AssertNone(
            Product
                .Assembly(name)
                .AssemblyReferences.Select(reference => reference.Name)
                .Where(reference => !reference.StartsWith("System.", StringComparison.Ordinal))
        );

    // A plugin built against any 1.x has to find the contract that the daemon shares with it.
    [Fact]
    public void The_contract_of_plugins_keeps_its_assembly_version() =>
        Assert.Equal(new Version(1, 0, 0, 0), Product.Assembly("AptTask.Plugin").Assembly.Name.Version);

    [Theory]
    [InlineData("System.IO.File")]
    [InlineData("System.IO.Directory")]
    [InlineData("System.Threading.Thread")]
    [InlineData("System.Threading.Tasks.Task")]
    [InlineData("System.Threading.Lock")]
    [InlineData("System.Threading.Monitor")]
    [InlineData("System.TimeProvider")]
    [InlineData("System.Random")]
    public void The_scheduler_does_no_input_or_output_and_knows_no_clock_and_no_thread(string type) =>
        Assert.DoesNotContain(type, UsedTypes(Product.Assembly("AptTask.Scheduling")));

    private static IEnumerable<string> UsedTypes(ModuleDefinition module) =>
        module.GetTypeReferences().Select(reference => reference.FullName);
}
