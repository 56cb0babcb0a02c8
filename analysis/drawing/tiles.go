package drawing

import (
	"cmp"
	"math"
	"slices"
)

// Tiles is a map on which each territory is a tile of the same size, in five classes of equal
// number by its value: a large one says no more than a small one.
type Tiles struct {
	List          []Tile
	Columns, Rows int
}

// Tile is one territory: a short name, its place, and its value with the text of it; NaN is
// not known.
type Tile struct {
	Name        string
	Column, Row int
	Value       float64
	Text        string
}

// Edges are the upper ends of the classes; nil where nothing is known.
func (t Tiles) Edges() []float64 {
	var values []float64
	for _, x := range t.List {
		if !math.IsNaN(x.Value) {
			values = append(values, x.Value)
		}
	}
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	edges := make([]float64, Shades)
	for k := range edges {
		edges[k] = values[int(math.Ceil(float64(len(values)*(k+1))/Shades))-1]
	}
	return edges
}

// Draw lays the map out. The value of a tile is written where it has room.
func (t Tiles) Draw(narrow bool) Chart {
	c := Chart{W: WideWidth, Narrow: narrow}
	height, gap := 40.0, 4.0
	if narrow {
		c.W, height, gap = NarrowWidth, 30, 2
	}
	width := c.W / float64(t.Columns)
	c.H = float64(t.Rows) * (height + gap)
	edges := t.Edges()
	list := slices.SortedStableFunc(slices.Values(t.List), func(a, b Tile) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Column, b.Column))
	})
	roomy := !slices.ContainsFunc(list, func(x Tile) bool { return Width("tilename tiny", x.Text) > width-gap })
	for _, x := range list {
		left, top := float64(x.Column)*width, float64(x.Row)*(height+gap)
		class, ink, text := "qn", "tilename", "–"
		if !math.IsNaN(x.Value) {
			k := slices.IndexFunc(edges, func(e float64) bool { return x.Value <= e })
			class, text = ShadeClass(k), x.Text
			ink = "tilename off"
			if k >= 3 {
				ink = "tilename on"
			}
		}
		c.Rect(left, top, width-gap, height, class)
		middle := left + (width-gap)/2
		if !roomy {
			name := Wrap(ink+" tiny", x.Name, width-gap)[0]
			c.Text(middle, top+height/2+4, "middle", ink+" tiny", name)
			continue
		}
		c.Text(middle, top+height/2-3, "middle", ink, Wrap(ink, x.Name, width-gap)[0])
		c.Text(middle, top+height/2+12, "middle", ink+" tiny", text)
	}
	return c
}

// ShadeClass is the class of the shapes of a shade, from 0 to 4.
func ShadeClass(k int) string { return "q" + string(rune('0'+k)) }
