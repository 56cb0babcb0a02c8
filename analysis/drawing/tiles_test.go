package drawing

import (
	"math"
	"strconv"
	"testing"
)

// Every text of a map stands in its tile; five classes hold as many territories each, and what
// is not known is in none.
func TestTiles(t *testing.T) {
	m := Tiles{Columns: 12, Rows: 4}
	for i := range 40 {
		x := Tile{Name: "Département de la Côte " + strconv.Itoa(i), Column: i % 12, Row: i / 12,
			Value: float64(i), Text: "12,5"}
		if i == 7 {
			x.Value, x.Text = math.NaN(), ""
		}
		m.List = append(m.List, x)
	}
	if e := m.Edges(); len(e) != Shades || e[Shades-1] != 39 {
		t.Errorf("edges %v", e)
	}
	for _, narrow := range []bool{false, true} {
		c := m.Draw(narrow)
		classes := map[string]int{}
		var tile shape
		for _, s := range c.shapes {
			if s.kind == 'r' {
				classes[s.class]++
				tile = s
				continue
			}
			if w := Width(s.class, s.text); s.x-w/2 < tile.x-0.5 || s.x+w/2 > tile.x+tile.w+0.5 {
				t.Errorf("narrow %v: %q leaves its tile", narrow, s.text)
			}
			if s.y > tile.y+tile.h {
				t.Errorf("narrow %v: %q stands below its tile", narrow, s.text)
			}
		}
		if classes["qn"] != 1 {
			t.Errorf("%d tiles are of no class", classes["qn"])
		}
		for k := range Shades {
			if n := classes[ShadeClass(k)]; n < 7 || n > 9 {
				t.Errorf("%d tiles of class %d", n, k)
			}
		}
	}
	if e := (Tiles{List: []Tile{{Value: math.NaN()}}}).Edges(); e != nil {
		t.Errorf("edges of nothing: %v", e)
	}
}
