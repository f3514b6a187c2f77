namespace AptTask.Host.Engine;

/// <summary>Takes the events of a subscription. Called by the loop: returns at once and never throws.</summary>
internal interface IEventSink
{
    /// <summary>Hands an event on.</summary>
    /// <returns>False when there is no room: the subscription ends, and the sink tells its client so.</returns>
    bool Offer(TaskEvent happened);
}
