using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>The tasks that are not final: running ones first, then in the order in which they would start.</summary>
/// <param name="Active">At most <see cref="WireLimits.ActiveRows"/>.</param>
/// <param name="More">How many more there are.</param>
public sealed record ActiveAnswer(
    IReadOnlyList<ActiveRow> Active,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int More = 0
) : Answer;
