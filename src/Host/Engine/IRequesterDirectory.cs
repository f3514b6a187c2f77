namespace AptTask.Host.Engine;

/// <summary>Knows today's rights of those who asked earlier.</summary>
internal interface IRequesterDirectory
{
    /// <summary>Who stands behind a work order today; null when the key is gone or has expired. Any thread.</summary>
    Requester? Find(string? key, Role role);
}
