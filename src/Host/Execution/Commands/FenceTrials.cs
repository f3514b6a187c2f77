using System.Collections.Concurrent;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Execution.Commands;

/// <summary>
/// Tries fences before commands run in them: one trial for each profile and user, because those decide whether one can be had.
/// One that held is not tried again; one that did not is, at the next reload, because somebody may have mended it.
/// </summary>
internal sealed class FenceTrials
{
    private readonly ConcurrentDictionary<Kind, byte> _good = new();

    /// <summary>Those of this process.</summary>
    public static FenceTrials OfThisProcess { get; } = new();

    /// <summary>Tries all that have not been tried. Answers with what is wrong with each; null when it holds.</summary>
    public async Task<Func<FenceRequest, string?>> TryAllAsync(IEnumerable<FenceRequest> fences, TimeProvider time)
    {
        var kinds = fences.GroupBy(KindOf).Where(kind => !_good.ContainsKey(kind.Key)).ToArray();
        var verdicts = await Task.WhenAll(
            kinds.Select(async kind => (kind.Key, Wrong: await FenceProbe.TryAsync(Plain(kind.First()), time)))
        );
        foreach (var (kind, wrong) in verdicts)
        {
            if (wrong is null)
                _good[kind] = 0;
        }
        var bad = verdicts
            .Where(verdict => verdict.Wrong is not null)
            .ToDictionary(verdict => verdict.Key, verdict => verdict.Wrong);
        return fence => bad.GetValueOrDefault(KindOf(fence));
    }

    /// <summary>The fence alone, without what one command sees and needs.</summary>
    private static FenceRequest Plain(FenceRequest fence) =>
        fence with
        {
            Limits = new CommandLimits { Files = 256 },
            View = new FenceView { HostNetwork = fence.View.HostNetwork },
        };

    private static Kind KindOf(FenceRequest fence) =>
        new(fence.Profile, fence.User, fence.View.HostNetwork, fence.Launcher is not null, fence.Tools);

    private sealed record Kind(
        SandboxProfile Profile,
        Subject? User,
        bool HostNetwork,
        bool HasLauncher,
        SandboxOptions Tools
    );
}
