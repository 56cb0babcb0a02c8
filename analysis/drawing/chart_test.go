package drawing

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestMarkup(t *testing.T) {
	c := Chart{W: 10, H: 10}
	c.Over(1, 2, "end", "over", `<b onload="x">`)
	c.Rect(0, 0, -1, 3, "bar")
	c.Curve([]Point{{0, 1}, {1, 2}, {2, math.NaN()}, {3, 4}}, "curve")
	c.Area([]Point{{0, 0}, {1, 0}, {1, 1}}, "band")
	c.Dot(2, 3, "dot")
	want := `<rect class="bar" x="0.0" y="0.0" width="0.0" height="3.0"/>` +
		`<path class="curve" d="M0.0 1.0L1.0 2.0M3.0 4.0h.1"/>` +
		`<path class="band" d="M0.0 0.0L1.0 0.0L1.0 1.0Z"/><circle class="dot" cx="2.0" cy="3.0" r="4.2"/>` +
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
	r := Scale{From: 0.5, To: 2, Start: 0, End: 100, Log: true}
	if got := r.At(1); math.Abs(got-50) > 1e-9 {
		t.Errorf("1 lies at %v between a half and two, want 50", got)
	}
	if got := r.At(0); got != 0 {
		t.Errorf("0 lies at %v of a scale of ratios, want its start", got)
	}
}

func TestRatioTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{0.67, 2.1, "[0.5 1 2 5]"}, {1, 1, "[0.5 1 2]"}, {0.03, 0.4, "[0.02 0.05 0.1 0.2 0.5 1 2]"},
	} {
		if got := fmt.Sprint(RatioTicks(c.low, c.high)); got != c.want {
			t.Errorf("from %v to %v: %s, want %s", c.low, c.high, got, c.want)
		}
	}
}

// left is what of the texts of a chart lies outside it, as they are measured.
func left(c Chart) []string {
	var out []string
	for _, s := range append(append([]shape{}, c.shapes...), c.late...) {
		if s.kind != 't' {
			continue
		}
		w := Width(s.class, s.text)
		start := s.x - map[string]float64{"start": 0, "middle": w / 2, "end": w}[s.anchor]
		if start < -0.01 || start+w > c.W+0.01 || s.y < 8 || s.y > c.H {
			out = append(out, fmt.Sprintf("%q at %.0f…%.0f, %.0f of %.0f × %.0f",
				s.text, start, start+w, s.y, c.W, c.H))
		}
	}
	return out
}

// drawn is the text of a chart, each of its pieces joined.
func drawn(c Chart) string {
	var b strings.Builder
	for _, s := range append(append([]shape{}, c.shapes...), c.late...) {
		if s.kind == 't' {
			b.WriteString(strings.ReplaceAll(s.text, " ", ""))
		}
	}
	return b.String()
}

const long = "Part des consultations qui ne trouvent aucune nouvelle note alors que trois évaluations ont été publiées"

// hostileCharts are charts with the longest texts and the oddest values that pages have.
func hostileCharts() map[string]interface{ Draw(bool) Chart } {
	nan := math.NaN()
	percent := func(x float64) string { return fmt.Sprintf("%.0f %%", x) }
	value := func(x, low, high float64) Value {
		return Value{X: x, Low: low, High: high, Text: "1 234 567 [1 200 000 ; 1 300 000]"}
	}
	rows := []Row{
		{Label: long, Head: true}, {Label: long, Strong: true, Values: []Value{value(40, 35, 45), value(100, 0, 100)}},
		{Label: strings.Repeat("W", 90),
			Values: []Value{Missing("non diffusé (effectif trop faible)"), value(0, nan, nan)}},
		{Label: "x", Values: []Value{{X: nan, Low: 0, High: 3, Range: true, Text: "moins de 3 %"}}}, {Label: ""},
	}
	series := Series{Class: "s0", Points: []Reading{{0, 1, nan, nan}, {7, nan, nan, nan}, {14, 3, 2, 4}, {21, 3, 2, 5}}}
	events := []Mark{{0, long}, {10, "charte"}, {21, long}}
	ticks := []Tick{{0, "septembre 2025"}, {7, "octobre 2025"}, {8, "novembre 2025"}, {21, "décembre 2025"}}
	return map[string]interface{ Draw(bool) Chart }{
		"dots":      Dots{Rows: rows, Axis: percent, Ref: &Ref{At: 100, Text: "12 % en 2022 (enquête)"}},
		"ratios":    Dots{Rows: rows, Axis: percent, Ratio: true, Ref: &Ref{At: 1, Text: "1 = aucun effet"}},
		"bars":      Dots{Rows: rows, Axis: percent, Bars: true, To: 100},
		"no rows":   Dots{Axis: percent},
		"lines":     Lines{Series: []Series{series}, Marks: events, Ticks: ticks, Axis: percent, Caption: "temps"},
		"no points": Lines{Axis: percent},
		"multiples": Multiples{Axis: percent, Labels: []string{long, "x", ""}, Panels: []Multiple{
			{long, [][]Value{{value(40, 35, 45)}, {Missing("non diffusé (effectif trop faible)"), value(100, 0, 100)}, {}}},
			{"b", [][]Value{{{X: nan, Low: 0, High: 3, Range: true, Text: "moins de 3 %"}}, {value(0, nan, nan)}, {}}},
			{"", make([][]Value, 3)}, {"d", make([][]Value, 3)}, {"e", make([][]Value, 3)}, {long, make([][]Value, 3)}}},
		"grid": Grid{Panels: []Panel{{long, make([]Cell, 4)}, {"b", []Cell{{nan, "–"}, {1, "100 %"}, {}, {}}}},
			Rows: []string{"15 %", "25 %"}, Columns: []string{"50 %", "60 %"}, Across: long, Down: long},
	}
}

