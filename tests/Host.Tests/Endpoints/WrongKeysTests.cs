using System.Net;
using AptTask.Host.Requests;
using Microsoft.Extensions.Time.Testing;

namespace AptTask.Host.Tests.Endpoints;

/// <summary>Guessing keys becomes slow for those who guess, and for nobody else.</summary>
public sealed class WrongKeysTests
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _time = new();
    private readonly WrongKeys _wrongKeys;

    public WrongKeysTests() => _wrongKeys = new WrongKeys(Usual, _time);

    [Fact]
    public void Five_wrong_keys_are_answered_after_the_usual_delay_and_further_ones_ever_more_slowly()
    {
        var guesser = At("192.0.2.1");

        Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal(Usual, _wrongKeys.HoldBack(guesser)));
        Assert.Equal([2, 4, 8, 16, 30, 30], Enumerable.Range(0, 6).Select(_ => GuessAndWait(guesser)));
    }

    [Fact]
    public void Many_connections_of_one_place_guess_one_after_the_other()
    {
        var guesser = At("192.0.2.1");
        for (var free = 0; free < WrongKeys.Free; free++)
            _wrongKeys.HoldBack(guesser);

        Assert.Equal([2, 6, 14, 30, 30], Enumerable.Range(0, 5).Select(_ => Seconds(_wrongKeys.HoldBack(guesser))));
    }

    [Fact]
    public void One_place_does_not_slow_another_down()
    {
        for (var guess = 0; guess < 50; guess++)
            _wrongKeys.HoldBack(At("192.0.2.1"));

        Assert.Equal(Usual, _wrongKeys.HoldBack(At("192.0.2.2")));
        Assert.Equal(Usual, _wrongKeys.HoldBack(PeerAddress.OfUser(1000)));
    }

    [Fact]
    public void All_addresses_of_a_network_of_64_bits_are_one_place_and_mapped_addresses_are_what_they_map()
    {
        Assert.Equal(At("2001:db8:1:2::1"), At("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        Assert.NotEqual(At("2001:db8:1:2::1"), At("2001:db8:1:3::1"));
        Assert.Equal(At("192.0.2.1"), At("::ffff:192.0.2.1"));
        Assert.True(At("127.0.0.1").IsShared && At("::1").IsShared && At("::ffff:127.0.0.1").IsShared);
        Assert.False(At("2001:db8::1").IsShared || At("192.0.2.1").IsShared);
    }

    [Fact]
    public void A_place_that_has_been_quiet_long_enough_begins_anew()
    {
        var guesser = At("192.0.2.1");
        for (var guess = 0; guess < 10; guess++)
            _time.Advance(_wrongKeys.HoldBack(guesser));

        // At the pace of its last gap, a token every half minute.
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(Usual, _wrongKeys.HoldBack(guesser));
        Assert.Equal(30, GuessAndWait(guesser));

        _time.Advance(TimeSpan.FromSeconds(30 * WrongKeys.Free));
        Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal(Usual, _wrongKeys.HoldBack(guesser)));
        Assert.Equal(2, GuessAndWait(guesser));
    }

    [Fact]
    public void The_places_that_are_remembered_are_bounded_and_the_one_that_was_quiet_longest_goes()
    {
        var guesser = At("192.0.2.1");
        for (var guess = 0; guess < 10; guess++)
            _wrongKeys.HoldBack(guesser);
        for (var other = 0; other < WrongKeys.PlaceLimit - 1; other++)
            _wrongKeys.HoldBack(At(new IPAddress(0x0A000000 + other).ToString()));
        Assert.Equal(WrongKeys.PlaceLimit, _wrongKeys.Places);
        Assert.Equal(30, Seconds(_wrongKeys.HoldBack(guesser)));

        for (var other = 0; other < WrongKeys.PlaceLimit; other++)
            _wrongKeys.HoldBack(At(new IPAddress(0x0B000000 + other).ToString()));
        Assert.Equal(WrongKeys.PlaceLimit, _wrongKeys.Places);
        Assert.Equal(Usual, _wrongKeys.HoldBack(guesser));
    }

    private double GuessAndWait(PeerAddress from)
    {
        var wait = _wrongKeys.HoldBack(from);
        _time.Advance(wait);
        return Seconds(wait);
    }

    private static double Seconds(TimeSpan wait) => Math.Round(wait.TotalSeconds, 3);

    private static PeerAddress At(string address) => PeerAddress.Of(IPAddress.Parse(address));
}
