using Octavo.Core.Templates;
using Shouldly;

namespace Octavo.UnitTests.Core.Templates;

public class TimeTextTests
{
    [Theory]
    [InlineData("%Y-%m-%d %H:%M:%S", "2024-03-05 14:07:09")]
    [InlineData("%d %b %Y", "05 Mar 2024")]
    [InlineData("%A, %B %d, %y", "Tuesday, March 05, 24")]
    [InlineData("%a %-d/%-m %I%p %l|%e|%_m", "Tue 5/3 02PM  2| 5| 3")]
    [InlineData("%j %U %W %V %G %u %w %C", "065 09 10 10 2024 2 2 20")]
    [InlineData("%F %T %D %R %f", "2024-03-05 14:07:09 03/05/24 14:07 123456")]
    [InlineData("%c", "Tue Mar  5 14:07:09 2024")]
    [InlineData("%x %X %h %^a %P", "03/05/24 14:07:09 Mar TUE pm")]
    [InlineData("100%% %n|%t|%Z%z", "100% \n|\t|")]
    [InlineData("no directive", "no directive")]
    public void StrftimeNow_FixedClock_EqualsReference(string format, string expected)
    {
        var clock = new FixedClock(new DateTimeOffset(2024, 3, 5, 13, 7, 9, TimeSpan.Zero).AddTicks(1234560), TimeSpan.FromHours(1));
        var template = ChatTemplate.Parse("{{ strftime_now(format) }}");
        template.Render(new() { ["format"] = format }, clock).ShouldBe(expected);
    }

    [Theory]
    [InlineData(2023, 1, 1, "01 00 52 7 0 12AM")]
    [InlineData(2024, 12, 31, "52 53 01 2 2 12AM")]
    [InlineData(2021, 1, 3, "01 00 53 7 0 12AM")]
    public void StrftimeNow_EdgesOfTheYear_EqualReference(int year, int month, int day, string expected)
    {
        var clock = new FixedClock(new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero), TimeSpan.Zero);
        ChatTemplate.Parse("{{ strftime_now('%U %W %V %u %w %I%p') }}").Render([], clock).ShouldBe(expected);
    }

    private sealed class FixedClock(DateTimeOffset now, TimeSpan offset) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("fixed", offset, "fixed", "fixed");

        public override DateTimeOffset GetUtcNow() => now;
    }
}
