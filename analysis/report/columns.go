package report

import (
	"math"
	"strings"
)

// columns is the vertical chart of hour bands.
type columns struct {
	labels []string
	values []value
	dark   []bool // evening and night
	lang   lang
	small  bool // a card's width
}

func (k columns) draw() chart {
	c := chart{W: wideWidth, H: 262}
	left, right, top, bottom := 48.0, 8.0, 22.0, 226.0
	if k.small {
		c.W, c.H = narrowWidth, 150
		left, right, top, bottom = 4, 4, 18, 128
	}
	high := 0.0
	for _, v := range k.values {
		high = math.Max(high, v.top())
	}
	marks := ticks(0, high, 4)
	s := scale{0, marks[len(marks)-1], bottom, top}
	for _, m := range marks {
		if k.small {
			break // the values stand on the bars
		}
		c.line(left, s.at(m), c.W-right, s.at(m), "grid")
		c.text(left-6, s.at(m)+4, "end", "tick", k.lang.percent(m))
	}
	width := (c.W - left - right) / float64(len(k.values))
	for i, v := range k.values {
		middle := left + width*(float64(i)+0.5)
		c.text(middle, bottom+17, "middle", "tick", k.labels[i])
		if v.state != shown {
			if k.small {
				c.text(middle, bottom-6, "middle", "none", "–")
				continue
			}
			for j, word := range strings.SplitN(v.text(k.lang, share), " (", 2) {
				c.text(middle, bottom-20+float64(j)*14, "middle", "none tiny", strings.TrimSuffix(word, ")"))
			}
			continue
		}
		class := "bar day"
		if k.dark[i] {
			class = "bar"
		}
		c.rect(middle-width*0.36, s.at(v.est), width*0.72, bottom-s.at(v.est), class)
		y := s.at(v.est)
		if v.interval {
			y = math.Min(y, s.at(v.high))
			c.line(middle, s.at(v.low), middle, s.at(v.high), "halo")
			c.line(middle, s.at(v.low), middle, s.at(v.high), "ci")
		}
		if k.small {
			c.text(middle, y-5, "middle", "value", share.bare(k.lang, v.est))
			continue
		}
		c.text(middle, y-6, "middle", "value", v.short(k.lang, share))
	}
	c.line(left, bottom, c.W-right, bottom, "axis")
	return c
}
