namespace AptTask.Host.Configuration;

/// <summary>What a key is for.</summary>
internal enum KeyRole
{
    /// <summary>Sees its groups.</summary>
    User,

    /// <summary>Sees and controls everything.</summary>
    Admin,

    /// <summary>Offers to run tasks.</summary>
    Worker,
}
