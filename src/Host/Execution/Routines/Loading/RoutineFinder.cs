using System.Reflection;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Routines.Results;
using AptTask.Plugin;

namespace AptTask.Host.Execution.Routines.Loading;

/// <summary>Finds the routines of an assembly from its metadata. No code of the plugin runs, not even a constructor of an attribute.</summary>
internal static class RoutineFinder
{
    private const int NameLimit = 64;

    private const BindingFlags All =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Static
        | BindingFlags.Instance
        | BindingFlags.DeclaredOnly;

    /// <summary>What is in the assembly, and what in it cannot be offered.</summary>
    public static (IReadOnlyList<RoutineCode> Routines, IReadOnlyList<string> Problems) Find(
        Assembly assembly,
        PlainJson json
    )
    {
        var routines = new List<RoutineCode>();
        var problems = new List<string>();
        foreach (var type in TypesOf(assembly, problems))
        {
            Offer(type, type.FullName ?? type.Name, (name, policy) => ClassCode.Of(type, name, policy, json));
            foreach (var method in type.GetMethods(All))
                Offer(
                    method,
                    $"{type.FullName}.{method.Name}",
                    (name, policy) => FunctionCode.Of(method, name, policy, json)
                );
        }
        return (WithoutTwins(routines, problems), problems);

        void Offer(MemberInfo member, string title, Func<string, RoutinePolicy, RoutineCode> make)
        {
            try
            {
                if (Marked(member) is { } mark)
                    routines.Add(make(NameOf(mark), PolicyOf(mark)));
            }
            catch (UnusableCodeException unusable)
            {
                problems.Add($"{title} {unusable.Message}.");
            }
            // Metadata that refers to what is not there: the missing file is named in the text.
            catch (Exception broken) when (broken is IOException or TypeLoadException or BadImageFormatException)
            {
                problems.Add($"{title} cannot be read: {broken.Message}");
            }
        }
    }

    private static IEnumerable<Type> TypesOf(Assembly assembly, List<string> problems)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException partly)
        {
            var reasons = partly.LoaderExceptions.Select(reason => reason?.Message).OfType<string>().Distinct();
            problems.Add($"Some of its types cannot be loaded: {string.Join(" ", reasons.Take(3))}");
            return partly.Types.OfType<Type>();
        }
    }

    private static CustomAttributeData? Marked(MemberInfo member) =>
        member.GetCustomAttributesData().FirstOrDefault(data => data.AttributeType == typeof(RoutineAttribute));

    private static string NameOf(CustomAttributeData mark)
    {
        var name = mark.ConstructorArguments[0].Value as string ?? "";
        var good =
            name.Length is > 0 and <= NameLimit
            && char.IsAsciiLetter(name[0])
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
        return good
            ? name
            : throw new UnusableCodeException(
                $"has the name '{name}', which is not a name: a letter, then letters, digits, '.', '_' and '-', {NameLimit} at most"
            );
    }

    private static RoutinePolicy PolicyOf(CustomAttributeData mark)
    {
        var seconds = Named<double>(mark, nameof(RoutineAttribute.TimeoutSeconds));
        var weight = Named<int>(mark, nameof(RoutineAttribute.Weight));
        var concurrency = Named<int>(mark, nameof(RoutineAttribute.Concurrency));
        if (!(seconds is >= 0 and <= 1e9) || weight < 0 || concurrency < 0)
            throw new UnusableCodeException("has a [Routine] with a number that is negative or too large");
        return new RoutinePolicy
        {
            Lane = Named<string>(mark, nameof(RoutineAttribute.Lane)),
            Weight = Math.Max(1, weight),
            Timeout = seconds > 0 ? TimeSpan.FromSeconds(seconds) : null,
            Concurrency = concurrency > 0 ? concurrency : null,
            Idempotent = Named<bool>(mark, nameof(RoutineAttribute.Idempotent)),
        };
    }

    private static T? Named<T>(CustomAttributeData mark, string name) =>
        mark.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value is T value
            ? value
            : default;

    private static List<RoutineCode> WithoutTwins(List<RoutineCode> routines, List<string> problems)
    {
        var kept = new List<RoutineCode>();
        foreach (var same in routines.GroupBy(routine => routine.Facts.Name))
        {
            if (same.Count() == 1)
                kept.Add(same.First());
            else
                problems.Add($"The name '{same.Key}' stands on {same.Count()} routines; none of them is offered.");
        }
        return kept;
    }
}
