using System.Numerics;
using System.Text;

namespace AptTask.Protocol;

/// <summary>The names of fields on the wire, found by their bytes.</summary>
internal static class FieldTable
{
    /// <summary>How many fields there are.</summary>
    public const int Count = (int)Field.When + 1;

    private static readonly string[] Names =
    [
        "id",
        "key",
        "request",
        "group",
        "name",
        "arguments",
        "jobid",
        "waitfor",
        "priority",
        "lane",
        "weight",
        "retry",
        "timeout_seconds",
        "not_before",
        "deadline",
        "unique",
        "keep",
        "on_full",
        "strict",
        "tasks",
        "taskid",
        "taskids",
        "jobids",
        "force",
        "state",
        "routine",
        "jobid_prefix",
        "created_after",
        "created_before",
        "limit",
        "cursor",
        "any",
        "from",
        "offset",
        "follow",
        "on",
        "worker",
        "older_than_seconds",
        "grace_seconds",
        "attempts",
        "backoff",
        "delay_seconds",
        "max_delay_seconds",
        "jitter",
        "job",
        "when",
    ];

    // No name is longer than this, and at most a handful share a length: a short list beats a hash of so few bytes.
    private static readonly (byte[] Name, Field Field)[][] ByLength = SortByLength();

    /// <summary>The name on the wire.</summary>
    public static string NameOf(Field field) => Names[(int)field];

    /// <summary>The field of that name, if there is one in any request.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out Field field)
    {
        if (name.Length < ByLength.Length)
        {
            foreach (var (candidate, found) in ByLength[name.Length])
            {
                if (name.SequenceEqual(candidate))
                {
                    field = found;
                    return true;
                }
            }
        }
        field = default;
        return false;
    }

    /// <summary>A set of fields.</summary>
    public static ulong SetOf(params ReadOnlySpan<Field> fields)
    {
        var set = 0UL;
        foreach (var field in fields)
            set |= Bit(field);
        return set;
    }

    /// <summary>The set of just this field.</summary>
    public static ulong Bit(Field field) => 1UL << (int)field;

    /// <summary>The first field of a set that is not empty.</summary>
    public static Field FirstOf(ulong set) => (Field)BitOperations.TrailingZeroCount(set);

    /// <summary>The names of the fields of a set.</summary>
    public static IEnumerable<string> NamesOf(ulong set)
    {
        for (; set != 0; set &= set - 1)
            yield return NameOf(FirstOf(set));
    }

    private static (byte[], Field)[][] SortByLength()
    {
        var longest = Names.Max(name => name.Length);
        var byLength = new (byte[], Field)[longest + 1][];
        for (var length = 0; length <= longest; length++)
        {
            byLength[length] =
            [
                .. Names
                    .Select((name, index) => (name, (Field)index))
                    .Where(entry => entry.name.Length == length)
                    .Select(entry => (Encoding.UTF8.GetBytes(entry.name), entry.Item2)),
            ];
        }
        return byLength;
    }
}
