package drawing

import "math"

// Grid is a map of shades: panels beside one another, each of the same rows and columns.
type Grid struct {
	Panels        []Panel
	Rows, Columns []string
	// Across and Down say what columns and rows are.
	Across, Down string
}

// Panel is one map; its cells stand row by row.
type Panel struct {
	Title string
	Cells []Cell
}

// Cell is a shade from 0 to 1, NaN for none, and the text on it.
type Cell struct {
	Shade float64
	Text  string
}

const cellHeight = 26

// Shades are the classes of a shade.
const Shades = 5

// Draw lays the panels out, beside one another in a wide drawing, else below one another.
func (g Grid) Draw(narrow bool) Chart {
	c := Chart{W: WideWidth, Narrow: narrow}
	across := len(g.Panels)
	if narrow {
		c.W, across = NarrowWidth, 1
	}
	left := 0.0
	for _, r := range g.Rows {
		left = math.Max(left, Width("tick", r))
	}
	left += 8
	gap := 16.0
	width := (c.W - left - gap*float64(across-1)) / float64(across)
	y := 0.0
	if g.Down != "" {
		text := Wrap("tick", g.Down, c.W)
		c.lines(0, 12, "start", "tick", text)
		y = float64(len(text))*leading + 4
	}
	for i, p := range g.Panels {
		if i%across == 0 && i > 0 {
			y = c.H
		}
		x := left + float64(i%across)*(width+gap)
		c.H = math.Max(c.H, g.panel(&c, p, x, y, width, i%across == 0))
	}
	if g.Across != "" {
		text := Wrap("tick", g.Across, c.W-left)
		c.lines(left, c.H+4, "start", "tick", text)
		c.H += float64(len(text))*leading + 2
	}
	return c
}

// panel draws one map and gives its lower end.
func (g Grid) panel(c *Chart, p Panel, x, y, width float64, first bool) float64 {
	title := Wrap("head", p.Title, width)
	c.lines(x, y+14, "start", "head", title)
	y += float64(len(title))*leading + 8
	cell := width / float64(len(g.Columns))
	for i, v := range p.Cells {
		row, column := i/len(g.Columns), i%len(g.Columns)
		left, top := x+float64(column)*cell, y+float64(row)*cellHeight
		class, text := shadeClass(v.Shade)
		c.Rect(left, top, cell-1.5, cellHeight-1.5, class)
		c.Text(left+cell/2, top+cellHeight/2+4, "middle", text, v.Text)
		if column == 0 && first {
			c.Text(x-8, top+cellHeight/2+4, "end", "tick", g.Rows[row])
		}
	}
	y += float64(len(p.Cells)/len(g.Columns)) * cellHeight
	for i, s := range g.Columns {
		c.Text(x+(float64(i)+0.5)*cell, y+14, "middle", "tick", s)
	}
	return y + 26
}

// shadeClass gives the class of a cell and that of the text on it.
func shadeClass(shade float64) (cell, text string) {
	if math.IsNaN(shade) {
		return "qn", "tiny none"
	}
	k := int(math.Min(shade, 0.999) * Shades)
	if k >= 3 {
		return ShadeClass(k), "tick on"
	}
	return ShadeClass(k), "tick off"
}
