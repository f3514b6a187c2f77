namespace AptTask.Host.Engine;

/// <summary>What a sender asked for does not exist; thrown before anything changed, told to the sender only.</summary>
internal sealed class LetterException(LetterFault fault) : Exception(fault.ToString())
{
    /// <summary>What is wrong.</summary>
    public LetterFault Fault { get; } = fault;
}
