using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Versioning;
using AptTask.Plugin;

namespace AptTask.Host.Execution.Routines.Loading;

/// <summary>Looks at a plugin's metadata before anything of it is loaded, and says why it could not work.</summary>
internal static class Preflight
{
    private static readonly AssemblyName Contract = typeof(RoutineContext).Assembly.GetName();

    private static readonly Version Runtime = typeof(object).Assembly.GetName().Version!;

    private static readonly Lazy<HashSet<string>> Framework = new(FrameworkAssemblies);

    /// <summary>Null when nothing speaks against loading it.</summary>
    /// <param name="files">The copy.</param>
    /// <param name="needsContract">Whether it has to refer to the contract; a module of plain functions need not.</param>
    public static string? Check(PluginFiles files, bool needsContract = false)
    {
        if (!File.Exists(files.MainAssembly))
            return $"The folder {files.Source} has no {files.Name}.dll. The main assembly is named like the folder.";
        try
        {
            using var stream = File.OpenRead(files.MainAssembly);
            if (stream.Length == 0)
                return $"{files.Name}.dll is empty.";
            using var image = new PEReader(stream);
            if (!image.HasMetadata || image.PEHeaders.CorHeader is not { } header)
                return $"{files.Name}.dll is not a .NET assembly.";
            return CheckMachine(files, image.PEHeaders, header)
                ?? CheckMetadata(files, image.GetMetadataReader(), needsContract);
        }
        catch (Exception broken)
            when (broken is BadImageFormatException or IOException or InvalidOperationException or OverflowException)
        {
            return $"{files.Name}.dll is not a .NET assembly, or is damaged: {broken.Message}";
        }
    }

    /// <summary>Whether an assembly of this simple name belongs to the framework.</summary>
    public static bool IsFramework(string name) => Framework.Value.Contains(name);

    private static string? CheckMachine(PluginFiles files, PEHeaders headers, CorHeader header)
    {
        if (!header.Flags.HasFlag(CorFlags.ILOnly) && !header.Flags.HasFlag(CorFlags.ILLibrary))
            return $"{files.Name}.dll holds native code of another platform. Build it as any CPU.";
        var x86Only = headers.CoffHeader.Machine == Machine.I386 && header.Flags.HasFlag(CorFlags.Requires32Bit);
        return x86Only && !header.Flags.HasFlag(CorFlags.Prefers32Bit)
            ? $"{files.Name}.dll is built for x86 only. Build it as any CPU."
            : null;
    }

    private static string? CheckMetadata(PluginFiles files, MetadataReader reader, bool needsContract)
    {
        if (!reader.IsAssembly)
            return $"{files.Name}.dll is a module without an assembly.";
        return CheckFramework(files, reader)
            ?? CheckReferences(files, reader, needsContract)
            ?? CheckContract(files, reader);
    }

    private static string? CheckFramework(PluginFiles files, MetadataReader reader)
    {
        if (TargetFramework(reader) is not { } target)
            return null;
        FrameworkName framework;
        try
        {
            framework = new FrameworkName(target);
        }
        catch (ArgumentException)
        {
            return $"{files.Name}.dll is built for '{target}', which is no framework name.";
        }
        return framework.Identifier switch
        {
            ".NETStandard" => null,
            ".NETCoreApp" when framework.Version.Major <= Runtime.Major => null,
            ".NETCoreApp" =>
                $"{files.Name}.dll is built for .NET {framework.Version}; this daemon runs on .NET {Runtime.Major}. Build it for net{Runtime.Major}.0.",
            _ =>
                $"{files.Name}.dll is built for {framework.Identifier} {framework.Version}. Build it for net{Runtime.Major}.0.",
        };
    }

    private static string? CheckReferences(PluginFiles files, MetadataReader reader, bool needsContract)
    {
        var refersToContract = false;
        foreach (var handle in reader.AssemblyReferences)
        {
            var reference = reader.GetAssemblyReference(handle);
            var name = reader.GetString(reference.Name);
            if (name == Contract.Name)
            {
                refersToContract = true;
                if (reference.Version > Contract.Version)
                {
                    return $"{files.Name}.dll is built against version {reference.Version} of {name}; this daemon has {Contract.Version}. Take an older AptTask.Plugin, or upgrade the daemon.";
                }
            }
            else if (Framework.Value.Contains(name))
            {
                if (name == "System.Runtime" && reference.Version.Major > Runtime.Major)
                    return $"{files.Name}.dll needs .NET {reference.Version.Major}; this daemon runs on .NET {Runtime.Major}.";
            }
            else if (!HasAssembly(files.Folder, name))
            {
                return $"{files.Name}.dll needs {name}.dll, version {reference.Version}, which is not in its folder. Publish the plugin, or build it with EnableDynamicLoading, and copy all files.";
            }
        }
        return needsContract && !refersToContract
            ? $"{files.Name}.dll does not refer to {Contract.Name}, so it has no routines."
            : null;
    }

    /// <summary>The version of the contract stays the same for all of 1.x, so what a newer one has is looked for by name.</summary>
    private static string? CheckContract(PluginFiles files, MetadataReader reader)
    {
        var contract = typeof(RoutineContext).Assembly;
        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference)
                continue;
            if (ContractTypeOf(reader, (TypeReferenceHandle)member.Parent) is not { } type)
                continue;
            var name = reader.GetString(member.Name);
            if (contract.GetType(type) is not { } found)
                return Missing(files, type);
            if (found.GetMember(name, MemberKinds).Length == 0)
                return Missing(files, $"{type}.{name}");
        }
        return reader
            .TypeReferences.Select(handle => ContractTypeOf(reader, handle))
            .OfType<string>()
            .Where(type => contract.GetType(type) is null)
            .Select(type => Missing(files, type))
            .FirstOrDefault();
    }

    private const BindingFlags MemberKinds =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.FlattenHierarchy;

    private static string Missing(PluginFiles files, string what) =>
        $"{files.Name}.dll uses {what}, which the contract of this daemon does not have. Take an older AptTask.Plugin, or upgrade the daemon.";

    private static string? ContractTypeOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        if (type.ResolutionScope.Kind != HandleKind.AssemblyReference)
            return null;
        var assembly = reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
        return reader.GetString(assembly.Name) == Contract.Name
            ? $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}"
            : null;
    }

    private static string? TargetFramework(MetadataReader reader)
    {
        foreach (var handle in reader.GetAssemblyDefinition().GetCustomAttributes())
        {
            var attribute = reader.GetCustomAttribute(handle);
            if (attribute.Constructor.Kind != HandleKind.MemberReference)
                continue;
            var parent = reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
            if (parent.Kind != HandleKind.TypeReference)
                continue;
            var type = reader.GetTypeReference((TypeReferenceHandle)parent);
            if (reader.GetString(type.Name) != nameof(TargetFrameworkAttribute))
                continue;
            var value = reader.GetBlobReader(attribute.Value);
            // Every custom attribute begins with this mark.
            return value.ReadUInt16() == 1 ? value.ReadSerializedString() : null;
        }
        return null;
    }

    private static bool HasAssembly(string folder, string name) =>
        Directory
            .EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories)
            .Any(file => Path.GetFileNameWithoutExtension(file).Equals(name, StringComparison.OrdinalIgnoreCase));

    // What lies beside the daemon is the daemon's own: a plugin that leaned on it would break with the next release.
    private static HashSet<string> FrameworkAssemblies()
    {
        var own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var trusted = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator);
        return trusted
            .Where(path => Path.GetDirectoryName(path) != own)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}
