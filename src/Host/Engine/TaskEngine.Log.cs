namespace AptTask.Host.Engine;

/// <content>What the engine says of itself.</content>
internal sealed partial class TaskEngine
{
    private readonly ILogger<TaskEngine> _log;

    [LoggerMessage(1001, LogLevel.Information, "Took in {Count} tasks from the store.")]
    private partial void LogRestored(int count);

    [LoggerMessage(1002, LogLevel.Critical, "The engine cannot go on; nothing more is accepted.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(1003, LogLevel.Warning, "Attempts are still running after the grace of the shutdown.")]
    private partial void LogStillRunning();

    [LoggerMessage(1004, LogLevel.Warning, "Something ended after the engine did; it will be found lost.")]
    private partial void LogUntold();
}
