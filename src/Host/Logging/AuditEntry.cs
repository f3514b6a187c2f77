using System.Text.Json;

namespace AptTask.Host.Logging;

/// <summary>Who asked for what, and what came of it. The writer of the entry has masked secrets in the arguments already.</summary>
/// <param name="Action">What was asked: the name of a request, or <c>end</c> for the end of a task.</param>
/// <param name="Decision"><c>allowed</c>, or the error code.</param>
internal sealed record AuditEntry(string Action, string Decision)
{
    /// <summary>The decision of an entry for something that was let through.</summary>
    public const string Allowed = "allowed";

    /// <summary>Where the request came from: an address, <c>unix uid 1000</c>, <c>stdin</c>, <c>schedule nightly</c>.</summary>
    public string? Peer { get; init; }

    /// <summary>The id of the key, never the key.</summary>
    public string? Key { get; init; }

    /// <summary>The group it was asked for.</summary>
    public string? Group { get; init; }

    /// <summary>The routine.</summary>
    public string? Routine { get; init; }

    /// <summary>Its arguments, secrets masked.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>The task.</summary>
    public long? Taskid { get; init; }

    /// <summary>The client's name for the task.</summary>
    public string? Jobid { get; init; }

    /// <summary>Why it was refused, or how the task ended.</summary>
    public string? Reason { get; init; }
}
