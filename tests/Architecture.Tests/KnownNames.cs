using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AptTask.Architecture.Tests;

/// <summary>
/// What a name in the documents can mean: a type or member of ours, a type of a package or of the framework, a namespace, a
/// room, a package, a project.
/// </summary>
internal static class KnownNames
{
    private static readonly HashSet<string> Types = new(StringComparer.Ordinal);
    private static readonly HashSet<string> Members = new(StringComparer.Ordinal);
    private static readonly HashSet<string> Namespaces = new(StringComparer.Ordinal);

    static KnownNames()
    {
        foreach (var path in AssemblyPaths())
            ReadAssembly(path);
    }

    public static bool Contains(string name)
    {
        if (
            Types.Contains(name)
            || Members.Contains(name)
            || Namespaces.Contains(name)
            || Repository.Packages.Contains(name)
        )
            return true;

        var parts = name.Split('.');
        return (parts.Length > 1 && Members.Contains($"{parts[^2]}.{parts[^1]}"))
            || RoomTable.Read().Rooms.Contains(name)
            || Repository.Files.Any(file =>
                Path.GetFileNameWithoutExtension(file) == name && file.EndsWith("proj", StringComparison.Ordinal)
            );
    }

    // The host hands a process the list of all assemblies that it may load: ours, the packages', the framework's.
    private static IEnumerable<string> AssemblyPaths() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll"))
            .Concat(
                Directory.EnumerateFiles(
                    Path.Combine(Repository.Root, "artifacts", "plugins"),
                    "*.dll",
                    SearchOption.AllDirectories
                )
            )
            .Distinct(StringComparer.Ordinal);

    private static void ReadAssembly(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (!file.HasMetadata)
            return;

        var reader = file.GetMetadataReader();
        foreach (var type in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
            ReadType(reader, type);
    }

    private static void ReadType(MetadataReader reader, TypeDefinition type)
    {
        var name = reader.GetString(type.Name).Split('`')[0];
        var space = reader.GetString(type.Namespace);
        Types.Add(name);
        for (var part = space; part.Length > 0; part = part.Contains('.') ? part[..part.LastIndexOf('.')] : "")
            Namespaces.Add(part);

        foreach (var nested in type.GetNestedTypes().Select(reader.GetTypeDefinition))
            Members.Add($"{name}.{reader.GetString(nested.Name).Split('`')[0]}");
        foreach (var method in type.GetMethods().Select(reader.GetMethodDefinition))
            Members.Add($"{name}.{reader.GetString(method.Name)}");
        foreach (var property in type.GetProperties().Select(reader.GetPropertyDefinition))
            Members.Add($"{name}.{reader.GetString(property.Name)}");
        foreach (var field in type.GetFields().Select(reader.GetFieldDefinition))
            Members.Add($"{name}.{reader.GetString(field.Name)}");
    }
}
