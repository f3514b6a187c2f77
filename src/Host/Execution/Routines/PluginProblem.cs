namespace AptTask.Host.Execution.Routines;

/// <summary>Why a plugin, one of its routines or an entry of the whitelist is kept out. Never a reason for the daemon to stop.</summary>
/// <param name="Origin">Who: <c>plugin files</c>, <c>whitelist.toml:12 [[function]] round</c>.</param>
/// <param name="Message">What is wrong, and what to do about it.</param>
internal sealed record PluginProblem(string Origin, string Message);
