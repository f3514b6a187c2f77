using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;

namespace AptTask.Host.Execution.Commands;

/// <summary>Describes a command's parameters to clients.</summary>
internal static class CommandParameters
{
    /// <summary>The parameters as <c>index</c> shows them.</summary>
    public static ImmutableArray<ParameterDescriptor> Describe(CommandEntry entry) =>
        [
            .. entry.Parameters.Select(parameter => new ParameterDescriptor(
                parameter.Name,
                TypeName(parameter),
                parameter.Default is null && parameter.From is null
            )
            {
                Default = parameter.Default,
                Help = parameter.Help,
                Limits = JsonElement.Parse(Limits(parameter).ToJsonString()),
                Secret = parameter.IsSecret,
            }),
        ];

    private static string TypeName(ParameterEntry parameter) => parameter.Type.ToString().ToLowerInvariant();

    private static JsonObject Limits(ParameterEntry parameter)
    {
        var limits = new JsonObject();
        if (parameter.Min is { } min)
            limits["min"] = min;
        if (parameter.Max is { } max)
            limits["max"] = max;
        if (parameter.Type == ParameterType.Decimal)
            limits["scale"] = parameter.Scale;
        if (!parameter.Values.IsEmpty)
            limits["values"] = new JsonArray([.. parameter.Values.Select(value => JsonValue.Create(value))]);
        if (parameter.Pattern is { } pattern)
            limits["pattern"] = pattern;
        if (parameter.MaxLength > 0)
            limits["max_len"] = parameter.MaxLength;
        if (parameter.Under is { } under)
            limits["under"] = under;
        if (parameter.MustExist)
            limits["must_exist"] = true;
        if (!parameter.Schemes.IsEmpty)
            limits["schemes"] = new JsonArray([.. parameter.Schemes.Select(scheme => JsonValue.Create(scheme))]);
        if (!parameter.Hosts.IsEmpty)
            limits["hosts"] = new JsonArray([.. parameter.Hosts.Select(host => JsonValue.Create(host))]);
        if (parameter.From is { } from)
            limits["from"] = from.Job;
        if (parameter.Of is { } of)
        {
            var items = Limits(of);
            items["type"] = TypeName(of);
            limits["of"] = items;
            limits["max_items"] = parameter.MaxItems;
        }
        return limits;
    }
}
