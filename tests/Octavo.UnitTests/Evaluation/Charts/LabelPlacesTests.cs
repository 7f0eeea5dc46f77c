using Octavo.Evaluation.Charts;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Charts;

public class LabelPlacesTests
{
    [Fact]
    public void Place_ManyNamesOfNearPoints_NeverCoverOneAnotherOrAPoint()
    {
        (double X, double Y)[] points = [.. Enumerable.Range(0, 10).Select(i => (200 + (7.0 * i), 150 + (5.0 * (i % 3))))];
        var places = new LabelPlaces(new LabelBox(64, 50, 700, 356), points, 4.5, []);
        var boxes = points.Select(point => places.Place(point.X, point.Y, 70).Box).ToList();
        for (var i = 0; i < boxes.Count; i++)
        {
            for (var j = 0; j < i; j++)
                boxes[i].Overlap(boxes[j]).ShouldBe(0);
            points.ShouldAllBe(point => boxes[i].Overlap(new LabelBox(point.X - 4, point.Y - 4, point.X + 4, point.Y + 4)) < 1e-6);
            (boxes[i].Left >= 64 && boxes[i].Right <= 700 && boxes[i].Top >= 50 && boxes[i].Bottom <= 356).ShouldBeTrue();
        }
    }

    [Fact]
    public void Place_APointAlone_HasItsNameOnTheRightUnlessThatIsOutside()
    {
        var area = new LabelBox(0, 0, 200, 100);
        var right = new LabelPlaces(area, [(50, 50)], 4, []).Place(50, 50, 60);
        right.IsFar.ShouldBeFalse();
        right.Box.Left.ShouldBe(57);
        new LabelPlaces(area, [(180, 50)], 4, []).Place(180, 50, 60).Box.Right.ShouldBe(173);
    }

    [Fact]
    public void Place_ALineToTheRight_HasTheNameElsewhere()
    {
        var line = Enumerable.Range(0, 20).Select(i => new LabelBox(58 + (6 * i), 48, 61 + (6 * i), 52)).ToList();
        var box = new LabelPlaces(new LabelBox(0, 0, 200, 100), [(50, 50)], 4, line).Place(50, 50, 40).Box;
        line.ShouldAllBe(part => box.Overlap(part) < 1e-6);
    }
}
