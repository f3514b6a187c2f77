using System.Text.RegularExpressions;

namespace AptTask.Architecture.Tests;

/// <summary>The sources keep the bans of the house, and each ban is shown to bite.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void No_catch_swallows_without_a_word() => AssertNone(SourceFile.OfProduct, Bans.SilentCatches);

    [Fact]
    public void No_type_has_a_name_that_fits_anything() =>
        AssertNone([.. SourceFile.OfProduct, .. SourceFile.OfTests], Bans.EmptyTypeNames);

    [Fact]
    public void Nothing_unfinished_is_left_in_the_sources() => AssertNone(SourceFile.OfProduct, Bans.UnfinishedWork);

    [Fact]
    public void No_source_is_folded_into_regions() =>
        AssertNone([.. SourceFile.OfProduct, .. SourceFile.OfTests], Bans.Regions);

    [Fact]
    public void No_method_runs_on_unwatched() =>
        AssertNone([.. SourceFile.OfProduct, .. SourceFile.OfTests], Bans.AsyncVoid);

    [Fact]
    public void No_test_waits_for_a_time() =>
        AssertNone(
            // The fixtures are programs that tests run, and one of them has to know how to sleep.
            SourceFile.OfTests.Where(file => !file.Path.StartsWith("tests/Fixtures/", StringComparison.Ordinal)),
            Bans.WaitsForATime
        );

    [Fact]
    public void Every_document_that_a_comment_names_exists() =>
        AssertNone([.. SourceFile.OfProduct, .. SourceFile.OfTests], Bans.LostDocuments);

    [Theory]
    [InlineData("try { F(); } catch { }")]
    [InlineData("try { F(); } catch (IOException) { }")]
    [InlineData("try { F(); } catch (Exception) { G(); }")]
    [InlineData("try { F(); } catch (Exception e) { Log(e); }")]
    public void A_catch_that_swallows_in_silence_is_found(string statement) =>
        Assert.NotEmpty(Bans.SilentCatches(SourceFile.Parse(statement)));

    [Theory]
    [InlineData("try { F(); } catch (IOException) { /* It is gone already, which is what was wanted. */ }")]
    [InlineData("try { F(); } catch (Exception) { G(); throw; }")]
    [InlineData("try { F(); } catch (IOException e) { return e.Message; }")]
    [InlineData("try { F(); } catch (Exception e) when (e is IOException) { G(); }")]
    public void A_catch_that_gives_its_reason_is_left_alone(string statement) =>
        Assert.Empty(Bans.SilentCatches(SourceFile.Parse(statement)));

    [Fact]
    public void The_other_bans_bite_too()
    {
        Assert.NotEmpty(Bans.EmptyTypeNames(SourceFile.Parse("class TaskManager;")));
        Assert.NotEmpty(Bans.UnfinishedWork(SourceFile.Parse("// TO" + "DO later")));
        Assert.NotEmpty(Bans.UnfinishedWork(SourceFile.Parse("throw new NotImplementedException();")));
        Assert.NotEmpty(Bans.Regions(SourceFile.Parse("#region More\n#endregion")));
        Assert.NotEmpty(Bans.AsyncVoid(SourceFile.Parse("class C { async void F() { } }")));
        Assert.NotEmpty(Bans.WaitsForATime(SourceFile.Parse("Thread.Sleep(200);")));
        Assert.NotEmpty(Bans.LostDocuments(SourceFile.Parse("// See docs/" + "nowhere.md.")));
    }

    [Fact]
    public void Only_the_client_the_verbs_and_the_standard_door_speak_to_the_console() =>
        Complaints.AssertNone(
            Users("System.Console").Where(room => room is not ("Host" or "Host.Endpoints" or "Host.Logging" or "Cli"))
        );

    [Fact]
    public void Only_execution_starts_processes() =>
        Complaints.AssertNone(
            Users("System.Diagnostics.Process", "System.Diagnostics.ProcessStartInfo", "CliWrap.Cli")
                .Where(room => !room.StartsWith("Host.Execution", StringComparison.Ordinal))
        );

    [Fact]
    public void Only_the_store_speaks_to_the_database() =>
        Complaints.AssertNone(Users("Microsoft.Data.Sqlite.SqliteConnection").Where(room => room != "Host.Store"));

    [Fact]
    public void No_class_is_left_open_that_nothing_inherits()
    {
        var types = Product.Assemblies.SelectMany(module => module.GetTypes()).ToList();
        var inherited = types
            .Select(type => type.BaseType?.GetElementType().FullName)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);

        Complaints.AssertNone(
            types
                .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false })
                .Where(type =>
                    type.Namespace.StartsWith("AptTask.", StringComparison.Ordinal)
                    && !inherited.Contains(type.FullName)
                )
                .Select(type => type.FullName)
        );
    }

    [Fact]
    public void No_file_names_a_place_of_one_machine() =>
        Complaints.AssertNone(
            Repository
                .Files.Where(file =>
                    !Binary().IsMatch(file) && !file.EndsWith("packages.lock.json", StringComparison.Ordinal)
                )
                .SelectMany(file =>
                    PlaceOfOneMachine().Matches(Repository.Read(file)).Select(match => $"{file}: {match.Value}")
                )
        );

    [Theory]
    [InlineData("test.sh")]
    [InlineData(".ci/run")]
    public void The_scripts_stop_at_the_first_mistake_and_can_be_run(string script)
    {
        Assert.Contains("set -euo pipefail", Repository.Read(script), StringComparison.Ordinal);
        Assert.True(
            OperatingSystem.IsWindows()
                || File.GetUnixFileMode(Path.Combine(Repository.Root, script)).HasFlag(UnixFileMode.UserExecute)
        );
    }

    private static void AssertNone(IEnumerable<SourceFile> files, Func<SourceFile, IEnumerable<string>> ban) =>
        Complaints.AssertNone(files.SelectMany(ban));

    /// <summary>The rooms whose code uses one of the types.</summary>
    private static IEnumerable<string> Users(params string[] types) =>
        new Arrows(RoomTable.Read()).UsesOf(types).Select(use => use.From).Distinct(StringComparer.Ordinal);

    [GeneratedRegex(
        @"(?<![\w.])/(home|Users|root|work|farm)/\w+|\bC:\\Users\\\w+",
        RegexOptions.ExplicitCapture,
        5_000
    )]
    private static partial Regex PlaceOfOneMachine();

    [GeneratedRegex(@"\.(png|jpg|ico|db|dll|so|gz|zip|woff2?)$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Binary();
}
