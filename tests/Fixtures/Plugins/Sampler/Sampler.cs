using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using AptTask.Plugin;

namespace Sampler;

public enum Corner
{
    TopLeft,
    BottomRight,
}

public sealed record Box([property: Range(1, 100)] [Range(1, 100)] int Width, string? Label = null);

public sealed class Settings
{
    public required string Title { get; set; }

    [JsonPropertyName("size")]
    public int HowLarge { get; set; } = 3;
}

public readonly record struct Answer(int MaxWidth, Corner Where, TimeSpan Took, string? Nothing);

[
    Routine("sampler.stepwise", Lane = "slow", Weight = 2, Concurrency = 3, TimeoutSeconds = 1.5, Idempotent = true),
    Description("A class.")
]
public sealed class Stepwise : Routine
{
    [Required]
    public string Second { get; set; } = "";

    [DefaultValue(4)]
    public int First { get; set; } = 4;

    public override ValueTask<Step> ProcessAsync(RoutineContext context, CancellationToken stop)
    {
        Result = new { Second, First };
        return new("done");
    }
}

public static class Sampler
{
    [Routine("sampler.scalars"), Description("Takes one of each.")]
    public static string Scalars(
        [Description("A word."), StringLength(5, MinimumLength = 2)] string text,
        [Range(1, 10)] int count = 3,
        [Range(0.5, double.PositiveInfinity, MinimumIsExclusive = true)] double ratio = 1,
        bool flag = false,
        Corner corner = Corner.BottomRight,
        int? maybe = null,
        [RegularExpression("[a-z]+")] string? pattern = null,
        [AllowedValues("red", "green")] string colour = "red",
        DateTimeOffset at = default,
        TimeSpan wait = default,
        Guid id = default,
        byte small = 7,
        ulong large = ulong.MaxValue,
        [Secret] string password = "",
        decimal price = 1.5m
    ) =>
        string.Join(
            '|',
            text,
            count,
            ratio,
            flag,
            corner,
            maybe,
            pattern,
            colour,
            wait,
            small,
            large,
            password.Length,
            price
        );

    [Routine("sampler.shapes")]
    public static string Shapes(
        int[] numbers,
        IReadOnlyList<Box> boxes,
        Dictionary<string, int> weights,
        Settings settings,
        HashSet<string>? names = null,
        [MaxLength(2)] List<string>? few = null,
        JsonElement anything = default
    ) =>
        $"{numbers.Sum()}|{string.Join(',', boxes)}|{weights.Sum(pair => pair.Value)}|{settings.Title}{settings.HowLarge}|{names?.Count}|{few?.Count}|{anything.ValueKind}";

    [Routine("sampler.answer")]
    public static async ValueTask<Answer> AnswerAsync(int maxWidth)
    {
        await Task.Yield();
        return new Answer(maxWidth, Corner.TopLeft, TimeSpan.FromSeconds(1.5), null);
    }

    [Routine("sampler.results")]
    public static object? Results(string kind) =>
        kind switch
        {
            "list" => new List<object?> { 1, "a", null, true, 2.5m, Corner.TopLeft },
            "map" => new Dictionary<Corner, int> { [Corner.TopLeft] = 1 },
            "readonly map" => new Dictionary<string, int> { ["aB"] = 1 }.AsReadOnly(),
            "tuple" => (1, "two"),
            "bytes" => new byte[] { 1, 2, 3 },
            "ip" => System.Net.IPAddress.Loopback,
            "json" => JsonDocument.Parse("{\"a\":[1]}"),
            "text" => "\u001b[31m\u2028\"",
            _ => null,
        };

    [Routine("sampler.context")]
    public static object Context(RoutineContext context)
    {
        File.WriteAllText(Path.Combine(context.ScratchFolder, "here.txt"), "x");
        context.Log("a line");
        return new
        {
            context.TaskId,
            context.Group,
            context.JobId,
            context.Attempt,
            context.AttemptToken,
            Posted = context.Post("numbers", new[] { 1, 2 }),
            Seen = context.DependencyResults.ToDictionary(pair => pair.Key, pair => pair.Value.Data),
        };
    }
}
