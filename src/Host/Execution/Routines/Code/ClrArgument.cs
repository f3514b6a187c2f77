using System.Text.Json;
using AptTask.Host.Execution.Routines.Arguments;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>An argument and how the code gets it.</summary>
/// <param name="Declared">What clients see.</param>
/// <param name="Value">How it is read.</param>
/// <param name="Nothing">What the code gets when it is not given; parameters only.</param>
internal sealed record ClrArgument(Argument Declared, ClrValue Value, object? Nothing)
{
    /// <summary>Takes the value out of bound arguments.</summary>
    /// <returns>False when it is not given.</returns>
    public bool TryRead(JsonElement arguments, out object? value)
    {
        if (!arguments.TryGetProperty(Declared.Name, out var given))
        {
            value = Nothing;
            return false;
        }
        value = Value.ReadAny(given);
        return true;
    }
}
