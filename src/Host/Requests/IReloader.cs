using AptTask.Protocol;

namespace AptTask.Host.Requests;

/// <summary>Takes in what has changed in the configuration and the plugin folders. One reload at a time.</summary>
internal interface IReloader
{
    /// <summary>Reads everything anew; a broken file changes nothing.</summary>
    Task<ReloadAnswer> ReloadAsync();
}
