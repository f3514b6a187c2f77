using AptTask.Protocol;

namespace AptTask.Host.Requests;

/// <summary>What a request is answered with: an answer or an error.</summary>
internal readonly record struct Response
{
    private Response(Answer? answer, WireError? error)
    {
        Answer = answer;
        Error = error;
    }

    /// <summary>The answer, or null for an error.</summary>
    public Answer? Answer { get; }

    /// <summary>The error, or null for an answer.</summary>
    public WireError? Error { get; }

    public static Response Of(Answer answer) => new(answer, null);

    public static Response Of(WireError error) => new(null, error);
}
