using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>Makes the usual collections from items.</summary>
internal static class ClrLists
{
    private static readonly Dictionary<Type, Type> Makers = new()
    {
        [typeof(IEnumerable<>)] = typeof(ArrayMaker<>),
        [typeof(IReadOnlyList<>)] = typeof(ArrayMaker<>),
        [typeof(IReadOnlyCollection<>)] = typeof(ArrayMaker<>),
        [typeof(IList<>)] = typeof(ListMaker<>),
        [typeof(ICollection<>)] = typeof(ListMaker<>),
        [typeof(List<>)] = typeof(ListMaker<>),
        [typeof(ISet<>)] = typeof(SetMaker<>),
        [typeof(IReadOnlySet<>)] = typeof(SetMaker<>),
        [typeof(HashSet<>)] = typeof(SetMaker<>),
        [typeof(ImmutableArray<>)] = typeof(ImmutableMaker<>),
    };

    private static readonly Type[] Maps =
    [
        typeof(Dictionary<,>),
        typeof(IDictionary<,>),
        typeof(IReadOnlyDictionary<,>),
    ];

    /// <summary>For a type that is a list; null for any other.</summary>
    public static Maker? MakerFor(Type type)
    {
        if (type.IsSZArray)
            return New(typeof(ArrayMaker<>), type.GetElementType()!);
        return type.IsConstructedGenericType && Makers.TryGetValue(type.GetGenericTypeDefinition(), out var maker)
            ? New(maker, type.GetGenericArguments()[0])
            : null;
    }

    /// <summary>For a type that is a dictionary with strings as keys; null for any other.</summary>
    public static MapMaker? MapMakerFor(Type type)
    {
        if (!type.IsConstructedGenericType || !Maps.Contains(type.GetGenericTypeDefinition()))
            return null;
        var arguments = type.GetGenericArguments();
        return arguments[0] == typeof(string)
            ? (MapMaker)Activator.CreateInstance(typeof(DictionaryMaker<>).MakeGenericType(arguments[1]))!
            : throw new UnusableCodeException("is a dictionary whose keys are not strings");
    }

    private static Maker New(Type maker, Type item) => (Maker)Activator.CreateInstance(maker.MakeGenericType(item))!;

    /// <summary>Makes one kind of list.</summary>
    internal abstract class Maker
    {
        /// <summary>The type of the items.</summary>
        public abstract Type Item { get; }

        /// <summary>The list.</summary>
        public abstract object Make(object?[] items);
    }

    /// <summary>Makes a dictionary.</summary>
    internal abstract class MapMaker
    {
        /// <summary>The type of the values.</summary>
        public abstract Type Item { get; }

        /// <summary>The dictionary.</summary>
        public abstract object Make((string Name, object? Value)[] items);
    }

    private abstract class MakerOf<T> : Maker
    {
        public override Type Item => typeof(T);

        protected static T[] Cast(object?[] items) => Array.ConvertAll(items, item => (T)item!);
    }

    private sealed class ArrayMaker<T> : MakerOf<T>
    {
        public override object Make(object?[] items) => Cast(items);
    }

    private sealed class ListMaker<T> : MakerOf<T>
    {
        public override object Make(object?[] items) => new List<T>(Cast(items));
    }

    private sealed class SetMaker<T> : MakerOf<T>
    {
        public override object Make(object?[] items) => new HashSet<T>(Cast(items));
    }

    private sealed class ImmutableMaker<T> : MakerOf<T>
    {
        public override object Make(object?[] items) => ImmutableCollectionsMarshal.AsImmutableArray(Cast(items));
    }

    private sealed class DictionaryMaker<T> : MapMaker
    {
        public override Type Item => typeof(T);

        public override object Make((string Name, object? Value)[] items) =>
            items.ToDictionary(item => item.Name, item => (T)item.Value!);
    }
}
