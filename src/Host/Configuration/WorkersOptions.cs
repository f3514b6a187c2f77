namespace AptTask.Host.Configuration;

/// <summary><c>[workers]</c>: processes that run plugin routines.</summary>
/// <param name="Count">How many idle ones each plugin keeps at most; the number of cores already stands here where the file says 0.</param>
/// <param name="RecycleAfter">A worker is replaced after so many tasks.</param>
/// <param name="Memory">A worker is replaced when it has grown beyond this, in bytes.</param>
/// <param name="Heartbeat">How often a worker says what it holds.</param>
/// <param name="StartTimeout">How long a worker may take until it is ready.</param>
/// <param name="Grace">How long a stopped routine may take before its worker is killed.</param>
/// <param name="MaxDeaths">So many workers of a plugin may die within a minute before the plugin is given a rest.</param>
/// <param name="Lease">After so long without a sign of the daemon a worker on another machine ends what it runs.</param>
internal sealed record WorkersOptions(
    int Count,
    int RecycleAfter,
    long Memory,
    TimeSpan Heartbeat,
    TimeSpan StartTimeout,
    TimeSpan Grace,
    int MaxDeaths,
    TimeSpan Lease
);
