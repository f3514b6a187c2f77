using AptTask.Protocol;
using Spectre.Console;

namespace AptTask.Cli.Views;

/// <summary>A bar that follows a task on a terminal.</summary>
internal static class ProgressBar
{
    /// <summary>Shows what is reported until the end is known.</summary>
    /// <param name="console">Where.</param>
    /// <param name="title">What stands before the first message.</param>
    /// <param name="reports">The task's events.</param>
    /// <param name="end">Done when the task is final; what it comes to is not looked at here.</param>
    public static Task FollowAsync(IAnsiConsole console, string title, IAsyncEnumerable<Reply> reports, Task end) =>
        console
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn()
            )
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(TerminalText.Line(title)), maxValue: 1);
                bar.IsIndeterminate = true;
                var watching = WatchAsync(bar, title, reports);
                // A watch that fails takes nothing away: the end is what counts.
                await Task.WhenAny(end, Task.WhenAll(watching, end));
            });

    private static async Task WatchAsync(ProgressTask bar, string title, IAsyncEnumerable<Reply> reports)
    {
        await foreach (var reply in reports)
        {
            if (reply.Event is null || reply.ToEvent() is not ReportEvent report)
                continue;
            if (report.Progress is { } progress)
                (bar.IsIndeterminate, bar.Value) = (false, progress);
            bar.Description = Markup.Escape(TerminalText.Line(report.Message ?? title));
        }
    }
}
