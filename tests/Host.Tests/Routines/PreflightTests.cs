using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;

namespace AptTask.Host.Tests.Routines;

public sealed class PreflightTests : IDisposable
{
    private readonly DropFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "bad.dll is empty.")]
    [InlineData("not a program", "bad.dll is not a .NET assembly, or is damaged")]
    [InlineData("\u007fELF\u0002\u0001\u0001", "bad.dll is not a .NET assembly, or is damaged")]
    public void A_file_that_is_no_assembly_is_kept_out(string content, string message)
    {
        _folder.DropFile("bad", Encoding.Latin1.GetBytes(content));
        Assert.StartsWith(message, ProblemOf("bad"));
    }

    [Fact]
    public void Half_an_assembly_is_kept_out()
    {
        var whole = Assembly();
        _folder.DropFile("bad", whole[..(whole.Length / 2)]);
        Assert.StartsWith("bad.dll is not a .NET assembly, or is damaged", ProblemOf("bad"));
    }

    [Fact]
    public void A_folder_without_its_main_assembly_is_kept_out()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Folder, "empty"));
        Assert.Contains("has no empty.dll. The main assembly is named like the folder.", ProblemOf("empty"));
    }

    [Fact]
    public void A_plugin_without_one_of_its_dependencies_is_kept_out_before_anything_runs()
    {
        File.Delete(Path.Combine(_folder.Drop("UsesOne"), "Dependency.dll"));
        Assert.StartsWith(
            "uses.dll needs Dependency.dll, version 1.0.0.0, which is not in its folder.",
            ProblemOf("uses")
        );
    }

    [Fact]
    public void A_plugin_that_is_built_against_a_newer_contract_is_kept_out()
    {
        DropWithReference("AptTask.Plugin", major: 2);
        Assert.StartsWith(
            "Sampler.dll is built against version 2.0.0.0 of AptTask.Plugin; this daemon has 1.0.0.0.",
            ProblemOf("Sampler")
        );
    }

    [Fact]
    public void A_plugin_that_uses_what_the_contract_does_not_have_is_kept_out()
    {
        var file = Path.Combine(_folder.Drop("Sampler"), "Sampler.dll");
        var bytes = File.ReadAllBytes(file);
        // The name of a member of the contract, as it stands in the string heap.
        var at = bytes.AsSpan().IndexOf("\0get_AttemptToken\0"u8);
        "get_AttemptTokex"u8.CopyTo(bytes.AsSpan(at + 1));
        File.WriteAllBytes(file, bytes);

        Assert.StartsWith(
            "Sampler.dll uses AptTask.Plugin.RoutineContext.get_AttemptTokex, which the contract of this daemon does not have.",
            ProblemOf("Sampler")
        );
    }

    [Fact]
    public void A_plugin_for_a_newer_framework_is_kept_out()
    {
        var file = Path.Combine(_folder.Drop("Sampler"), "Sampler.dll");
        var bytes = File.ReadAllBytes(file);
        var at = bytes.AsSpan().IndexOf(".NETCoreApp,Version=v10.0"u8);
        ".NETCoreApp,Version=v11.0"u8.CopyTo(bytes.AsSpan(at));
        File.WriteAllBytes(file, bytes);

        Assert.Equal(
            "Sampler.dll is built for .NET 11.0; this daemon runs on .NET 10. Build it for net10.0.",
            ProblemOf("Sampler")
        );
    }

    [Fact]
    public void A_plugin_that_refers_to_a_newer_framework_is_kept_out()
    {
        DropWithReference("System.Runtime", major: 11);
        Assert.Equal("Sampler.dll needs .NET 11; this daemon runs on .NET 10.", ProblemOf("Sampler"));
    }

    [Fact]
    public void A_plugin_for_32_bits_only_is_kept_out()
    {
        var file = Path.Combine(_folder.Drop("Sampler"), "Sampler.dll");
        var bytes = File.ReadAllBytes(file);
        using (var image = new PEReader(new MemoryStream(bytes)))
        {
            // The flags come after the size, the version and the place of the metadata.
            var flags = image.PEHeaders.CorHeaderStartOffset + 16;
            bytes[flags] |= (byte)CorFlags.Requires32Bit;
        }
        File.WriteAllBytes(file, bytes);
        Assert.Equal("Sampler.dll is built for x86 only. Build it as any CPU.", ProblemOf("Sampler"));
    }

    [Fact]
    public void A_plugin_without_routines_is_named()
    {
        _folder.Drop("NoRoutine");
        Assert.StartsWith("It has no routine:", ProblemOf("NoRoutine"));
    }

    [Fact]
    public async Task What_cannot_be_offered_is_named_and_stops_nothing_else()
    {
        _folder.Drop("Awkward");
        _folder.DropFile("bad", [1, 2, 3]);
        var set = _folder.Load();

        Assert.Equal("1", await _folder.DataOfAsync("awkward.good"));
        Assert.Single(set.Routines);
        Assert.Equal(
            [
                "Awkward.Abstract is not a public class derived from AptTask.Plugin.Routine, or is abstract or generic.",
                "Awkward.NoConstructor has no public constructor without parameters.",
                "Awkward.NoRoutine is not a public class derived from AptTask.Plugin.Routine, or is abstract or generic.",
                "Awkward.Shapes.BadName has the name 'bad name', which is not a name: a letter, then letters, digits, '.', '_' and '-', 64 at most.",
                "Awkward.Shapes.Generic is generic.",
                "Awkward.Shapes.Hidden is not a public static method of a public class.",
                "Awkward.Shapes.Itself has a parameter 'node' that has the type Node, which contains itself; take a JsonElement.",
                "Awkward.Shapes.Ref has a parameter 'value' that is ref, in or out.",
                "Awkward.Shapes.Span returns ReadOnlySpan`1, which cannot be written as JSON.",
                "Awkward.Shapes.TakesAStream has a parameter 'stream' that has the type Stream, which cannot be made from JSON.",
                "Awkward.Shapes.Unchecked has a parameter 'card' that has [CreditCard], which would not be checked; checked are [Required], [Range], [RegularExpression], [AllowedValues], [StringLength], [MinLength], [MaxLength], [Length].",
                "The name 'awkward.twin' stands on 2 routines; none of them is offered.",
            ],
            set.Problems.Where(problem => problem.Origin == "plugin Awkward")
                .Select(problem => problem.Message)
                .Order(StringComparer.Ordinal)
        );
    }

    private string ProblemOf(string plugin) =>
        Assert.Single(_folder.Load().Problems, problem => problem.Origin == $"plugin {plugin}").Message;

    private static byte[] Assembly() => File.ReadAllBytes(Path.Combine(DropFolder.OutputOf("Sampler"), "Sampler.dll"));

    /// <summary>The assembly with another version in one of its references.</summary>
    private void DropWithReference(string name, byte major)
    {
        var file = Path.Combine(_folder.Drop("Sampler"), "Sampler.dll");
        var bytes = File.ReadAllBytes(file);
        using (var image = new PEReader(new MemoryStream(bytes)))
        {
            var reader = image.GetMetadataReader();
            var handle = reader.AssemblyReferences.Single(reference =>
                reader.GetString(reader.GetAssemblyReference(reference).Name) == name
            );
            var row = MetadataTokens.GetRowNumber(handle) - 1;
            var table = image.PEHeaders.MetadataStartOffset + reader.GetTableMetadataOffset(TableIndex.AssemblyRef);
            bytes[table + (row * reader.GetTableRowSize(TableIndex.AssemblyRef))] = major;
        }
        File.WriteAllBytes(file, bytes);
    }
}
