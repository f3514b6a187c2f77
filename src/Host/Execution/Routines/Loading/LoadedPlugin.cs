using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Routines.Results;

namespace AptTask.Host.Execution.Routines.Loading;

/// <summary>
/// One version of a plugin in memory. Counts the attempts that run in it; once it is retired and the last of them has ended, it
/// lets go of its code. Everything outside holds this, never the code, so that nothing else can keep a load context alive.
/// </summary>
internal sealed class LoadedPlugin : ICodeHome, IPluginCode
{
    private readonly Lock _including = new();
    private readonly TimeProvider _time;
    private readonly WeakReference _context;
    private Content? _content;
    private int _running;
    private int _abandoned;
    private volatile bool _retired;

    private LoadedPlugin(PluginFiles files, Content content, ImmutableArray<string> problems, TimeProvider time)
    {
        _time = time;
        Files = files;
        Version = VersionOf(content.Code.Main);
        Routines =
        [
            .. content
                .Routines.Values.Select(routine => routine.Code.Facts)
                .OrderBy(facts => facts.Name, StringComparer.Ordinal),
        ];
        Problems = problems;
        Methods = MethodFinder.Names(content.Code.Main);
        _content = content;
        _context = new WeakReference(AssemblyLoadContext.GetLoadContext(content.Code.Main), trackResurrection: true);
    }

    /// <inheritdoc/>
    public string Title => $"plugin {Files.Name}";

    /// <inheritdoc/>
    public string? Trouble => null;

    /// <inheritdoc/>
    public PluginFiles Files { get; }

    /// <inheritdoc/>
    public string Version { get; }

    /// <inheritdoc/>
    public ImmutableArray<RoutineFacts> Routines { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Problems { get; }

    /// <inheritdoc/>
    public ImmutableArray<MethodName> Methods { get; }

    /// <inheritdoc/>
    public int Running => Volatile.Read(ref _running);

    /// <inheritdoc/>
    public int Abandoned => Volatile.Read(ref _abandoned);

    /// <inheritdoc/>
    public bool IsUnloaded => Volatile.Read(ref _content) is null && !_context.IsAlive;

    /// <summary>Takes over loaded code and finds what is in it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static LoadedPlugin Take(PluginFiles files, ILoadedCode code, TimeProvider time)
    {
        var json = new PlainJson();
        var found = RoutineFinder.Find(code.Main, json);
        var routines = found.Routines.ToImmutableDictionary(
            routine => CodeName.Routine(routine.Facts.Name),
            routine => (routine, new Pace(time))
        );
        return new LoadedPlugin(files, new Content(code, json, routines), [.. found.Problems], time);
    }

    /// <inheritdoc/>
    public bool Suits(DaemonOptions options) => true;

    /// <inheritdoc/>
    public ValueTask<RoutineFacts> IncludeAsync(CodeName method) => new(Include(method));

    /// <summary>Takes in a method that an administrator names. The same one again is no harm.</summary>
    /// <exception cref="UnusableCodeException">There is no such method, or it cannot be called.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public RoutineFacts Include(CodeName method)
    {
        lock (_including)
        {
            if (_content is not { } content)
                throw new UnusableCodeException($"is in {Title}, which is unloaded");
            if (!content.Routines.TryGetValue(method, out var routine))
            {
                routine = (
                    MethodFinder.Find(content.Code.Main, method.Type!, method.Name, content.Json),
                    new Pace(_time)
                );
                content.Routines = content.Routines.Add(method, routine);
            }
            return routine.Code.Facts;
        }
    }

    /// <inheritdoc/>
    public bool TryRun(
        CodeName code,
        AttemptContext attempt,
        RunLimits limits,
        [NotNullWhen(true)] out Task<AttemptEnd>? run
    )
    {
        run = null;
        Interlocked.Increment(ref _running);
        // After the increment: either this sees the retirement, or the retirement sees this.
        if (!_retired && Volatile.Read(ref _content) is { } content)
        {
            var (routine, pace) = content.Routines[code];
            run = new RoutineRun(this, routine, attempt, limits, pace).StartAsync();
            return true;
        }
        Leave();
        return false;
    }

    /// <inheritdoc/>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0 && _retired)
            LetGo();
    }

    /// <inheritdoc/>
    public void Abandon() => Interlocked.Increment(ref _abandoned);

    /// <inheritdoc/>
    public void Return() => Interlocked.Decrement(ref _abandoned);

    /// <inheritdoc/>
    public void Retire()
    {
        _retired = true;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _running) == 0)
            LetGo();
    }

    private static string VersionOf(Assembly assembly)
    {
        var informational =
            assembly
                .GetCustomAttributesData()
                .FirstOrDefault(data => data.AttributeType == typeof(AssemblyInformationalVersionAttribute))
                ?.ConstructorArguments[0]
                .Value as string;
        // What follows the plus is the commit.
        return informational?.Split('+')[0] ?? assembly.GetName().Version?.ToString() ?? "";
    }

    private void LetGo()
    {
        if (Interlocked.Exchange(ref _content, null) is { } content)
            content.Code.Dispose();
    }

    private sealed class Content(
        ILoadedCode code,
        PlainJson json,
        ImmutableDictionary<CodeName, (RoutineCode Code, Pace Pace)> routines
    )
    {
        public ILoadedCode Code => code;

        public PlainJson Json => json;

        // Only grows, under the lock of Include.
        public ImmutableDictionary<CodeName, (RoutineCode Code, Pace Pace)> Routines { get; set; } = routines;
    }
}
