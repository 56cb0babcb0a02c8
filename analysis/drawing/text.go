package drawing

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// widthsText gives the advance of each letter in DejaVu Sans, upright and bold, in
// thousandths of the size: code point in hexadecimal, upright, bold. They were measured in
// Chromium; kerning only makes words shorter.
//
//go:embed widths.txt
var widthsText string

// advance is the width of a letter, upright and bold.
type advance struct{ upright, bold float64 }

var widths = sync.OnceValue(func() map[rune]advance {
	out := map[rune]advance{}
	for line := range strings.Lines(widthsText) {
		fields := strings.Fields(line)
		code, _ := strconv.ParseInt(fields[0], 16, 32) // the file is tested
		upright, _ := strconv.Atoi(fields[1])
		bold, _ := strconv.Atoi(fields[2])
		out[rune(code)] = advance{float64(upright) / 1000, float64(bold) / 1000}
	}
	return out
})

// face is how the letters of a class are set.
type face struct {
	size float64
	bold bool
}

var plain = face{13, false}

// Width is what a text of a class takes at most, in user units. A letter the table does not
// know counts as an em.
func Width(class, s string) float64 {
	f := faceOf(class)
	total := 0.0
	for _, r := range s {
		w, ok := widths()[r]
		switch {
		case !ok:
			total++
		case f.bold:
			total += w.bold
		default:
			total += w.upright
		}
	}
	return total * f.size
}

// Wrap breaks a text of a class into lines of at most width. A word that is longer is
// broken itself.
func Wrap(class, s string, width float64) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }) {
		joined := strings.TrimPrefix(line+" "+word, " ")
		if Width(class, joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for Width(class, word) > width {
			n := fits(class, word, width)
			lines, word = append(lines, word[:n]), word[n:]
		}
		line = word
	}
	return append(lines, line)
}

// fits is how many bytes of a word stand in width: a letter at least.
func fits(class, word string, width float64) int {
	n := 0
	for i, r := range word {
		next := i + len(string(r))
		if n > 0 && Width(class, word[:next]) > width {
			break
		}
		n = next
	}
	return n
}

// leading is the height of a line of text.
const leading = 15

// lines writes lines below one another, the first at y.
func (c *Chart) lines(x, y float64, anchor, class string, text []string) {
	for i, s := range text {
		c.Text(x, y+float64(i)*leading, anchor, class, s)
	}
}

// within moves a text that is centred at x into the drawing; it gives its left end.
func (c *Chart) within(x float64, class, s string) float64 {
	w := Width(class, s)
	return max(0, min(x-w/2, c.W-w))
}
