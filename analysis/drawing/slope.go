package drawing

import (
	"cmp"
	"math"
	"slices"
)

// Slope lays values of one period beside those of another: a line for each, from the value
// before on the left to the value after on the right, on one scale from 0 or, of ratios,
// around 1.
type Slope struct {
	// Before and After head the two sides.
	Before, After string
	Lines         []SlopeLine
	Ratio         bool
}

// SlopeLine is one line; a side that is not known has no point, and its text says why.
type SlopeLine struct {
	Label         string
	Strong        bool
	Before, After Value
}

// side is a text at one end of a slope chart: the height of its point, and its lines.
type side struct {
	at    float64
	class string
	lines []string
}

// slopeTop is the room of the headings, leastSlope the least height of the plot.
const slopeTop, leastSlope = 26, 84

// Draw lays the chart out; texts that would cover each other move apart, a thin line leads
// from the point to each.
func (s Slope) Draw(narrow bool) Chart {
	c := Chart{W: WideWidth, Narrow: narrow}
	if narrow {
		c.W = NarrowWidth
	}
	left := Width("head", s.Before)
	for _, l := range s.Lines {
		left = math.Max(left, Width(l.class(), l.Before.Text))
	}
	left = math.Min(left, c.W*0.3) + 16
	x0, x1 := left, left+(c.W-left)*0.42
	room := c.W - x1 - 18
	y := s.scale(leastSlope)
	var before, after []side
	high := 0.0
	for _, l := range s.Lines {
		b := side{y.at(l.Before), l.class(), Wrap(l.class(), l.Before.Text, left-14)}
		a := side{y.at(l.After), l.class(), Wrap(l.class(), l.After.Text+" "+l.Label, room)}
		before, after = append(before, b), append(after, a)
		high += float64(len(a.lines))*leading + 3
	}
	if high > leastSlope {
		y = s.scale(high)
		for i, l := range s.Lines {
			before[i].at, after[i].at = y.at(l.Before), y.at(l.After)
		}
	}
	bottom := slopeTop + math.Max(high, leastSlope)
	c.Text(c.within(x0-Width("head", s.Before)/2, "head", s.Before), 14, "start", "head", s.Before)
	c.Text(c.within(x1+Width("head", s.After)/2, "head", s.After), 14, "start", "head", s.After)
	c.Line(x0, slopeTop, x0, bottom, "axis")
	c.Line(x1, slopeTop, x1, bottom, "axis")
	for i, l := range s.Lines {
		s.line(&c, l, y, x0, x1, before[i].at, after[i].at)
	}
	c.H = math.Max(c.sides(before, x0-10, x0-4, "end", bottom), c.sides(after, x1+16, x1+5, "start", bottom)) + 4
	return c
}

func (l SlopeLine) class() string {
	if l.Strong {
		return "strong over"
	}
	return "tick over"
}

// slopeScale is a scale of heights.
type slopeScale struct{ Scale }

// at is the height of a value; one that is not known stands at the foot.
func (s slopeScale) at(v Value) float64 {
	switch {
	case !v.known():
		return s.Start
	case v.Range:
		return s.At((v.Low + v.High) / 2)
	}
	return s.At(v.X)
}

// scale covers all values in so many units of height.
func (s Slope) scale(height float64) slopeScale {
	low, high, least := 0.0, 0.0, 1.0
	for _, l := range s.Lines {
		for _, v := range []Value{l.Before, l.After} {
			if !v.known() {
				continue
			}
			a, b := v.ends()
			low, high = math.Min(low, a), math.Max(high, b)
			if a > 0 {
				least = math.Min(least, a)
			}
		}
	}
	if high <= low {
		high = low + 1
	}
	if s.Ratio {
		low, high = math.Min(least, 0.5), math.Max(high, 2)
	}
	return slopeScale{Scale{From: low, To: high, Start: slopeTop + height, End: slopeTop + 6, Log: s.Ratio}}
}

// line draws one line with what is known at its ends.
func (s Slope) line(c *Chart, l SlopeLine, y slopeScale, x0, x1, before, after float64) {
	class := "slope"
	if l.Strong {
		class = "series"
	}
	if l.Before.known() && l.After.known() && !l.Before.Range && !l.After.Range {
		c.Curve([]Point{{x0, before}, {x1, after}}, class)
	}
	whisker(c, l.Before, y, x0)
	whisker(c, l.After, y, x1)
	if l.Before.known() && !l.Before.Range {
		c.Dot(x0, before, "dot before")
	}
	if l.After.known() && !l.After.Range {
		c.Dot(x1, after, "dot")
	}
}

// whisker draws the interval of a value at x, or all that is known of it.
func whisker(c *Chart, v Value, y slopeScale, x float64) {
	if v.Range {
		c.Rect(x-4, y.At(v.High), 8, y.At(v.Low)-y.At(v.High), "range")
		return
	}
	if !math.IsNaN(v.Low) && !math.IsNaN(v.High) {
		c.Line(x, y.At(v.Low), x, y.At(v.High), "ci")
	}
}

// sides writes the texts of one end at x, moved apart, each led to from its point at edge, and
// gives the lower end of the last.
func (c *Chart) sides(list []side, x, edge float64, anchor string, bottom float64) float64 {
	slices.SortStableFunc(list, func(a, b side) int { return cmp.Compare(a.at, b.at) })
	tops := make([]float64, len(list))
	free := slopeTop - 6.0
	for i, s := range list {
		tops[i] = math.Max(free, s.at-float64(len(s.lines))*leading/2)
		free = tops[i] + float64(len(s.lines))*leading + 3
	}
	// What was pushed below the foot moves up as a whole.
	limit := bottom + 8
	for i := len(list) - 1; i >= 0; i-- {
		tops[i] = math.Max(slopeTop-6, math.Min(tops[i], limit-float64(len(list[i].lines))*leading))
		limit = tops[i] - 3
	}
	end := bottom
	for i, s := range list {
		middle := tops[i] + float64(len(s.lines))*leading/2
		if math.Abs(middle-s.at) > 5 {
			c.Line(edge, s.at, x, middle, "rule")
		}
		for k, text := range s.lines {
			c.Over(x, tops[i]+float64(k+1)*leading-3, anchor, s.class, text)
		}
		end = math.Max(end, tops[i]+float64(len(s.lines))*leading)
	}
	return end
}
