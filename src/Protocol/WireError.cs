using System.Collections.Immutable;
using System.Text.Json;

namespace AptTask.Protocol;

/// <summary>Why a request is refused.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">For people: what is wrong, what is allowed, what to do next.</param>
public sealed record WireError(string Code, string Message)
{
    /// <summary>Facts for programs; they stand beside the code in the answer.</summary>
    public ImmutableArray<ErrorDetail> Details { get; init; } = [];

    /// <summary>The same error with one more fact.</summary>
    public WireError With(string name, string value) =>
        With(name, JsonSerializer.SerializeToElement(value, WireJson.Default.String));

    /// <inheritdoc cref="With(string, string)"/>
    public WireError With(string name, long value) =>
        With(name, JsonSerializer.SerializeToElement(value, WireJson.Default.Int64));

    /// <inheritdoc cref="With(string, string)"/>
    public WireError With(string name, double value) =>
        With(name, JsonSerializer.SerializeToElement(value, WireJson.Default.Double));

    /// <inheritdoc cref="With(string, string)"/>
    public WireError With(string name, IReadOnlyList<string> values) =>
        With(name, JsonSerializer.SerializeToElement(values, WireJson.Default.IReadOnlyListString));

    /// <inheritdoc cref="With(string, string)"/>
    public WireError With(string name, JsonElement value) =>
        this with
        {
            Details = Details.Add(new ErrorDetail(name, value)),
        };
}
