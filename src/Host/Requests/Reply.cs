using AptTask.Protocol;

namespace AptTask.Host.Requests;

/// <summary>What a request is answered with: an answer or an error.</summary>
internal readonly record struct Reply
{
    private Reply(Answer? answer, WireError? error)
    {
        Answer = answer;
        Error = error;
    }

    /// <summary>The answer, or null for an error.</summary>
    public Answer? Answer { get; }

    /// <summary>The error, or null for an answer.</summary>
    public WireError? Error { get; }

    public static Reply Of(Answer answer) => new(answer, null);

    public static Reply Of(WireError error) => new(null, error);
}
