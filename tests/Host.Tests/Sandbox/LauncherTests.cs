using System.Text;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Commands;
using AptTask.Host.Execution.Sandbox;
using AptTask.Host.Tests.Commands;
using CliWrap;

namespace AptTask.Host.Tests.Sandbox;

public sealed class LauncherTests
{
    private static readonly CommandLimits Some = new()
    {
        Cpu = TimeSpan.FromSeconds(5),
        Memory = 268435456,
        Files = 256,
        FileSize = 16777216,
    };

    [Theory]
    [InlineData("Limits", true)]
    [InlineData("Limits", false)]
    [InlineData("None", true)]
    public async Task The_launcher_builds_the_same_fence_as_the_tools(string fence, bool hasLimits)
    {
        var profile = Enum.Parse<SandboxProfile>(fence);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "fences are for Linux");
        var user = Environment.IsPrivilegedProcess ? UserTable.Find("nobody") : null;
        var tools = new FenceRequest(
            profile,
            hasLimits ? Some : CommandLimits.Unlimited,
            user,
            DaemonOptions.Defaults("/x").Sandbox
        );
        var launcher = tools with { Launcher = Launchers.Find(tools) };
        Assert.Equal(
            System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
                == System.Runtime.InteropServices.Architecture.X64,
            launcher.Launcher is not null
        );

        Assert.Equal(await ShownAsync(tools), await ShownAsync(launcher));
    }

    [Fact]
    public void A_launcher_is_made_once_for_each_different_fence()
    {
        var request = new FenceRequest(SandboxProfile.Limits, Some, null, DaemonOptions.Defaults("/x").Sandbox);

        Assert.Equal(Launchers.Find(request), Launchers.Find(request with { Limits = Some with { } }));
        Assert.NotEqual(Launchers.Find(request), Launchers.Find(request with { Limits = Some with { Files = 257 } }));
    }

    [Fact]
    public async Task A_fence_that_cannot_be_built_is_said_and_the_command_does_not_run()
    {
        // More open files than the kernel lets anybody have, root too.
        var request = new FenceRequest(
            SandboxProfile.Limits,
            new CommandLimits { Files = int.MaxValue },
            null,
            DaemonOptions.Defaults("/x").Sandbox
        );
        request = request with { Launcher = Launchers.Find(request) };
        Assert.SkipUnless(request.Launcher is not null, "there is no launcher for this processor");
        var (end, output) = await RunAsync(request, "/usr/bin/echo", "weaker");

        Assert.Equal((126, "aptask-fence: limit nofile failed\n"), (end.ExitCode, output));
        var judged = CommandOutcome.Judge(
            Entries.Command(""),
            end,
            new CommandOutcome.Seen(TooMuch: false, WasStopped: false, IsSilent: true, Encoding.UTF8.GetBytes(output))
        );
        Assert.Equal(
            new AptTask.Scheduling.AttemptOutcome.Failed(AptTask.Scheduling.FailureReason.SandboxFailed),
            judged.Outcome
        );
    }

    [Fact]
    public async Task A_command_that_ends_with_the_code_of_a_broken_fence_is_not_taken_for_one()
    {
        Assert.Equal(
            AptTask.Scheduling.FailureReason.ExitCode,
            Bench.Reason(await Bench.RunPuppetAsync("exit", "126"))
        );
    }

    /// <summary>The state that a program has inside the fence, without what differs from run to run.</summary>
    private static async Task<string> ShownAsync(FenceRequest request)
    {
        var (end, output) = await RunAsync(
            request,
            "/usr/bin/cat",
            "/proc/self/status",
            "/proc/self/limits",
            "/proc/self/environ"
        );
        Assert.True(end.ExitCode == 0, output);
        string[] differing =
        [
            "Pid",
            "Tgid",
            "NSpid",
            "NStgid",
            "NSpgid",
            "NSsid",
            "PPid",
            "Vm",
            "Rss",
            "Hugetlb",
            "voluntary",
            "nonvoluntary",
            "SigQ",
            "Cpus",
            "Mems",
        ];
        var same = output
            .Split('\n')
            .Where(line => !Array.Exists(differing, word => line.StartsWith(word, StringComparison.Ordinal)))
            .Where(line => !line.Contains(Spawner.MarkVariable, StringComparison.Ordinal));
        return string.Join('\n', same);
    }

    private static async Task<(RunEnd End, string Output)> RunAsync(FenceRequest request, params string[] command)
    {
        var output = new StringBuilder();
        var errors = new StringBuilder();
        var plan = new RunPlan
        {
            Fence = request,
            Command = [.. command],
            Environment = new Dictionary<string, string> { ["A"] = "b" },
            Grace = TimeSpan.Zero,
        };
        var end = await new CommandRunner(Spawner.OfThisProcess, TimeProvider.System).RunAsync(
            plan,
            PipeTarget.ToStringBuilder(output),
            PipeTarget.ToStringBuilder(errors),
            CancellationToken.None,
            CancellationToken.None
        );
        return (end, output.ToString() + errors);
    }
}
