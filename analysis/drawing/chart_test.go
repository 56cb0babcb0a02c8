package drawing

import (
	"math"
	"testing"
)

func TestMarkup(t *testing.T) {
	c := Chart{W: 10, H: 10}
	c.Over(1, 2, "end", "over", `<b onload="x">`)
	c.Rect(0, 0, -1, 3, "bar")
	c.Curve([]Point{{0, 1}, {1, 2}, {2, math.NaN()}, {3, 4}}, "curve")
	want := `<rect class="bar" x="0.0" y="0.0" width="0.0" height="3.0"/>` +
		`<path class="curve" d="M0.0 1.0L1.0 2.0M3.0 4.0h.1"/>` +
		`<text class="over" x="1.0" y="2.0" text-anchor="end">&lt;b onload=&#34;x&#34;&gt;</text>`
	if got := string(c.Markup()); got != want {
		t.Errorf("markup\n%s\nwant\n%s", got, want)
	}
}

func TestScale(t *testing.T) {
	s := Scale{From: 0, To: 10, Start: 100, End: 200}
	if got := s.At(5); got != 150 {
		t.Errorf("the middle lies at %v, want 150", got)
	}
}
