using System.Collections.Immutable;
using System.Globalization;
using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>
/// Turns a profile into the line of tools that builds it. Pure: the same request gives the same tokens. It never answers
/// with a weaker fence than was asked for; what cannot be had here is said by <see cref="FenceCheck"/>.
/// </summary>
internal static class Fence
{
    /// <summary>The chain, ending with the command.</summary>
    public static LaunchPlan Plan(FenceRequest request, ReadOnlySpan<string> command)
    {
        if (request.Launcher is { } launcher)
            return new LaunchPlan(launcher, [.. command]);
        var chain = ImmutableArray.CreateBuilder<string>();
        chain.Add(request.Tools.Setsid);
        if (request.Profile != SandboxProfile.None)
            AddLimits(chain, request);
        AddPrivileges(chain, request);
        chain.AddRange(command);
        var program = chain[0];
        chain.RemoveAt(0);
        return new LaunchPlan(program, chain.ToImmutable());
    }

    private static void AddLimits(ImmutableArray<string>.Builder chain, FenceRequest request)
    {
        var limits = request.Limits;
        var before = chain.Count;
        chain.Add(request.Tools.Prlimit);
        if (limits.Cpu is { } cpu)
        {
            // Soft below hard: the soft one sends XCPU, which names the reason; the hard one kills who ignores it.
            var seconds = (long)Math.Ceiling(cpu.TotalSeconds);
            chain.Add(Text($"--cpu={seconds}:{seconds + 1}"));
        }
        // The data segment and not the address space: managed runtimes reserve far more than they use.
        if (limits.Memory is { } memory)
            chain.Add(Text($"--data={memory}"));
        if (limits.Processes is { } processes)
            chain.Add(Text($"--nproc={processes}"));
        if (limits.Files is { } files)
            chain.Add(Text($"--nofile={files}"));
        if (limits.FileSize is { } size)
            chain.Add(Text($"--fsize={size}"));
        if (chain.Count == before + 1)
            chain.RemoveAt(before);
        else
            chain.Add("--");
    }

    private static void AddPrivileges(ImmutableArray<string>.Builder chain, FenceRequest request)
    {
        // The signal follows the thread that starts the chain: the spawner's, which lives as long as the daemon.
        chain.Add(request.Tools.Setpriv);
        chain.Add("--pdeathsig=KILL");
        if (request.Profile != SandboxProfile.None)
            chain.Add("--no-new-privs");
        if (request.User is { } user)
        {
            chain.Add(Text($"--reuid={user.Uid}"));
            chain.Add(Text($"--regid={user.Gid}"));
            chain.Add("--clear-groups");
            chain.Add("--bounding-set=-all");
            chain.Add("--inh-caps=-all");
            chain.Add("--ambient-caps=-all");
        }
        chain.Add("--");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
