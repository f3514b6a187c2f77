using Mono.Cecil;

namespace AptTask.Architecture.Tests;

/// <summary>The compiled assemblies that ship: those of <c>src</c> beside the tests, and the plugins in the drop folder.</summary>
internal static class Product
{
    public static IReadOnlyList<ModuleDefinition> Assemblies { get; } =
    [
        .. Projects("src")
            .Select(project => Path.Combine(AppContext.BaseDirectory, NameOf(project) + ".dll"))
            .Select(Load),
    ];

    public static IReadOnlyList<ModuleDefinition> Plugins { get; } =
    [
        .. Projects("plugins")
            .Select(NameOf)
            .Select(name => Path.Combine(Repository.Root, "artifacts", "plugins", name, name + ".dll"))
            .Select(Load),
    ];

    public static IEnumerable<ModuleDefinition> All => Assemblies.Concat(Plugins);

    public static ModuleDefinition Assembly(string name) =>
        Assemblies.Single(module => module.Assembly.Name.Name == name);

    /// <summary>Every string that the code of an assembly mentions.</summary>
    public static IReadOnlySet<string> StringsOf(ModuleDefinition module) =>
        module
            .GetTypes()
            .SelectMany(type => type.Methods)
            .Where(method => method.HasBody)
            .SelectMany(method => method.Body.Instructions)
            .Select(instruction => instruction.Operand)
            .OfType<string>()
            .Concat(module.GetTypes().SelectMany(type => type.Fields).Select(field => field.Constant).OfType<string>())
            .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Projects(string folder) => Repository.FilesUnder(folder, ".csproj");

    private static string NameOf(string project) =>
        Repository.Property(project, "AssemblyName") ?? Path.GetFileNameWithoutExtension(project);

    private static ModuleDefinition Load(string path) =>
        File.Exists(path)
            ? ModuleDefinition.ReadModule(path)
            : throw new InvalidOperationException($"{path} has not been built: build the solution before its tests.");
}
