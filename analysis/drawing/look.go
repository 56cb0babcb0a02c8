package drawing

import (
	"slices"
	"strconv"
	"strings"
)

// A colour has a name in the pages, and a value for day and night.
type colour struct{ name, day, night string }

// palette are the colours of a page: its text and ground, and those of its charts.
var palette = []colour{
	{"ground", "#ffffff", "#14171c"}, {"ink", "#161616", "#eceff4"}, {"soft", "#4a4a4a", "#b6bdc8"},
	{"blue", "#1f4e8c", "#8db6ee"}, {"day", "#7f9fc9", "#4a6a99"}, {"pale", "#f2f5f9", "#1f252e"},
	{"rule", "#d5d9df", "#3a424e"}, {"axis", "#6b7280", "#8b94a3"}, {"mark", "#a3123f", "#ff8fab"},
	{"green", "#17603a", "#7fd1a5"}, {"brown", "#7a4a00", "#e0b26c"},
	{"warn", "#fff4d6", "#3b3216"}, {"warnink", "#5c3c00", "#ffe3a1"},
}

// look says how the shapes of a class, or of several together, are drawn. What is not set
// is as of the looks above it.
type look struct {
	classes      string // all of them
	fill, stroke string // a name of the palette, #rrggbb, or none
	width        float64
	opacity      float64 // of what is filled
	dash         string
	round        bool // joins and ends of lines
	text         face // of a text; the zero face is no text
	italic       bool
	halo         bool // the stroke is drawn below what is filled
}

// looks are those of all shapes, the general ones first: a page reads them as a style sheet,
// a picture as they are.
var looks = []look{
	{classes: "", fill: "ink", text: plain},
	{classes: "tick", fill: "soft", text: face{12, false}},
	{classes: "head", fill: "soft", text: face{13, true}},
	{classes: "strong", text: face{13, true}},
	{classes: "value", text: face{13, true}},
	{classes: "title", text: face{15, true}},
	{classes: "tilename", text: face{12, true}},
	{classes: "none", fill: "soft", italic: true, text: face{13, false}},
	{classes: "reftext", fill: "mark", text: face{12, true}},
	{classes: "tiny", text: face{11, false}},
	{classes: "over", stroke: "ground", width: 4, round: true, halo: true},
	{classes: "on", fill: "#ffffff"}, {classes: "off", fill: "#161616"},
	{classes: "bar", fill: "blue"},
	{classes: "bar second", fill: "ground", stroke: "blue", width: 1.5},
	{classes: "bar day", fill: "day"},
	{classes: "dot", fill: "blue", stroke: "ground", width: 1},
	{classes: "dot second", fill: "ground", stroke: "blue", width: 2},
	{classes: "dot s1", fill: "ground", stroke: "blue", width: 2},
	{classes: "dot before", fill: "ground", stroke: "soft", width: 2},
	{classes: "series", fill: "none", stroke: "blue", width: 2, round: true},
	{classes: "series s1", stroke: "mark", dash: "5 3"},
	{classes: "series s2", stroke: "green", dash: "2 3"},
	{classes: "series s3", stroke: "brown"}, {classes: "series s4", stroke: "soft"},
	{classes: "slope", stroke: "soft", width: 1.6},
	{classes: "band", fill: "day", opacity: 0.35},
	{classes: "holiday", fill: "rule", opacity: 0.6},
	{classes: "q0", fill: "#e4ecf6"}, {classes: "q1", fill: "#b9cde8"}, {classes: "q2", fill: "#8fb0da"},
	{classes: "q3", fill: "#3f6dae"}, {classes: "q4", fill: "#1f4e8c"},
	{classes: "qn", fill: "none", stroke: "axis", width: 1, dash: "3 2"},
	{classes: "range", fill: "day", stroke: "blue", width: 1.5},
	{classes: "range second", fill: "ground"},
	{classes: "grid", stroke: "rule", width: 1}, {classes: "axis", stroke: "axis", width: 1},
	{classes: "rule", stroke: "rule", width: 1},
	{classes: "halo", stroke: "ground", width: 4.5}, {classes: "ci", stroke: "ink", width: 1.6},
	{classes: "ref", stroke: "mark", width: 1.8, dash: "5 3"},
	{classes: "peer", stroke: "mark", width: 3},
}

// looksOf are those that hold for the classes of a shape, the general ones first.
func looksOf(class string) []look {
	have := strings.Fields(class)
	var out []look
	for _, l := range looks {
		if !slices.ContainsFunc(strings.Fields(l.classes), func(c string) bool { return !slices.Contains(have, c) }) {
			out = append(out, l)
		}
	}
	return out
}

// faceOf is the face of a text of a class: that of the last look that has one.
func faceOf(class string) (f face) {
	for _, l := range looksOf(class) {
		if l.text.size > 0 {
			f = l.text
		}
	}
	return f
}

// Style is the looks of all shapes as a style sheet; the colours are variables of Palette.
func Style() string {
	var b strings.Builder
	for _, l := range looks {
		b.WriteString(l.selector() + "{" + strings.Join(l.properties(), ";") + "}\n")
	}
	return b.String()
}

func (l look) selector() string {
	if l.classes == "" {
		return "svg text"
	}
	class := "." + strings.Join(strings.Fields(l.classes), ".")
	switch {
	case l.classes == "on" || l.classes == "off":
		return "svg text" + class // over the colour of their face
	case l.text.size > 0 || l.halo:
		return "svg " + class
	}
	return class
}

func (l look) properties() []string {
	var out []string
	add := func(name, value string) {
		if value != "" {
			out = append(out, name+":"+value)
		}
	}
	if l.text.size > 0 {
		add("font-size", strconv.FormatFloat(l.text.size, 'g', -1, 64)+"px")
	}
	switch {
	case l.text.bold:
		add("font-weight", "700")
	case l.text.size > 0:
		add("font-weight", "400")
	}
	if l.italic {
		add("font-style", "italic")
	}
	if l.halo {
		add("paint-order", "stroke")
	}
	add("fill", variable(l.fill))
	add("stroke", variable(l.stroke))
	if l.width > 0 {
		add("stroke-width", strconv.FormatFloat(l.width, 'g', -1, 64))
	}
	if l.opacity > 0 {
		add("fill-opacity", strconv.FormatFloat(l.opacity, 'g', -1, 64))
	}
	add("stroke-dasharray", l.dash)
	if l.round {
		add("stroke-linejoin", "round")
		add("stroke-linecap", "round")
	}
	return out
}

// variable is a colour as a style sheet says it.
func variable(name string) string {
	if name == "" || name == "none" || strings.HasPrefix(name, "#") {
		return name
	}
	return "var(--" + name + ")"
}

// Palette sets the colours of a page, of the day or of the night.
func Palette(night bool) string {
	var out []string
	for _, c := range palette {
		value := c.day
		if night {
			value = c.night
		}
		out = append(out, "--"+c.name+":"+value)
	}
	return strings.Join(out, ";")
}
