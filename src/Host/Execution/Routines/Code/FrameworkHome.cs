using System.Diagnostics.CodeAnalysis;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>The framework's own code: always there.</summary>
internal sealed class FrameworkHome(RoutineCode only) : ICodeHome
{
    /// <inheritdoc/>
    public string Title => "the framework";

    /// <inheritdoc/>
    public bool TryEnter(int index, [NotNullWhen(true)] out RoutineCode? code)
    {
        code = only;
        return true;
    }

    /// <inheritdoc/>
    public void Leave() { }

    /// <inheritdoc/>
    public void Abandon() { }

    /// <inheritdoc/>
    public void Return() { }
}
