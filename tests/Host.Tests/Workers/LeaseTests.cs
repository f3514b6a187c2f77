using AptTask.Host.Execution.Workers.Remote;
using Microsoft.Extensions.Time.Testing;

namespace AptTask.Host.Tests.Workers;

/// <summary>The worker has to give up before the daemon does, however slow an answer was.</summary>
public class LeaseTests
{
    private readonly FakeTimeProvider _time = new();
    private int _over;

    [Fact]
    public void A_lease_without_an_answer_is_over_after_its_time()
    {
        using var lease = Begin();
        Pass(9.9);
        Assert.False(lease.IsOver);
        Pass(0.1);
        Assert.True(lease.IsOver);
        Assert.Equal(1, _over);
    }

    [Fact]
    public void A_lease_counts_from_when_the_answered_sign_of_life_was_sent()
    {
        using var lease = Begin();
        Pass(1);
        lease.NoteSent(1);
        Pass(7);
        lease.NoteAnswered(1);
        Pass(2.9);
        Assert.Equal(0, _over);
        Pass(0.1);
        Assert.Equal(1, _over);
    }

    [Fact]
    public void An_answer_to_a_later_sign_answers_the_earlier_ones()
    {
        using var lease = Begin();
        lease.NoteSent(1);
        Pass(5);
        lease.NoteSent(2);
        lease.NoteAnswered(2);
        lease.NoteAnswered(1);
        Pass(9.9);
        Assert.Equal(0, _over);
        Pass(0.1);
        Assert.Equal(1, _over);
    }

    [Fact]
    public void What_is_over_stays_over()
    {
        using var lease = Begin();
        Pass(9);
        lease.NoteSent(1);
        Pass(1);
        lease.NoteAnswered(1);
        Assert.Equal(1, _over);
        Assert.True(lease.IsOver);
    }

    [Fact]
    public void The_time_before_it_began_counts_as_well()
    {
        var from = _time.GetTimestamp();
        Pass(8);
        using var lease = new Lease(TimeSpan.FromSeconds(10), from, _time, () => _over++);
        Pass(2);
        Assert.Equal(1, _over);
    }

    private Lease Begin() => new(TimeSpan.FromSeconds(10), _time.GetTimestamp(), _time, () => _over++);

    private void Pass(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
