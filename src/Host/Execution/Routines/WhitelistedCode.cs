using System.Collections.Immutable;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Routines.Loading;
using AptTask.Host.Execution.Routines.Results;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Routines;

/// <summary>The functions and modules that the whitelist names, of the framework or of plugins.</summary>
internal sealed class WhitelistedCode(
    Dictionary<CodePlace, IPluginCode> plugins,
    IWorkers workers,
    Whitelist whitelist,
    DaemonOptions options,
    RunLimits limits,
    TimeProvider time,
    Action<PluginRoutine, string> offer,
    Action<string, string> complain
)
{
    private readonly string _file = whitelist.File is null ? "whitelist.toml" : Path.GetFileName(whitelist.File);

    /// <summary>Where a function of a plugin runs.</summary>
    public static CodePlace PlaceOf(FunctionEntry entry, DaemonOptions options) =>
        PlaceOf(entry.Plugin, entry.Isolation, entry.Sandbox, options);

    /// <summary>Where the functions of a module run.</summary>
    public static CodePlace PlaceOf(ModuleEntry entry, DaemonOptions options) =>
        PlaceOf(entry.Plugin, entry.Isolation, entry.Sandbox, options);

    /// <summary>Offers all of them.</summary>
    public async Task OfferAsync()
    {
        foreach (var function in whitelist.Functions)
            await OfferFunctionAsync(function);
        foreach (var module in whitelist.Modules)
            await OfferModuleAsync(module);
    }

    private static CodePlace PlaceOf(string? plugin, Isolation? isolation, SandboxProfile? fence, DaemonOptions options)
    {
        if (plugin is null)
            return CodePlace.Of("", isolation ?? Isolation.Process, fence, options);
        var entry = options.Plugins.For(plugin);
        return CodePlace.Of(plugin, isolation ?? entry.Isolation, fence ?? entry.Sandbox, options);
    }

    private async Task OfferFunctionAsync(FunctionEntry entry)
    {
        var origin = $"{_file}:{entry.Line}";
        var title = $"{origin} [[function]] {entry.Name}";
        try
        {
            var found = await FindAsync(PlaceOf(entry, options), entry.Assembly, entry.Type, entry.Method);
            Offer(found, entry.Name, RoutineKind.Function, entry.Summary, origin, entry, title);
        }
        catch (UnusableCodeException unusable)
        {
            complain(title, $"{entry.Type}.{entry.Method} {unusable.Message}.");
        }
    }

    private async Task OfferModuleAsync(ModuleEntry entry)
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
                await OfferMethodAsync(entry, method, origin, title);
        }
        catch (UnusableCodeException unusable)
        {
            complain(title, $"It {unusable.Message}.");
        }
    }

    private static bool IsAllowed(string pattern, MethodName method) =>
        NamePattern.IsMatch(pattern, method.Short) || NamePattern.IsMatch(pattern, method.Full);

    private async Task OfferMethodAsync(ModuleEntry entry, MethodName method, string origin, string title)
    {
        try
        {
            var found = await FindAsync(PlaceOf(entry, options), entry.Assembly, method.FullType, method.Method);
            Offer(found, $"{entry.Name}:{method.Short}", RoutineKind.Module, entry.Summary, origin, entry, title);
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
        };
        offer(new PluginRoutine(descriptor, found.Facts, found.Runner, found.Code, limits), title);
    }

    private async ValueTask<Found> FindAsync(CodePlace place, string? assembly, string type, string method)
    {
        if (place.Plugin.Length > 0)
        {
            var plugin = CodeAt(place);
            var name = CodeName.Method(type, method);
            return new Found(plugin, name, await plugin.IncludeAsync(name));
        }
        // The framework is the daemon's own code: it can be described here, wherever it will run.
        var code = MethodFinder.Find(MethodFinder.FrameworkAssembly(assembly), type, method, new PlainJson());
        return new Found(
            place.Isolation == Isolation.Context
                ? new FrameworkHome(code, time)
                : workers.ForFramework(place.Fence, options),
            new CodeName(assembly, type, method),
            code.Facts
        );
    }

    private ImmutableArray<MethodName> MethodsOf(ModuleEntry entry) =>
        entry.Plugin is null
            ? MethodFinder.Names(MethodFinder.FrameworkAssembly(entry.Assembly))
            : CodeAt(PlaceOf(entry, options)).Methods;

    private IPluginCode CodeAt(CodePlace place) =>
        plugins.TryGetValue(place, out var plugin)
            ? plugin
            : throw new UnusableCodeException($"is in the plugin '{place.Plugin}', which is not there or was kept out");

    private static string Either(string first, string second) => first.Length > 0 ? first : second;

    private readonly record struct Found(ICodeRunner Runner, CodeName Code, RoutineFacts Facts);
}
