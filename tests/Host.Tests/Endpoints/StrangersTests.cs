using System.Net;
using AptTask.Host.Endpoints;
using AptTask.Host.Requests;

namespace AptTask.Host.Tests.Endpoints;

/// <summary>Those who have not said who they are cannot take all places.</summary>
public sealed class StrangersTests
{
    [Fact]
    public void One_address_has_its_own_bound_and_all_together_have_another()
    {
        var strangers = new Strangers(limit: 4, limitPerAddress: 2);

        Assert.NotNull(strangers.Enter(At("192.0.2.1")));
        Assert.NotNull(strangers.Enter(At("192.0.2.1")));
        Assert.Null(strangers.Enter(At("192.0.2.1")));
        Assert.NotNull(strangers.Enter(At("192.0.2.2")));
        Assert.NotNull(strangers.Enter(At("192.0.2.3")));
        Assert.Null(strangers.Enter(At("192.0.2.4")));
    }

    [Fact]
    public void A_place_that_is_given_back_twice_is_free_once()
    {
        var strangers = new Strangers(limit: 2, limitPerAddress: 2);
        var first = strangers.Enter(At("192.0.2.1"))!;
        Assert.NotNull(strangers.Enter(At("192.0.2.1")));

        first.Dispose();
        first.Dispose();

        Assert.NotNull(strangers.Enter(At("192.0.2.1")));
        Assert.Null(strangers.Enter(At("192.0.2.1")));
    }

    [Fact]
    public void The_loopback_address_is_everybodys_and_only_the_total_holds_for_it()
    {
        var strangers = new Strangers(limit: 4, limitPerAddress: 2);

        Assert.All(Enumerable.Range(0, 4), _ => Assert.NotNull(strangers.Enter(At("127.0.0.1"))));
        Assert.Null(strangers.Enter(At("127.0.0.1")));
    }

    [Fact]
    public void A_session_is_a_stranger_until_it_is_introduced_or_gone()
    {
        var strangers = new Strangers(limit: 1, limitPerAddress: 1);
        var (one, two) = (At("192.0.2.1"), At("192.0.2.2"));
        using (var known = new Session("one", isOwner: false, one, strangers.Enter(one)))
        {
            Assert.Null(strangers.Enter(two));
            known.Introduce();
            using (new Session("two", isOwner: false, two, strangers.Enter(two)))
                Assert.Null(strangers.Enter(one));
            Assert.NotNull(strangers.Enter(one));
        }
    }

    private static PeerAddress At(string address) => PeerAddress.Of(IPAddress.Parse(address));
}
