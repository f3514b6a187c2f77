using System.Collections.Immutable;
using AptTask.Scheduling;

namespace AptTask.Host.Store;

/// <summary>
/// What the scheduler knows of a task, as bytes of its row: it is written once and read at the next start, so it is one value
/// and not a dozen columns. Begins with a version.
/// </summary>
internal static class SpecCode
{
    private const byte Version = 1;

    /// <summary>The bytes of a task's spec; its id and group have columns of their own.</summary>
    public static byte[] Write(TaskSpec spec)
    {
        using var memory = new MemoryStream(64);
        using var writer = new BinaryWriter(memory);
        writer.Write(Version);
        writer.Write(spec.Lane.Value);
        Write(writer, spec.Job?.Value);
        writer.Write7BitEncodedInt(spec.WaitFor.Length);
        foreach (var dependency in spec.WaitFor)
        {
            writer.Write(dependency.Job.Value);
            writer.Write((byte)dependency.When);
        }

        writer.Write((sbyte)spec.Priority);
        writer.Write7BitEncodedInt(spec.Weight);
        writer.Write7BitEncodedInt(spec.Retry.Attempts);
        if (spec.Retry.Attempts > 1)
        {
            writer.Write((byte)spec.Retry.Backoff);
            writer.Write(spec.Retry.Delay.Ticks);
            writer.Write(spec.Retry.MaxDelay.Ticks);
            writer.Write(spec.Retry.Jitter);
        }

        writer.Write(spec.Timeout?.Ticks ?? 0);
        writer.Write(spec.NotBefore?.UtcTicks ?? 0);
        writer.Write(spec.Deadline?.UtcTicks ?? 0);
        Write(writer, spec.Unique);
        writer.Write(spec.Fingerprint);
        writer.Write(spec.Idempotent);
        Write(writer, spec.Cap);
        writer.Flush();
        return memory.ToArray();
    }

    /// <summary>The spec of the bytes.</summary>
    /// <exception cref="InvalidDataException">They are of a later version.</exception>
    public static TaskSpec Read(TaskId id, GroupName group, byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        if (reader.ReadByte() is var version && version != Version)
            throw new InvalidDataException($"Task {id} was written in version {version}, this daemon reads {Version}.");
        return new TaskSpec
        {
            Id = id,
            Group = group,
            Lane = new LaneName(reader.ReadString()),
            Job = ReadText(reader) is { } job ? new JobId(job) : null,
            WaitFor = ReadDependencies(reader),
            Priority = reader.ReadSByte(),
            Weight = reader.Read7BitEncodedInt(),
            Retry = ReadRetry(reader),
            Timeout = reader.ReadInt64() is var timeout and not 0 ? new TimeSpan(timeout) : null,
            NotBefore = ReadInstant(reader),
            Deadline = ReadInstant(reader),
            Unique = ReadText(reader),
            Fingerprint = reader.ReadInt64(),
            Idempotent = reader.ReadBoolean(),
            Cap = ReadText(reader),
        };
    }

    private static ImmutableArray<Dependency> ReadDependencies(BinaryReader reader)
    {
        var dependencies = ImmutableArray.CreateBuilder<Dependency>(reader.Read7BitEncodedInt());
        while (dependencies.Count < dependencies.Capacity)
            dependencies.Add(new Dependency(new JobId(reader.ReadString()), (DependencyCondition)reader.ReadByte()));
        return dependencies.MoveToImmutable();
    }

    private static RetryPolicy ReadRetry(BinaryReader reader) =>
        reader.Read7BitEncodedInt() is var attempts and > 1
            ? new RetryPolicy(
                attempts,
                (Backoff)reader.ReadByte(),
                new TimeSpan(reader.ReadInt64()),
                new TimeSpan(reader.ReadInt64()),
                reader.ReadDouble()
            )
            : RetryPolicy.Never;

    private static DateTimeOffset? ReadInstant(BinaryReader reader) =>
        reader.ReadInt64() is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private static void Write(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
            writer.Write(text);
    }

    private static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}
