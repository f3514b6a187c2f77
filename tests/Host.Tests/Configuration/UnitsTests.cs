using AptTask.Host.Configuration;
using CsCheck;

namespace AptTask.Host.Tests.Configuration;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("0s", 0)]
    [InlineData("10s", 10_000)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("7d", 604_800_000)]
    public void A_duration_is_a_number_and_a_unit(string text, long milliseconds)
    {
        Assert.True(Units.TryDuration(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("10 s")]
    [InlineData("-1s")]
    [InlineData("+1s")]
    [InlineData("1.5s")]
    [InlineData("1S")]
    [InlineData("1s\n")]
    [InlineData("\u0661s")]
    [InlineData("99999999999999999999s")]
    [InlineData("9223372036854775807d")]
    public void Anything_else_is_not(string text) => Assert.False(Units.TryDuration(text, out _));

    [Theory]
    [InlineData("64MB")]
    [InlineData("64mib")]
    [InlineData("64")]
    [InlineData("9223372036854775807KiB")]
    public void A_size_without_a_binary_unit_is_none(string text) => Assert.False(Units.TrySize(text, out _));

    [Fact]
    public void What_is_written_reads_as_the_same()
    {
        Gen.Long[0, long.MaxValue].Sample(bytes => Units.TrySize(Units.Write(bytes), out var read) && read == bytes);
        Gen.Long[0, TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond]
            .Sample(count =>
            {
                var duration = TimeSpan.FromTicks(count * TimeSpan.TicksPerMillisecond);
                return Units.TryDuration(Units.Write(duration), out var read) && read == duration;
            });
    }
}