// No text leaves its drawing or is cut, in either layout.
func TestTextsStay(t *testing.T) {
	for name, c := range hostileCharts() {
		for _, narrow := range []bool{false, true} {
			chart := c.Draw(narrow)
			for _, text := range left(chart) {
				t.Errorf("%s, narrow %v: %s", name, narrow, text)
			}
			if name == "dots" && strings.Count(drawn(chart), strings.ReplaceAll(long, " ", "")) != 2 {
				t.Errorf("narrow %v: a label is cut", narrow)
			}
			if strings.Contains(string(chart.Markup()), "NaN") {
				t.Errorf("%s, narrow %v: a shape is nowhere", name, narrow)
			}
		}
	}
	hours := Columns{Labels: []string{"7 h–9 h", "23 h–7 h"}, Values: []Value{Missing(long), {X: 3, Text: "3 %"}},
		Dark: []bool{false, true}, Axis: func(x float64) string { return fmt.Sprint(x) }}
	for _, text := range left(hours.Draw()) {
		t.Errorf("columns: %s", text)
	}
}

func TestWrap(t *testing.T) {
	for _, line := range Wrap("label", long, 200) {
		if Width("label", line) > 200 {
			t.Errorf("%q is longer than 200", line)
		}
	}
	if got := Wrap("label", "un\u00a0mot insécable", 60); got[0] != "un\u00a0mot" {
		t.Errorf("%q: a space that does not break was broken", got)
	}
	if got := strings.Join(Wrap("label", strings.Repeat("é", 50), 40), ""); got != strings.Repeat("é", 50) {
		t.Errorf("a long word came back as %q", got)
	}
}

// A bold text is wider than an upright one, and a letter nobody measured is an em.
func TestWidth(t *testing.T) {
	if Width("value", "40 %") <= Width("label", "40 %") {
		t.Error("bold is not wider")
	}
	if got := Width("label", "漢"); got != 13 {
		t.Errorf("an unknown letter takes %v, want an em", got)
	}
}

// Texts of a slope chart stay in the drawing and do not cover each other, however near the
// values are.
func TestSlopeTextsStayApart(t *testing.T) {
	s := Slope{Before: "2024-2025", After: "2025-2026"}
	for i := range 6 {
		x := 40 + float64(i)*0.2
		v := Value{X: x, Low: x - 2, High: x + 2, Text: "40 %"}
		s.Lines = append(s.Lines, SlopeLine{Label: "Position sociale de 85 à 95 des établissements", Before: v,
			After: v})
	}
	for _, narrow := range []bool{false, true} {
		c := s.Draw(narrow)
		type box struct{ left, right, top, bottom float64 }
		var boxes []box
		for _, x := range append(append([]shape{}, c.shapes...), c.late...) {
			if x.kind != 't' {
				continue
			}
			w := Width(x.class, x.text)
			left := x.x
			if x.anchor == "end" {
				left -= w
			}
			b := box{left, left + w, x.y - 9, x.y + 2}
			if b.left < -0.5 || b.right > c.W+0.5 || b.bottom > c.H || b.top < 0 {
				t.Errorf("narrow %v: %q leaves the drawing: %+v of %v × %v", narrow, x.text, b, c.W, c.H)
			}
			for _, o := range boxes {
				if b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom {
					t.Errorf("narrow %v: %q covers another text", narrow, x.text)
				}
			}
			boxes = append(boxes, b)
		}
	}
}
