using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using AptTask.Host.Execution.Routines.Arguments;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>Makes records and plain classes from JSON objects: by their constructor, then by their settable properties.</summary>
internal static class ClrObjects
{
    /// <summary>The type and its reader.</summary>
    /// <exception cref="UnusableCodeException">It cannot be made.</exception>
    public static (ArgumentType Type, Func<JsonElement, object?> Read) Of(Type type, ClrTypes types)
    {
        var constructor = ConstructorOf(type);
        var parameters = constructor?.GetParameters() ?? [];
        var byConstructor = Array.ConvertAll(parameters, types.Of);
        var taken = parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var setters = SettableProperties(type)
            .Where(property => !taken.Contains(property.Name))
            .Select(property => new Setter(types.Of(property), MethodInvoker.Create(property.SetMethod!)))
            .ToArray();

        var members = byConstructor.Concat(setters.Select(setter => setter.Argument)).Select(member => member.Declared);
        var make = constructor is null ? null : ConstructorInvoker.Create(constructor);
        return (new ArgumentType.Object([.. members]), value => Make(value, make, type, byConstructor, setters));
    }

    /// <summary>The public properties that anybody may set, in the order in which they are declared, inherited ones first.</summary>
    public static IEnumerable<PropertyInfo> SettableProperties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property =>
                property.SetMethod is { IsPublic: true }
                && property.GetIndexParameters().Length == 0
                && !property.GetCustomAttributesData().Any(data => data.AttributeType == typeof(JsonIgnoreAttribute))
            )
            .OrderBy(property => Depth(property.DeclaringType))
            .ThenBy(property => property.MetadataToken);

    private static object Make(
        JsonElement value,
        ConstructorInvoker? constructor,
        Type type,
        ClrArgument[] byConstructor,
        Setter[] setters
    )
    {
        var arguments = new object?[byConstructor.Length];
        for (var index = 0; index < arguments.Length; index++)
            byConstructor[index].TryRead(value, out arguments[index]);
        // A struct without a constructor of its own is made of zeros.
        var made = constructor?.Invoke(arguments.AsSpan()) ?? Activator.CreateInstance(type)!;
        foreach (var setter in setters)
        {
            if (setter.Argument.TryRead(value, out var given))
                setter.Set.Invoke(made, given);
        }
        return made;
    }

    private static ConstructorInfo? ConstructorOf(Type type)
    {
        var constructors = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance);
        if (Array.Find(constructors, candidate => candidate.GetParameters().Length == 0) is { } plain)
            return plain;
        return (constructors.Length, type.IsValueType) switch
        {
            (1, _) => constructors[0],
            (0, true) => null,
            _ => throw new UnusableCodeException(
                $"has the type {type.Name}, which needs one public constructor, or one without parameters"
            ),
        };
    }

    private static int Depth(Type? type) => type is null ? 0 : 1 + Depth(type.BaseType);

    private readonly record struct Setter(ClrArgument Argument, MethodInvoker Set);
}
