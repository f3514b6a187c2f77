using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using AptTask.Host.Execution.Routines.Results;
using AptTask.Plugin;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>
/// What the attributes on an argument say, read from metadata: no attribute is constructed, since one that a plugin
/// defines would run its code.
/// </summary>
internal sealed record Limits
{
    private static readonly string Known = string.Join(
        ", ",
        "[Required]",
        "[Range]",
        "[RegularExpression]",
        "[AllowedValues]",
        "[StringLength]",
        "[MinLength]",
        "[MaxLength]",
        "[Length]"
    );

    public string? Help { get; private init; }
    public bool Required { get; private init; }
    public bool Secret { get; private init; }
    public decimal? Min { get; private init; }
    public decimal? Max { get; private init; }
    public bool MinIsExclusive { get; private init; }
    public bool MaxIsExclusive { get; private init; }
    public int? MinLength { get; private init; }
    public int? MaxLength { get; private init; }
    public string? Pattern { get; private init; }
    public ImmutableArray<JsonElement> Allowed { get; private init; } = [];
    public (bool Given, object? Value) Default { get; private init; }

    public bool HasRange => Min is not null || Max is not null;

    public bool HasLength => MinLength is not null || MaxLength is not null;

    /// <summary>Nothing said.</summary>
    public static Limits None { get; } = new();

    /// <summary>Reads what is said.</summary>
    /// <exception cref="UnusableCodeException">A check is asked for that would not be made.</exception>
    public static Limits Read(IEnumerable<CustomAttributeData> attributes)
    {
        var limits = None;
        foreach (var attribute in attributes)
            limits = limits.With(attribute);
        return limits;
    }

    /// <summary>What the description of a method or class says.</summary>
    public static string HelpOf(MemberInfo member) =>
        member.GetCustomAttributesData().FirstOrDefault(data => data.AttributeType == typeof(DescriptionAttribute))
            is { } help
            ? Argument(help, 0) as string ?? ""
            : "";

    private Limits With(CustomAttributeData attribute)
    {
        var type = attribute.AttributeType;
        if (type == typeof(DescriptionAttribute))
            return this with { Help = Argument(attribute, 0) as string };
        if (type == typeof(SecretAttribute))
            return this with { Secret = true };
        if (type == typeof(RequiredAttribute))
            return this with { Required = true };
        if (type == typeof(DefaultValueAttribute) && attribute.ConstructorArguments.Count == 1)
            return this with { Default = (true, Argument(attribute, 0)) };
        if (type == typeof(RangeAttribute))
            return WithRange(attribute);
        if (type == typeof(RegularExpressionAttribute))
            return this with { Pattern = Argument(attribute, 0) as string };
        if (type == typeof(AllowedValuesAttribute))
            return this with { Allowed = Values(attribute) };
        if (type == typeof(StringLengthAttribute))
            return this with
            {
                MaxLength = Argument(attribute, 0) as int?,
                MinLength = Named(attribute, "MinimumLength") as int?,
            };
        if (type == typeof(MinLengthAttribute))
            return this with { MinLength = Argument(attribute, 0) as int? };
        if (type == typeof(MaxLengthAttribute) && attribute.ConstructorArguments.Count == 1)
            return this with { MaxLength = Argument(attribute, 0) as int? };
        if (type == typeof(LengthAttribute))
            return this with { MinLength = Argument(attribute, 0) as int?, MaxLength = Argument(attribute, 1) as int? };
        return typeof(ValidationAttribute).IsAssignableFrom(type)
            ? throw new UnusableCodeException($"has [{Short(type)}], which would not be checked; checked are {Known}")
            : this;
    }

    private Limits WithRange(CustomAttributeData attribute)
    {
        // Either (min, max) as numbers, or (type, min, max) as text.
        var first = attribute.ConstructorArguments.Count - 2;
        return this with
        {
            Min = Bound(Argument(attribute, first)),
            Max = Bound(Argument(attribute, first + 1)),
            MinIsExclusive = Named(attribute, "MinimumIsExclusive") is true,
            MaxIsExclusive = Named(attribute, "MaximumIsExclusive") is true,
        };
    }

    private static decimal? Bound(object? value) =>
        value switch
        {
            int number => number,
            double number when Math.Abs(number) < 7.9e28 => (decimal)number,
            // Infinity, double.MaxValue and their like: no bound.
            double => null,
            string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
                number,
            _ => throw new UnusableCodeException($"has a [Range] with the bound '{value}', which is not a number"),
        };

    private static ImmutableArray<JsonElement> Values(CustomAttributeData attribute) =>
        Argument(attribute, 0) is IReadOnlyCollection<CustomAttributeTypedArgument> values
            ? [.. values.Select(value => new PlainJson().ToElement(Value(value), int.MaxValue))]
            : [];

    private static object? Argument(CustomAttributeData attribute, int index) =>
        attribute.ConstructorArguments[index].Value;

    private static object? Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value;

    // The metadata has the number behind an enumeration's value; its name is what clients say.
    private static object? Value(CustomAttributeTypedArgument argument) =>
        argument.Value is { } value && argument.ArgumentType.IsEnum
            ? Enum.ToObject(argument.ArgumentType, value)
            : argument.Value;

    private static string Short(Type type) =>
        type.Name.EndsWith("Attribute", StringComparison.Ordinal) ? type.Name[..^"Attribute".Length] : type.Name;
}
