using System.Collections.Immutable;

namespace AptTask.Host.Execution.Commands;

/// <summary>A program and its arguments as the whitelist allowed them. Never a line for a shell to take apart.</summary>
/// <param name="Program">Its absolute path.</param>
/// <param name="Arguments">One token each.</param>
/// <param name="StandardInput">What it reads; empty for nothing.</param>
internal sealed record CommandLine(
    string Program,
    ImmutableArray<string> Arguments,
    ReadOnlyMemory<byte> StandardInput
);
