using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AptTask.Host.Configuration;

namespace AptTask.Host.Logging;

/// <summary>
/// Who did what, one JSON object a line, in a file that only the daemon's user can read. An entry is in the file when
/// <see cref="Write"/> returns; if it throws, what the entry is about must not be done. It is not the daemon's log and has no
/// levels; it does not roll by itself: move it away and call <see cref="Reopen"/>.
/// </summary>
internal sealed class AuditLog : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _line = new(512);
    private FileStream? _file;

    // A line that was not written whole, by an earlier run or on a full disk. The next one must not go on where it ended.
    private bool _torn;

    /// <summary>Opens the file, or makes a log that keeps nothing if the options name none.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public AuditLog(AuditOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        Open_NeedsLock();
    }

    /// <summary>Adds an entry, with the time.</summary>
    /// <exception cref="IOException">The entry could not be written.</exception>
    public void Write(AuditEntry entry)
    {
        lock (_lock)
        {
            if (_file is null)
                return;

            Format_NeedsLock(entry);
            var wasTorn = _torn;
            _torn = true;
            if (wasTorn)
                _file.WriteByte((byte)'\n');
            _file.Write(_line.WrittenSpan);
            if (_options.Sync)
                _file.Flush(flushToDisk: true);
            _torn = false;
        }
    }

    /// <summary>Goes on in the file of the configured name, which is a new one after the old was moved away.</summary>
    public void Reopen()
    {
        lock (_lock)
        {
            _file?.Dispose();
            Open_NeedsLock();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void Format_NeedsLock(AuditEntry entry)
    {
        _line.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_line);
        json.WriteStartObject();
        json.WriteString(
            "at",
            _time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
        );
        foreach (var member in JsonSerializer.SerializeToElement(entry, AuditJson.Default.AuditEntry).EnumerateObject())
            member.WriteTo(json);
        json.WriteEndObject();
        json.Flush();
        _line.Write("\n"u8);
    }

    private void Open_NeedsLock()
    {
        if (_options.File is not { } path)
            return;
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);

        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        _file = new FileStream(path, options);
        // The mode above holds for a new file only.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_file.SafeFileHandle, OwnerOnly);
        _torn = !EndsWithALine(_file);
    }

    private static bool EndsWithALine(FileStream file)
    {
        file.Seek(0, SeekOrigin.End);
        if (file.Length == 0)
            return true;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }
}
