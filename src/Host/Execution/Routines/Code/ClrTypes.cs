using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AptTask.Host.Execution.Routines.Arguments;
using AptTask.Host.Execution.Routines.Results;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>Turns the CLR types of parameters and properties into arguments. One for each routine; runs no code of a plugin.</summary>
internal sealed class ClrTypes
{
    private readonly NullabilityInfoContext _nullability = new();
    private readonly HashSet<Type> _underWay = [];

    /// <summary>A parameter.</summary>
    /// <exception cref="UnusableCodeException">It cannot be given as JSON.</exception>
    public ClrArgument Of(ParameterInfo parameter)
    {
        var limits = Limits.Read(parameter.GetCustomAttributesData());
        var nothing = parameter.HasDefaultValue ? DefaultOf(parameter) : null;
        // Code compiled without nullable annotations says nothing; then only a default of null says that null will do.
        var value = Of(parameter.ParameterType, _nullability.Create(parameter), limits);
        if (parameter.HasDefaultValue && nothing is null && !parameter.ParameterType.IsValueType)
            value = value with { Element = value.Element with { Nullable = true } };
        return Complete(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name ?? $"p{parameter.Position}"),
            value,
            limits,
            required: !parameter.HasDefaultValue || limits.Required,
            parameter.HasDefaultValue ? (true, nothing) : limits.Default,
            nothing
        );
    }

    /// <summary>A property that is set.</summary>
    /// <inheritdoc cref="Of(ParameterInfo)"/>
    public ClrArgument Of(PropertyInfo property)
    {
        var attributes = property.GetCustomAttributesData();
        var limits = Limits.Read(attributes);
        var required = limits.Required || attributes.Any(data => data.AttributeType == typeof(RequiredMemberAttribute));
        return Complete(
            PlainJson.NameOf(property),
            Of(property.PropertyType, _nullability.Create(property), limits),
            limits,
            required,
            limits.Default,
            nothing: null
        );
    }

    private static ClrArgument Complete(
        string name,
        ClrValue value,
        Limits limits,
        bool required,
        (bool Given, object? Value) shown,
        object? nothing
    )
    {
        var argument = new Argument(name, value.Element, required)
        {
            Help = limits.Help,
            Secret = limits.Secret,
            Default = shown.Given && !required ? new PlainJson().ToElement(shown.Value, int.MaxValue) : null,
        };
        return new ClrArgument(argument, value, nothing);
    }

    private ClrValue Of(Type type, NullabilityInfo nullability, Limits limits)
    {
        var bare = System.Nullable.GetUnderlyingType(type) ?? type;
        var nullable = bare != type || (!type.IsValueType && nullability.ReadState == NullabilityState.Nullable);
        var (argumentType, read) =
            ClrScalars.Of(bare, limits)
            ?? ListOf(bare, nullability, limits)
            ?? MapOf(bare, nullability)
            ?? ObjectOf(bare);
        RequireThatLimitsHold(argumentType, limits);
        // null is as good a JSON value as any other.
        nullable |= argumentType is ArgumentType.Any;
        return new ClrValue(new Element(argumentType, nullable) { Allowed = limits.Allowed }, read);
    }

    private (ArgumentType, Func<JsonElement, object?>)? ListOf(Type type, NullabilityInfo nullability, Limits limits)
    {
        if (ClrLists.MakerFor(type) is not { } list)
            return null;
        var inner = nullability.ElementType ?? nullability.GenericTypeArguments.FirstOrDefault() ?? nullability;
        var item = Of(list.Item, inner, Limits.None);
        var declared = new ArgumentType.List(
            item.Element,
            limits.MinLength ?? (limits.Required ? 1 : 0),
            limits.MaxLength
        );
        return (declared, value => list.Make([.. value.EnumerateArray().Select(item.ReadAny)]));
    }

    private (ArgumentType, Func<JsonElement, object?>)? MapOf(Type type, NullabilityInfo nullability)
    {
        if (ClrLists.MapMakerFor(type) is not { } map)
            return null;
        var item = Of(map.Item, nullability.GenericTypeArguments.ElementAtOrDefault(1) ?? nullability, Limits.None);
        return (
            new ArgumentType.Map(item.Element),
            value => map.Make([.. value.EnumerateObject().Select(member => (member.Name, item.ReadAny(member.Value)))])
        );
    }

    private (ArgumentType, Func<JsonElement, object?>) ObjectOf(Type type)
    {
        if (type.IsAbstract || type.IsInterface || type.IsPointer || type.IsByRef || type.IsByRefLike || type.IsArray)
            throw new UnusableCodeException($"has the type {type.Name}, which cannot be made from JSON");
        if (
            type.Assembly == typeof(object).Assembly
            || type.IsSubclassOf(typeof(Delegate))
            || type.ContainsGenericParameters
        )
            throw new UnusableCodeException(
                $"has the type {type.Name}, which cannot be made from JSON; take a JsonElement"
            );
        if (!_underWay.Add(type))
            throw new UnusableCodeException($"has the type {type.Name}, which contains itself; take a JsonElement");
        try
        {
            return ClrObjects.Of(type, this);
        }
        finally
        {
            _underWay.Remove(type);
        }
    }

    private static void RequireThatLimitsHold(ArgumentType type, Limits limits)
    {
        if (limits.HasRange && type is not (ArgumentType.Integer or ArgumentType.Number))
            throw new UnusableCodeException("has a [Range], which only numbers can have");
        if (limits.HasLength && type is not (ArgumentType.Text or ArgumentType.List))
            throw new UnusableCodeException("has a length, which only strings and lists can have");
        if (limits.Pattern is not null && type is not ArgumentType.Text)
            throw new UnusableCodeException("has a [RegularExpression], which only strings can have");
    }

    private static object? DefaultOf(ParameterInfo parameter)
    {
        var value = parameter.DefaultValue;
        var type = parameter.ParameterType;
        if (value is null || value == Missing.Value)
        {
            return type.IsValueType && System.Nullable.GetUnderlyingType(type) is null
                ? RuntimeHelpers.GetUninitializedObject(type)
                : null;
        }
        var bare = System.Nullable.GetUnderlyingType(type) ?? type;
        return bare.IsEnum ? Enum.ToObject(bare, value) : value;
    }
}
