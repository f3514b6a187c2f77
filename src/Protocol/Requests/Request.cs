using System.Text;

namespace AptTask.Protocol;

/// <summary>One request, checked: what is here has the type and range that the protocol allows.</summary>
public abstract record Request
{
    private protected Request() { }

    /// <summary>The client's id for it; the answer carries it back.</summary>
    public RequestId Id { get; init; }

    /// <summary>The key that speaks, when the connection has not said it with <c>hello</c>.</summary>
    public string? Key { get; init; }

    /// <summary>Whose tasks are meant: needed from a key of several groups, a filter for administrators.</summary>
    public string? Group { get; init; }

    /// <summary>The name on the wire, one of <see cref="RequestNames"/>; answers repeat it as <c>response</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What <see cref="object.ToString"/> shows. The key is left out: a request may be logged, a key never.</summary>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Append("Id = ").Append(Id.ToString()).Append(", Group = ").Append(Group);
        return true;
    }
}

/// <summary>A request whose good answer is a <typeparamref name="TAnswer"/>.</summary>
/// <typeparam name="TAnswer">What comes back when it is not refused.</typeparam>
public abstract record Request<TAnswer> : Request
    where TAnswer : Answer
{
    private protected Request() { }
}
