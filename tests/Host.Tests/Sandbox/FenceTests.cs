using AptTask.Host.Configuration;
using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Tests.Sandbox;

public sealed class FenceTests
{
    private static readonly SandboxOptions Tools = DaemonOptions.Defaults("/x").Sandbox;

    private static readonly CommandLimits Some = new()
    {
        Cpu = TimeSpan.FromSeconds(5),
        Memory = 268435456,
        Processes = 200,
        Files = 256,
        FileSize = 16777216,
    };

    [Fact]
    public void No_fence_is_a_session_of_its_own_that_ends_with_the_daemon() =>
        Assert.Equal(
            "/usr/bin/setsid /usr/bin/setpriv --pdeathsig=KILL -- /bin/x a",
            Line(new FenceRequest(SandboxProfile.None, Some, null, Tools))
        );

    [Fact]
    public void Limits_of_a_plain_user() =>
        Assert.Equal(
            "/usr/bin/setsid /usr/bin/prlimit --cpu=5:6 --data=268435456 --nproc=200 --nofile=256 --fsize=16777216 -- "
                + "/usr/bin/setpriv --pdeathsig=KILL --no-new-privs -- /bin/x a",
            Line(new FenceRequest(SandboxProfile.Limits, Some, null, Tools))
        );

    [Fact]
    public void Limits_of_a_daemon_that_is_root() =>
        Assert.Equal(
            "/usr/bin/setsid /usr/bin/setpriv --pdeathsig=KILL --no-new-privs --reuid=65534 --regid=65534 --clear-groups "
                + "--bounding-set=-all --inh-caps=-all --ambient-caps=-all -- /bin/x a",
            Line(
                new FenceRequest(
                    SandboxProfile.Limits,
                    CommandLimits.Unlimited,
                    new Subject("nobody", 65534, 65534),
                    Tools
                )
            )
        );

    [Fact]
    public void Part_of_a_second_of_processor_time_counts_as_a_whole_one() =>
        Assert.Contains(
            "--cpu=2:3 ",
            Line(
                new FenceRequest(
                    SandboxProfile.Limits,
                    new CommandLimits { Cpu = TimeSpan.FromMilliseconds(1001) },
                    null,
                    Tools
                )
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_missing_tool_is_named_with_its_package()
    {
        var tools = Tools with { Setpriv = "/nowhere/setpriv" };

        Assert.Equal(
            "/nowhere/setpriv is not there or not executable; install the package util-linux, or name it in [sandbox] tools of aptask.toml",
            FenceCheck.Refuse(new FenceRequest(SandboxProfile.Limits, Some, null, tools), isRoot: false)
        );
    }

    [Fact]
    public void Root_without_a_fence_is_refused() =>
        Assert.Contains(
            "refused when the daemon is root",
            FenceCheck.Refuse(new FenceRequest(SandboxProfile.None, Some, null, Tools), isRoot: true)!,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_tool_that_is_not_needed_may_be_missing() =>
        Assert.Null(
            FenceCheck.Refuse(
                new FenceRequest(
                    SandboxProfile.Limits,
                    CommandLimits.Unlimited,
                    null,
                    Tools with
                    {
                        Prlimit = "/nowhere",
                    }
                ),
                isRoot: false
            )
        );

    private static string Line(FenceRequest request)
    {
        var plan = Fence.Plan(request, ["/bin/x", "a"]);
        return plan.Program + " " + string.Join(' ', plan.Arguments);
    }
}
