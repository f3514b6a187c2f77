using System.Diagnostics;
using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Tests.Sandbox;

/// <summary>
/// What a test needs of the machine. A test whose need is missing is skipped, unless <c>APTASK_REQUIRE</c> names the need:
/// then it fails, so that a build server never passes by not looking.
/// </summary>
internal static class Needs
{
    private static readonly string[] Required = (Environment.GetEnvironmentVariable("APTASK_REQUIRE") ?? "").Split(
        ',',
        StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
    );

    private static readonly Lazy<bool> NewUsers = new(() =>
        Runs("/usr/bin/unshare", "--user", "--map-root-user", "/usr/bin/true")
    );

    /// <summary>Ends the test here when one of these is missing.</summary>
    public static void Of(params string[] needs)
    {
        foreach (var need in needs.Where(need => !IsThere(need)))
        {
            if (Required.Contains(need, StringComparer.Ordinal))
                Assert.Fail($"APTASK_REQUIRE asks for {need}, which is not here.");
            Assert.Skip($"{need} is not here");
        }
    }

    private static bool IsThere(string need) =>
        need switch
        {
            "bwrap" => File.Exists("/usr/bin/bwrap"),
            "python3" => File.Exists("/usr/bin/python3"),
            "userns" => NewUsers.Value,
            "root" => Environment.IsPrivilegedProcess,
            "cgroup" => ControlGroups.OfThisProcess.IsThere,
            _ => throw new InvalidOperationException($"There is no need called {need}."),
        };

    private static bool Runs(string program, params string[] arguments)
    {
        if (!File.Exists(program))
            return false;
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true }
        )!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
