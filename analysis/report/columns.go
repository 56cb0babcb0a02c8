package report

import (
	"math"
	"strings"

	"github.com/entscope/entscope/analysis/drawing"
)

// columns is the vertical chart of hour bands.
type columns struct {
	labels []string
	values []value
	dark   []bool // evening and night
	lang   lang
	small  bool // a card's width
}

func (k columns) draw() drawing.Chart {
	c := drawing.Chart{W: drawing.WideWidth, H: 262}
	left, right, top, bottom := 48.0, 8.0, 22.0, 226.0
	if k.small {
		c.W, c.H = drawing.NarrowWidth, 150
		left, right, top, bottom = 4, 4, 18, 128
	}
	high := 0.0
	for _, v := range k.values {
		high = math.Max(high, v.top())
	}
	marks := drawing.Ticks(0, high, 4)
	s := drawing.Scale{From: 0, To: marks[len(marks)-1], Start: bottom, End: top}
	for _, m := range marks {
		if k.small {
			break // the values stand on the bars
		}
		c.Line(left, s.At(m), c.W-right, s.At(m), "grid")
		c.Text(left-6, s.At(m)+4, "end", "tick", k.lang.Percent(m))
	}
	width := (c.W - left - right) / float64(len(k.values))
	for i, v := range k.values {
		middle := left + width*(float64(i)+0.5)
		c.Text(middle, bottom+17, "middle", "tick", k.labels[i])
		if v.state != shown {
			if k.small {
				c.Text(middle, bottom-6, "middle", "none", "–")
				continue
			}
			for j, word := range strings.SplitN(v.text(k.lang, share), " (", 2) {
				c.Text(middle, bottom-20+float64(j)*14, "middle", "none tiny", strings.TrimSuffix(word, ")"))
			}
			continue
		}
		class := "bar day"
		if k.dark[i] {
			class = "bar"
		}
		c.Rect(middle-width*0.36, s.At(v.est), width*0.72, bottom-s.At(v.est), class)
		y := s.At(v.est)
		if v.interval {
			y = math.Min(y, s.At(v.high))
			c.Line(middle, s.At(v.low), middle, s.At(v.high), "halo")
			c.Line(middle, s.At(v.low), middle, s.At(v.high), "ci")
		}
		if k.small {
			c.Text(middle, y-5, "middle", "value", share.bare(k.lang, v.est))
			continue
		}
		c.Text(middle, y-6, "middle", "value", v.short(k.lang, share))
	}
	c.Line(left, bottom, c.W-right, bottom, "axis")
	return c
}
