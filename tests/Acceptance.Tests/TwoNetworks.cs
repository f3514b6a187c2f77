namespace AptTask.Acceptance.Tests;

/// <summary>
/// A second network of this machine and a cable to it, which a test can pull out. Needs root and <c>ip</c>; a machine where root may not make one skips the test, unless <c>APTASK_REQUIRE</c> names <c>netns</c>.
/// </summary>
internal sealed class TwoNetworks : IAsyncDisposable
{
    private static int _last;

    private readonly string _id;
    private readonly int _number;

    private TwoNetworks(int number)
    {
        _id = $"{Environment.ProcessId % 10_000}x{number}";
        _number = number;
    }

    /// <summary>The name of the other network.</summary>
    public string Name => $"apt{_id}";

    /// <summary>The address of this side.</summary>
    public string Here => Address(1);

    private string Cable => $"apth{_id}";

    /// <summary>Makes them.</summary>
    public static async Task<TwoNetworks> ConnectAsync()
    {
        var networks = new TwoNetworks(Interlocked.Increment(ref _last));
        var made = await RunAsync("ip", "netns", "add", networks.Name);
        if (made.ExitCode != 0)
        {
            var required = Environment.GetEnvironmentVariable("APTASK_REQUIRE") ?? "";
            var why = $"a second network cannot be made here (root and iproute2 are needed): {made.Errors.Trim()}";
            Assert.False(required.Split(',').Contains("netns"), why);
            Assert.Skip(why);
        }
        await MustAsync(
            "ip",
            ["link", "add", networks.Cable, "type", "veth", "peer", "name", "far0", "netns", networks.Name]
        );
        await MustAsync("ip", ["address", "add", $"{networks.Here}/30", "dev", networks.Cable]);
        await MustAsync("ip", ["-n", networks.Name, "address", "add", $"{networks.Address(2)}/30", "dev", "far0"]);
        await MustAsync("ip", ["-n", networks.Name, "link", "set", "far0", "up"]);
        await networks.PlugInAsync();
        return networks;
    }

    /// <summary>Connects the two.</summary>
    public Task PlugInAsync() => MustAsync("ip", ["link", "set", Cable, "up"]);

    /// <summary>Nothing passes any more, and nobody is told.</summary>
    public Task PullOutAsync() => MustAsync("ip", ["link", "set", Cable, "down"]);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("ip", "link", "delete", Cable);
        await RunAsync("ip", "netns", "delete", Name);
    }

    // A range that is for trying things out, a piece of it for each test of each process.
    private string Address(int side) => $"198.18.{Environment.ProcessId % 256}.{_number % 64 * 4 + side}";

    private static async Task MustAsync(string program, string[] arguments)
    {
        var run = await RunAsync(program, arguments);
        Assert.True(run.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {run.Errors}");
    }

    private static Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string program,
        params string[] arguments
    ) => Programs.RunAsync(program, arguments, Path.GetTempPath());
}
