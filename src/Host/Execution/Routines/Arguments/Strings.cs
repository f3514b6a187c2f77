using System.Text.Json;

namespace AptTask.Host.Execution.Routines.Arguments;

/// <summary>Strings of JSON that may hold half a surrogate pair, which only shows when they are read.</summary>
internal static class Strings
{
    /// <summary>The string; null for any other value and for one that is not well-formed Unicode.</summary>
    public static string? TryGet(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The name; null for one that is not well-formed Unicode.</summary>
    public static string? TryGetName(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
