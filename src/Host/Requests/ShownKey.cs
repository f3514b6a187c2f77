using AptTask.Host.Engine;

namespace AptTask.Host.Requests;

/// <summary>A key that a session has shown, and who is behind it.</summary>
/// <param name="Text">The key as it came.</param>
/// <param name="Requester">Who it belongs to.</param>
/// <param name="Keys">The keys that said so.</param>
internal sealed record ShownKey(string Text, Requester Requester, IKeyRing Keys);
