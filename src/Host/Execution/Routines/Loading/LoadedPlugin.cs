using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Routines.Results;

namespace AptTask.Host.Execution.Routines.Loading;

/// <summary>
/// One version of a plugin in memory. Counts the attempts that run in it; once it is retired and the last of them has ended, it
/// lets go of its code. Everything outside holds this, never the code, so that nothing else can keep a load context alive.
/// </summary>
internal sealed class LoadedPlugin : ICodeHome
{
    private readonly Lock _including = new();
    private readonly Dictionary<string, int> _included = [];
    private readonly WeakReference _context;
    private Content? _content;
    private int _running;
    private int _abandoned;
    private volatile bool _retired;

    private LoadedPlugin(
        PluginFiles files,
        Content content,
        ImmutableArray<RoutineFacts> routines,
        ImmutableArray<string> problems
    )
    {
        Files = files;
        Version = VersionOf(content.Code.Main);
        Routines = routines;
        Problems = problems;
        _content = content;
        _context = new WeakReference(AssemblyLoadContext.GetLoadContext(content.Code.Main), trackResurrection: true);
    }

    /// <inheritdoc/>
    public string Title => $"plugin {Files.Name}";

    /// <summary>Its copy on the disk.</summary>
    public PluginFiles Files { get; }

    /// <summary>The version of its main assembly, as its author wrote it.</summary>
    public string Version { get; }

    /// <summary>Its routines, by index.</summary>
    public ImmutableArray<RoutineFacts> Routines { get; }

    /// <summary>What in it cannot be offered, and why.</summary>
    public ImmutableArray<string> Problems { get; }

    /// <summary>The attempts under way in it, abandoned ones among them.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>The attempts that ended for the daemon while their code still runs.</summary>
    public int Abandoned => Volatile.Read(ref _abandoned);

    /// <summary>Whether the runtime has really let go of it.</summary>
    public bool IsUnloaded => Volatile.Read(ref _content) is null && !_context.IsAlive;

    /// <summary>Takes over loaded code and finds what is in it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static LoadedPlugin Take(PluginFiles files, ILoadedCode code)
    {
        var json = new PlainJson();
        var found = RoutineFinder.Find(code.Main, json);
        return new LoadedPlugin(
            files,
            new Content(code, json, [.. found.Routines]),
            [.. found.Routines.Select(routine => routine.Facts)],
            [.. found.Problems]
        );
    }

    /// <summary>The methods that a pattern of a module may allow.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ImmutableArray<MethodName> Methods() =>
        Volatile.Read(ref _content) is { } content ? MethodFinder.Names(content.Code.Main) : [];

    /// <summary>Takes in a method that an administrator names, and gives its index. The same method again has the same one.</summary>
    /// <exception cref="UnusableCodeException">There is no such method, or it cannot be called.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public (int Index, RoutineFacts Facts) Include(string type, string method)
    {
        lock (_including)
        {
            if (_content is not { } content)
                throw new UnusableCodeException($"is in {Title}, which is unloaded");
            var key = $"{type}.{method}";
            if (!_included.TryGetValue(key, out var index))
            {
                var code = MethodFinder.Find(content.Code.Main, type, method, content.Json);
                index = content.Routines.Length;
                content.Routines = content.Routines.Add(code);
                _included.Add(key, index);
            }
            return (index, content.Routines[index].Facts);
        }
    }

    /// <inheritdoc/>
    public bool TryEnter(int index, [NotNullWhen(true)] out RoutineCode? code)
    {
        code = null;
        Interlocked.Increment(ref _running);
        // After the increment: either this sees the retirement, or the retirement sees this.
        if (!_retired && Volatile.Read(ref _content) is { } content)
        {
            code = content.Routines[index];
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

    /// <summary>Takes no more attempts; lets go of the code when the last has ended.</summary>
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

    private sealed class Content(ILoadedCode code, PlainJson json, ImmutableArray<RoutineCode> routines)
    {
        public ILoadedCode Code => code;

        public PlainJson Json => json;

        // Only grows, under the lock of Include; an index that was given out stays right.
        public ImmutableArray<RoutineCode> Routines { get; set; } = routines;
    }
}
