namespace AptTask.Host.Engine;

/// <summary>What a requester may do at all.</summary>
internal enum Role
{
    /// <summary>Submits and sees the tasks of its groups.</summary>
    User,

    /// <summary>Sees and controls everything.</summary>
    Admin,

    /// <summary>Offers places to run tasks on; asks for nothing.</summary>
    Worker,
}
