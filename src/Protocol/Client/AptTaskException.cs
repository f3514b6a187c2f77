using System.Collections.Immutable;

namespace AptTask.Protocol;

/// <summary>The daemon refused a request.</summary>
public sealed class AptTaskException : Exception
{
    /// <summary>Makes one from an error answer.</summary>
    public AptTaskException(WireError error)
        : base((error ?? throw new ArgumentNullException(nameof(error))).Message)
    {
        Code = error.Code;
        Details = error.Details;
    }

    /// <summary>One of <see cref="ErrorCodes"/>, or a newer one.</summary>
    public string Code { get; }

    /// <summary>Facts beside the code.</summary>
    public ImmutableArray<ErrorDetail> Details { get; }
}
