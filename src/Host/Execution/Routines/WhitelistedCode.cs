using System.Collections.Immutable;
using System.Reflection;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Routines.Loading;
using AptTask.Host.Execution.Routines.Results;

namespace AptTask.Host.Execution.Routines;

/// <summary>The functions and modules that the whitelist names, of the framework or of plugins.</summary>
internal sealed class WhitelistedCode(
    Dictionary<string, LoadedPlugin> plugins,
    Whitelist whitelist,
    DaemonOptions options,
    RunLimits limits,
    TimeProvider time,
    Action<IRunnableRoutine, string> offer,
    Action<string, string> complain
)
{
    private readonly string _file = whitelist.File is null ? "whitelist.toml" : Path.GetFileName(whitelist.File);

    /// <summary>Offers all of them.</summary>
    public void Offer()
    {
        foreach (var function in whitelist.Functions)
            OfferFunction(function);
        foreach (var module in whitelist.Modules)
            OfferModule(module);
    }

    private void OfferFunction(FunctionEntry entry)
    {
        var origin = $"{_file}:{entry.Line}";
        var title = $"{origin} [[function]] {entry.Name}";
        try
        {
            var found = Find(entry.Assembly, entry.Plugin, entry.Type, entry.Method);
            var isolation = entry.Isolation ?? IsolationOf(entry.Plugin);
            Offer(found, entry.Name, RoutineKind.Function, entry.Summary, origin, entry, isolation, title);
        }
        catch (UnusableCodeException unusable)
        {
            complain(title, $"{entry.Type}.{entry.Method} {unusable.Message}.");
        }
    }

    private void OfferModule(ModuleEntry entry)
    {
        var origin = $"{_file}:{entry.Line}";
        var title = $"{origin} [[module]] {entry.Name}";
        try
        {
            var patterns = entry.Functions;
            var methods = MethodsOf(entry);
            foreach (var pattern in patterns.Where(pattern => !methods.Any(method => IsAllowed(pattern, method))))
                complain(title, $"The pattern '{pattern}' matches no public static method that is not overloaded.");
            foreach (var method in methods.Where(method => patterns.Any(pattern => IsAllowed(pattern, method))))
                OfferMethod(entry, method, origin, title);
        }
        catch (UnusableCodeException unusable)
        {
            complain(title, $"It {unusable.Message}.");
        }
    }

    private static bool IsAllowed(string pattern, MethodName method) =>
        GlobPattern.Matches(pattern, method.Short) || GlobPattern.Matches(pattern, method.Full);

    private void OfferMethod(ModuleEntry entry, MethodName method, string origin, string title)
    {
        try
        {
            var found = Find(entry.Assembly, entry.Plugin, method.FullType, method.Method);
            var isolation = entry.Isolation ?? IsolationOf(entry.Plugin);
            Offer(
                found,
                $"{entry.Name}:{method.Short}",
                RoutineKind.Module,
                entry.Summary,
                origin,
                entry,
                isolation,
                title
            );
        }
        catch (UnusableCodeException unusable)
        {
            complain(title, $"{method.Short} {unusable.Message}.");
        }
    }

    private void Offer(
        Found found,
        string name,
        RoutineKind kind,
        string summary,
        string origin,
        RoutineRules rules,
        Isolation isolation,
        string title
    )
    {
        var descriptor = new RoutineDescriptor
        {
            Name = name,
            Kind = kind,
            Help = summary.Length > 0 && kind == RoutineKind.Function ? summary : Either(found.Facts.Help, summary),
            Origin = origin,
            Parameters = [.. found.Facts.Arguments.Select(argument => argument.Describe())],
            Policy = Policies.Of(found.Facts.Policy, rules),
            Unavailable = isolation == Isolation.Process ? Policies.EntryNeedsWorker : null,
        };
        offer(
            descriptor.Unavailable is null
                ? new PluginRoutine(descriptor, found.Facts, found.Home, found.Index, limits, time)
                : new UnavailableRoutine(descriptor, found.Facts, limits),
            title
        );
    }

    private Found Find(string? assembly, string? plugin, string type, string method)
    {
        if (plugin is not null)
        {
            var home = PluginNamed(plugin);
            var (index, facts) = home.Include(type, method);
            return new Found(home, index, facts);
        }
        var code = MethodFinder.Find(FrameworkAssembly(assembly), type, method, new PlainJson());
        return new Found(new FrameworkHome(code), 0, code.Facts);
    }

    private ImmutableArray<MethodName> MethodsOf(ModuleEntry entry) =>
        entry.Plugin is { } plugin
            ? PluginNamed(plugin).Methods()
            : MethodFinder.Names(FrameworkAssembly(entry.Assembly));

    private LoadedPlugin PluginNamed(string name) =>
        plugins.TryGetValue(name, out var plugin)
            ? plugin
            : throw new UnusableCodeException($"is in the plugin '{name}', which is not there or was kept out");

    private static Assembly FrameworkAssembly(string? name)
    {
        if (name is null || !Preflight.IsFramework(name))
            throw new UnusableCodeException($"is in the assembly '{name}', which is not one of the framework");
        try
        {
            return Assembly.Load(new AssemblyName(name));
        }
        catch (Exception missing) when (missing is IOException or BadImageFormatException)
        {
            throw new UnusableCodeException($"is in the assembly '{name}', which cannot be loaded: {missing.Message}");
        }
    }

    private Isolation IsolationOf(string? plugin) =>
        plugin is null ? Isolation.Process : options.Plugins.For(plugin).Isolation;

    private static string Either(string first, string second) => first.Length > 0 ? first : second;

    private readonly record struct Found(ICodeHome Home, int Index, RoutineFacts Facts);
}
