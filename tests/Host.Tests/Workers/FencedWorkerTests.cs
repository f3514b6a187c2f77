using AptTask.Host.Configuration;
using AptTask.Host.Execution.Sandbox;
using AptTask.Host.Execution.Workers;
using AptTask.Host.Tests.Sandbox;

namespace AptTask.Host.Tests.Workers;

/// <summary>The daemon's own program in the fence that workers get when nobody says another.</summary>
public sealed class FencedWorkerTests
{
    [Fact]
    public async Task A_runtime_and_a_program_run_in_the_highest_fence_also_below_the_place_of_the_scratch_folder()
    {
        Needs.Of("bwrap", "userns");
        using var copy = new OpenCopy();
        var scratch = Directory.CreateDirectory(Path.Combine(copy.Folder, "own")).FullName;
        if (FenceRun.User is { } user)
            Assert.True(Native.Give(scratch, user));
        var runtime = WorkerProgram.Runtime;
        var request = FenceRun.Request(
            SandboxProfile.Isolated,
            new FenceView
            {
                ReadOnly = [Bind.Same(runtime), new Bind(copy.Folder, "/run/program")],
                Scratch = scratch,
                WorkingFolder = "/work",
            }
        ) with
        {
            Limits = new CommandLimits
            {
                Memory = 512L << 20,
                Files = 1024,
                Processes = 256,
            },
        };

        var outcome = await FenceRun.RunAsync(
            request,
            [Path.Combine(runtime, "dotnet"), "/run/program/aptaskd.dll", "--version"]
        );

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.StartsWith("0.", outcome.Output, StringComparison.Ordinal);
    }
}
