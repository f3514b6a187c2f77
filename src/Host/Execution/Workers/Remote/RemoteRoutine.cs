using System.Buffers;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Code;

namespace AptTask.Host.Execution.Workers.Remote;

/// <summary>
/// A routine that workers on other machines offer. Here only the names of its arguments are checked: the machine where it runs has
/// the whitelist that counts, and binds again before it runs anything.
/// </summary>
internal sealed class RemoteRoutine(RoutineDescriptor descriptor, RemoteWorkers workers) : IRunnableRoutine
{
    /// <inheritdoc/>
    public RoutineDescriptor Descriptor => descriptor;

    /// <inheritdoc/>
    public Binding Bind(JsonElement arguments, BindingMode mode)
    {
        var given = Named(arguments);
        if (given is null)
            return new Binding.Refused(
                "bad_argument",
                $"The arguments of {descriptor.Name} are an object by name, or an array of at most {descriptor.Parameters.Length} by position."
            );
        foreach (var name in given.Keys.Where(name => !descriptor.Parameters.Any(known => known.Name == name)))
            return new Binding.Refused("unknown_argument", $"{descriptor.Name} has no argument '{name}'.")
            {
                Argument = name,
            };
        var missing = descriptor.Parameters.FirstOrDefault(known => known.Required && !given.ContainsKey(known.Name));
        return missing is null
            ? new Binding.Bound(Write(given))
            : new Binding.Refused("bad_argument", $"The argument '{missing.Name}' of {descriptor.Name} is missing.")
            {
                Argument = missing.Name,
            };
    }

    /// <inheritdoc/>
    public async Task<AttemptEnd> RunAsync(AttemptContext attempt)
    {
        try
        {
            return await workers.RunAsync(descriptor.Name, attempt);
        }
        catch (OperationCanceledException) when (attempt.Stop.IsCancellationRequested)
        {
            return Ends.Stopped();
        }
    }

    private Dictionary<string, JsonElement>? Named(JsonElement arguments)
    {
        var given = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        switch (arguments.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in arguments.EnumerateObject())
                    given[member.Name] = member.Value;
                return given;
            case JsonValueKind.Array when arguments.GetArrayLength() <= descriptor.Parameters.Length:
                foreach (var (value, parameter) in arguments.EnumerateArray().Zip(descriptor.Parameters))
                    given[parameter.Name] = value;
                return given;
            default:
                return null;
        }
    }

    private static byte[] Write(Dictionary<string, JsonElement> given)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in given)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
