using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AptTask.Plugin;

namespace PluginName;

/// <summary>A routine written as a function: what it returns is the result.</summary>
public static class Hello
{
    /// <summary>Greets somebody.</summary>
    [Routine("plugin-name.hello", Idempotent = true), Description("Greets somebody.")]
    public static string Say(
        [Description("Whom to greet.")] [StringLength(80, MinimumLength = 1)] string name,
        RoutineContext context
    )
    {
        context.Log($"Greeting {name}.");
        return $"Hello, {name}!";
    }
}
