using System.Globalization;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>Finds users in <c>/etc/passwd</c>. Users of directories elsewhere can be given by number.</summary>
internal static class UserTable
{
    private const string File = "/etc/passwd";

    /// <summary>The user of a name or number; null when there is none.</summary>
    public static Subject? Find(string user)
    {
        foreach (var line in System.IO.File.Exists(File) ? System.IO.File.ReadLines(File) : [])
        {
            var fields = line.Split(':');
            if (
                fields.Length >= 4
                && (fields[0] == user || fields[2] == user)
                && TryNumber(fields[2], out var uid)
                && TryNumber(fields[3], out var gid)
            )
                return new Subject(fields[0], uid, gid);
        }
        return TryNumber(user, out var number) ? new Subject(user, number, number) : null;
    }

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number != uint.MaxValue;
}
