using System.Collections.Immutable;
using System.Reflection;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Routines.Results;

namespace AptTask.Host.Execution.Routines.Loading;

/// <summary>Finds methods that an administrator names: exactly one, public, static, declared by the type itself, not generic.</summary>
internal static class MethodFinder
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private const BindingFlags Any =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    /// <summary>Everything that could be called; overloaded and generic methods are left out.</summary>
    public static ImmutableArray<MethodName> Names(Assembly assembly)
    {
        var types = ExportedTypes(assembly).Where(type => !type.ContainsGenericParameters).ToList();
        var ambiguous = types.GroupBy(NameOf).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet();
        return
        [
            .. types
                .SelectMany(type => Callable(type).Select(method => NameOf(type, method, ambiguous)))
                .OrderBy(name => name.Full, StringComparer.Ordinal),
        ];
    }

    /// <summary>An assembly of the framework by its simple name.</summary>
    /// <exception cref="UnusableCodeException">There is none of that name.</exception>
    public static Assembly FrameworkAssembly(string? name)
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

    /// <summary>The method of a type.</summary>
    /// <param name="assembly">Where.</param>
    /// <param name="type">The full name of the type, or its name without the namespace if only one has it.</param>
    /// <param name="method">The name, with parameter types if it is overloaded: <c>Round(System.Double)</c>.</param>
    /// <param name="json">Writes what it returns.</param>
    /// <exception cref="UnusableCodeException">There is none, or more than one, or it may not be called.</exception>
    public static FunctionCode Find(Assembly assembly, string type, string method, PlainJson json)
    {
        var found = TypeNamed(assembly, type);
        if (Forbidden.Reason(found, method) is { } reason)
            throw new UnusableCodeException($"may not be called: {reason}");
        if (found.ContainsGenericParameters)
            throw new UnusableCodeException($"is in the generic type {found.Name}");
        return FunctionCode.Of(MethodNamed(found, method), $"{NameOf(found)}.{method}", new RoutinePolicy(), json);
    }

    private static Type TypeNamed(Assembly assembly, string name)
    {
        var exported = ExportedTypes(assembly);
        var fitting = exported.Where(type => FullNameOf(type) == name).ToList();
        if (fitting.Count == 0)
            fitting = [.. exported.Where(type => NameOf(type) == name)];
        if (fitting.Count == 1)
            return fitting[0];
        if (fitting.Count > 1)
        {
            throw new UnusableCodeException(
                $"has an ambiguous type: {string.Join(", ", fitting.Select(FullNameOf))}; name it in full"
            );
        }
        var near = Nearest.Suggest(name, exported.Select(FullNameOf).Concat(exported.Select(NameOf)));
        throw new UnusableCodeException(
            $"has the type '{name}', which is no public type of {assembly.GetName().Name}{After(near)}"
        );
    }

    private static MethodInfo MethodNamed(Type type, string wanted)
    {
        var name = wanted.Split('(')[0];
        var candidates = type.GetMethods(Own).Where(method => method.Name == name).ToList();
        if (wanted.Contains('(', StringComparison.Ordinal))
            candidates =
            [
                .. candidates.Where(method => Signature(method) == wanted.Replace(" ", "", StringComparison.Ordinal)),
            ];
        if (candidates.Count == 1)
            return candidates[0];
        if (candidates.Count > 1)
        {
            var signatures = string.Join(" or ", candidates.Where(method => !method.IsGenericMethod).Select(Signature));
            throw new UnusableCodeException($"is overloaded; say which one: {signatures}");
        }
        if (type.GetMethods(Any | BindingFlags.FlattenHierarchy).Any(method => method.Name == name))
            throw new UnusableCodeException(
                "is not a public static method that the type itself declares, or has other parameter types"
            );
        throw new UnusableCodeException(
            $"is no method of {type.Name}{After(Nearest.Suggest(name, type.GetMethods(Own).Select(method => method.Name)))}"
        );
    }

    private static IEnumerable<MethodInfo> Callable(Type type) =>
        type.GetMethods(Own)
            .Where(method => !method.IsSpecialName)
            .GroupBy(method => method.Name)
            .Where(same => same.Count() == 1 && !same.First().IsGenericMethod)
            .Select(same => same.First());

    // Many of the framework's assemblies only say where their types are.
    private static List<Type> ExportedTypes(Assembly assembly)
    {
        try
        {
            return [.. assembly.GetExportedTypes(), .. assembly.GetForwardedTypes().Where(type => type.IsVisible)];
        }
        catch (ReflectionTypeLoadException partly)
        {
            return [.. partly.Types.OfType<Type>().Where(type => type.IsVisible)];
        }
    }

    private static MethodName NameOf(Type type, MethodInfo method, HashSet<string> ambiguous)
    {
        var name = NameOf(type);
        var full = FullNameOf(type);
        return new MethodName(ambiguous.Contains(name) ? full : name, full, method.Name);
    }

    private static string Signature(MethodInfo method) =>
        $"{method.Name}({string.Join(",", method.GetParameters().Select(parameter => parameter.ParameterType.FullName))})";

    private static string FullNameOf(Type type) => (type.FullName ?? type.Name).Replace('+', '.');

    private static string NameOf(Type type) =>
        type.DeclaringType is { } outer ? $"{NameOf(outer)}.{type.Name}" : type.Name;

    private static string After(string? suggestion) =>
        suggestion is null ? "" : $" ({char.ToLowerInvariant(suggestion[0])}{suggestion[1..]})";
}
