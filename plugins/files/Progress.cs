using AptTask.Plugin;

namespace Files;

/// <summary>Reports progress by bytes, each full percent once.</summary>
internal sealed class Progress(RoutineContext context, long all)
{
    private long _done;
    private long _said = -1;

    public void Add(long bytes, string path)
    {
        _done += bytes;
        var percent = all <= 0 ? 0 : Math.Min(100, _done * 100 / all);
        if (percent == _said)
            return;
        _said = percent;
        context.Report(percent / 100.0, Path.GetFileName(path));
    }
}
