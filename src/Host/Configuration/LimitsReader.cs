namespace AptTask.Host.Configuration;

/// <summary>Reads a table <c>limits</c>.</summary>
internal static class LimitsReader
{
    /// <summary>The limits; what is not said is taken from others.</summary>
    public static CommandLimits Read(Section section, CommandLimits otherwise)
    {
        const long most = 1L << 46;
        var limits = section.Table("limits");
        var read = new CommandLimits
        {
            Cpu = limits.Duration("cpu", TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)) ?? otherwise.Cpu,
            Memory = limits.Size("memory", 1024 * 1024, most) ?? otherwise.Memory,
            Processes = limits.Count("processes", 1, 1_000_000) ?? otherwise.Processes,
            Files = limits.Count("files", 8, 1_000_000) ?? otherwise.Files,
            FileSize = limits.Size("file_size", 0, most) ?? otherwise.FileSize,
        };
        limits.Close();
        return read;
    }
}
