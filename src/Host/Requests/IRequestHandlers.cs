namespace AptTask.Host.Requests;

/// <summary>Some handlers that belong together.</summary>
internal interface IRequestHandlers
{
    /// <summary>Enters them into the table.</summary>
    void Register(RequestRouter router);
}
