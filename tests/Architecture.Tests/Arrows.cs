using Mono.Cecil;

namespace AptTask.Architecture.Tests;

/// <summary>One type of a room uses a type of another.</summary>
internal sealed record Arrow(string From, string To, string Where)
{
    public override string ToString() => $"{From} -> {To}, drawn by {Where}";
}

/// <summary>Finds the arrows that compiled code draws. Constants and <c>nameof</c> leave no trace in it and are not seen.</summary>
internal sealed class Arrows(RoomTable rooms)
{
    public IEnumerable<Arrow> Of(ModuleDefinition module)
    {
        var fallback = FallbackRoom(module);
        return from type in module.GetTypes()
            let room = RoomOf(type, fallback)
            where room is not null
            from used in TypesUsedBy(type)
            let other = RoomOf(used, module.Assembly.Name.Name == ScopeOf(used) ? fallback : null)
            where other is not null && other != room
            select new Arrow(room, other, type.FullName);
    }

    /// <summary>The uses of types from outside the house, by their full names.</summary>
    public IEnumerable<Arrow> UsesOf(IReadOnlyCollection<string> types) =>
        from module in Product.All
        let fallback = FallbackRoom(module)
        from type in module.GetTypes()
        let room = RoomOf(type, fallback)
        where room is not null
        from used in TypesUsedBy(type)
        where types.Contains(used.FullName)
        select new Arrow(room, used.FullName, type.FullName);

    // Top-level statements compile to a Program outside any namespace, and a plugin may use what namespaces it likes.
    private static string? FallbackRoom(ModuleDefinition module) =>
        Product.Plugins.Contains(module) ? RoomTable.PluginsRoom
        : module.EntryPoint is null ? null
        : module.Assembly.Name.Name == "aptaskd" ? "Host"
        : "Cli";

    private string? RoomOf(TypeReference type, string? fallback)
    {
        var outermost = type.GetElementType();
        while (outermost.DeclaringType is { } declaring)
            outermost = declaring;
        return outermost is { Name: "Program", Namespace: "" } || fallback == RoomTable.PluginsRoom
            ? fallback
            : rooms.RoomOf(outermost.Namespace);
    }

    private static string? ScopeOf(TypeReference type) =>
        type.Scope is ModuleDefinition own ? own.Assembly.Name.Name : type.Scope?.Name;

    private static IEnumerable<TypeReference> TypesUsedBy(TypeDefinition type)
    {
        List<TypeReference?> used = [type.BaseType];
        used.AddRange(type.Interfaces.Select(implemented => implemented.InterfaceType));
        used.AddRange(type.Fields.Select(field => field.FieldType));
        used.AddRange(type.CustomAttributes.SelectMany(TypesUsedBy));
        used.AddRange(type.Properties.SelectMany(property => property.CustomAttributes).SelectMany(TypesUsedBy));
        used.AddRange(type.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType));
        used.AddRange(type.Methods.SelectMany(TypesUsedBy));
        return used.OfType<TypeReference>().SelectMany(Unfold);
    }

    private static IEnumerable<TypeReference?> TypesUsedBy(MethodDefinition method)
    {
        yield return method.ReturnType;
        foreach (var type in method.Parameters.Select(parameter => parameter.ParameterType))
            yield return type;
        foreach (var type in method.CustomAttributes.SelectMany(TypesUsedBy))
            yield return type;
        foreach (var type in method.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType))
            yield return type;
        if (!method.HasBody)
            yield break;
        foreach (var type in method.Body.Variables.Select(variable => variable.VariableType))
            yield return type;
        foreach (var type in method.Body.ExceptionHandlers.Select(handler => handler.CatchType))
            yield return type;
        foreach (var type in method.Body.Instructions.SelectMany(instruction => TypesNamedBy(instruction.Operand)))
            yield return type;
    }

    private static IEnumerable<TypeReference?> TypesUsedBy(CustomAttribute attribute) =>
        attribute
            .ConstructorArguments.Select(argument => argument.Value as TypeReference)
            .Append(attribute.AttributeType);

    private static IEnumerable<TypeReference?> TypesNamedBy(object? operand) =>
        operand switch
        {
            TypeReference type => [type],
            GenericInstanceMethod generic => generic.GenericArguments.Append(generic.DeclaringType),
            MethodReference method => [method.DeclaringType, method.ReturnType],
            FieldReference field => [field.DeclaringType, field.FieldType],
            _ => [],
        };

    private static IEnumerable<TypeReference> Unfold(TypeReference type) =>
        type switch
        {
            GenericInstanceType generic => generic.GenericArguments.SelectMany(Unfold).Append(generic.ElementType),
            TypeSpecification wrapped => Unfold(wrapped.ElementType),
            _ => [type],
        };
}
