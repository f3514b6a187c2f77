using AptTask.Host.Requests;

namespace AptTask.Host.Endpoints;

/// <summary>The connections that have not said yet who they are: a bounded number, in all and from each address. Any thread.</summary>
/// <param name="limit">How many there may be.</param>
/// <param name="limitPerAddress">How many of them from one address that is nobody else's.</param>
internal sealed class Strangers(int limit, int limitPerAddress)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _perAddress = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>One more, until the return value is disposed of: the client has gone, or is a stranger no longer.</summary>
    /// <returns>Null when there are as many as there may be.</returns>
    public IDisposable? Enter(PeerAddress from)
    {
        lock (_gate)
        {
            var ofAddress = _perAddress.GetValueOrDefault(from.Name);
            // Of an address that many share, one silent client would use up the places of all others.
            if (_count >= limit || (!from.IsShared && ofAddress >= limitPerAddress))
                return null;
            _count++;
            _perAddress[from.Name] = ofAddress + 1;
        }

        return new Place(this, from.Name);
    }

    private void Leave(string address)
    {
        lock (_gate)
        {
            _count--;
            if (--_perAddress[address] == 0)
                _perAddress.Remove(address);
        }
    }

    private sealed class Place(Strangers strangers, string address) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                strangers.Leave(address);
        }
    }
}
