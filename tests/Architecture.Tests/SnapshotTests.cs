using VerifyTests;
using static VerifyXunit.Verifier;

namespace AptTask.Architecture.Tests;

/// <summary>The stand-in for Verify fails when it should; a comparison that always passes would go unseen.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aptask-snapshots-").FullName;

    private string Source => Path.Combine(_folder, "Sample.cs");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_text_without_a_snapshot_fails_and_is_laid_beside_the_test()
    {
        await Assert.ThrowsAsync<VerifyException>(() => Verify("new", "txt", null, Source).ToTask());

        Assert.Equal("new", await File.ReadAllTextAsync(PathOf("received.txt")));
    }

    [Fact]
    public async Task A_text_that_is_as_its_snapshot_passes_and_takes_the_received_one_away()
    {
        await File.WriteAllTextAsync(PathOf("verified.txt"), "same");
        await File.WriteAllTextAsync(PathOf("received.txt"), "other");

        await Verify("same", "txt", null, Source);

        Assert.False(File.Exists(PathOf("received.txt")));
    }

    [Fact]
    public async Task A_changed_text_fails_and_the_message_shows_the_difference()
    {
        await File.WriteAllTextAsync(PathOf("verified.txt"), "first\nsecond\n");

        var failure = await Assert.ThrowsAsync<VerifyException>(() =>
            Verify("first\nthird\n", "txt", null, Source).ToTask()
        );

        Assert.Contains("-second", failure.Message, StringComparison.Ordinal);
        Assert.Contains("+third", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guids_are_named_in_the_order_in_which_they_come()
    {
        await File.WriteAllTextAsync(PathOf("verified.txt"), "Guid_1 Guid_2 Guid_1");
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());

        await Verify($"{one} {two} {one}", "txt", null, Source).ScrubInlineGuids();
    }

    [Fact]
    public async Task Lines_that_change_each_time_can_be_left_out()
    {
        await File.WriteAllTextAsync(PathOf("verified.txt"), "kept");

        await Verify("took 3 ms\nkept", "txt", null, Source).ScrubLinesContaining("took ");
    }

    [Fact]
    public async Task Objects_and_json_are_compared_as_indented_json()
    {
        await File.WriteAllTextAsync(PathOf("verified.json"), "{\n  \"name\": \"x\"\n}");

        await VerifyJson("""{"name":"x"}""", null, Source);
        await Verify(new { name = "x" }, null, Source);
    }

    [Theory]
    [InlineData("a/b:c")]
    public async Task Arguments_become_part_of_the_name_without_what_file_names_cannot_hold(string value)
    {
        var name =
            $"SnapshotTests.{nameof(Arguments_become_part_of_the_name_without_what_file_names_cannot_hold)}_value=abc";
        await File.WriteAllTextAsync(Path.Combine(_folder, name + ".verified.txt"), value);

        await Verify(value, "txt", null, Source);
    }

    private string PathOf(string ending) =>
        Path.Combine(_folder, $"SnapshotTests.{TestContext.Current.TestMethod!.MethodName}.{ending}");
}
