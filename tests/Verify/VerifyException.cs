namespace VerifyTests;

/// <summary>A text is not what its snapshot says, or has no snapshot yet.</summary>
public sealed class VerifyException : Exception
{
    internal VerifyException(string message)
        : base(message) { }
}
