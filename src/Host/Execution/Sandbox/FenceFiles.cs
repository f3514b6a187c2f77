using System.Globalization;
using System.Text;
using Tmds.Linux;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>
/// The daemon's folder for the files that starts of fences open: mode 0700, gone with the daemon, and swept by the next one
/// if this one is killed. Nothing of it can be seen inside a fence by a path.
/// </summary>
internal sealed class FenceFiles
{
    private const string Prefix = "aptask-fences-";

    private static readonly Lazy<FenceFiles> Instance = new(() => new FenceFiles(Parent()));

    private readonly Lock _gate = new();
    private readonly string _folder;
    private long _starts;

    private FenceFiles(string parent)
    {
        Sweep(parent);
        _folder = Path.Combine(parent, Prefix + Environment.ProcessId + "-" + Spawner.OfThisProcess.Owner);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove();
    }

    /// <summary>Those of this process.</summary>
    public static FenceFiles OfThisProcess => Instance.Value;

    /// <summary>The files of one start of a fence with namespaces. The status is a new one; <see cref="Drop"/> removes it.</summary>
    public FenceStart Prepare(FenceRequest request)
    {
        var calls =
            Syscalls.OfThisMachine
            ?? throw new PlatformNotSupportedException("No system calls are known for this processor.");
        lock (_gate)
        {
            // Looked for each time: folders of short-lived files are tidied up by others.
            if (!Directory.Exists(_folder))
                Directory.CreateDirectory(
                    _folder,
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                );
            var (name, uid, gid) = Whom(request);
            var start = new FenceStart
            {
                Status = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"status-{++_starts}")),
                Filter = Keep_NeedsLock("filter", () => SyscallFilter.Build(calls)),
                Users = Keep_NeedsLock($"users-{uid}-{gid}", () => Encoding.UTF8.GetBytes(Users(name, uid, gid))),
                UserGroups = Keep_NeedsLock($"groups-{gid}", () => Encoding.UTF8.GetBytes(Groups(name, gid))),
            };
            Write(start.Status, []);
            return start;
        }
    }

    /// <summary>Removes the status of a start that is over.</summary>
    public static void Drop(FenceStart start)
    {
        if (start.Status is { } status)
            File.Delete(status);
    }

    private string Keep_NeedsLock(string name, Func<byte[]> content)
    {
        var path = Path.Combine(_folder, name);
        if (!File.Exists(path))
            Write(path, content());
        return path;
    }

    private static (string Name, uint Uid, uint Gid) Whom(FenceRequest request) =>
        request.User is { } user
            ? (user.Name, user.Uid, user.Gid)
            : (
                Environment.UserName is { Length: > 0 } known ? known : "aptask",
                (uint)LibC.geteuid(),
                (uint)LibC.getegid()
            );

    // The user itself, and whoever owns files and is not known inside.
    private static string Users(string name, uint uid, uint gid) =>
        $"{name}:x:{uid}:{gid}::/work:/usr/sbin/nologin\n"
        + (uid == 65534 ? "" : "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n");

    private static string Groups(string name, uint gid) =>
        gid == 65534 ? "nogroup:x:65534:\n" : $"{name}:x:{gid}:\nnogroup:x:65534:\n";

    private static void Write(string path, byte[] content)
    {
        using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        file.Write(content);
    }

    private static string Parent()
    {
        string?[] places =
        [
            Environment.GetEnvironmentVariable("RUNTIME_DIRECTORY"),
            Environment.IsPrivilegedProcess ? "/run" : Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"),
        ];
        return Array.Find(places, place => place is not null && Directory.Exists(place)) ?? Path.GetTempPath();
    }

    private static void Sweep(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            var pid = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (File.Exists($"/proc/{pid}/stat"))
                continue;
            Delete(folder);
        }
    }

    private void Remove()
    {
        if (Directory.Exists(_folder))
            Delete(_folder);
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception other) when (other is IOException or UnauthorizedAccessException)
        {
            // Another user's, or another daemon is sweeping too. It is small and private; the next start tries again.
        }
    }
}
