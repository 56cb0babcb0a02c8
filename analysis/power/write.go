package power

import (
	"encoding/csv"
	"fmt"
	"html"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/entscope/entscope/analysis/drawing"
)

// Formats are what [Plan.Write] writes.
var Formats = []string{"table", "csv", "svg"}

// Plan is some measures and the numbers of schools to ask about.
type Plan struct {
	Test  Test
	Bases []Basis
	// Schools are asked about besides those of each basis.
	Schools []int64
}

// Write writes the detectable differences: aligned text, CSV, or curves over the number of
// schools as SVG.
func (p Plan) Write(w io.Writer, format string) error {
	switch format {
	case "", "table":
		return p.writeTable(w)
	case "csv":
		return p.writeCSV(w)
	case "svg":
		_, err := io.WriteString(w, p.curves())
		return err
	}
	return fmt.Errorf("power: format %q is not one of %s", format, strings.Join(Formats, ", "))
}

func (p Plan) writeTable(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Smallest difference between two halves of the schools found with power %g at %g, two-sided.\n"+
		"Shares of persons in points of percent; amounts, and shares of visits, days and weeks, as they are: "+
		"0.1 is 10 points.\n\n", p.Test.Power, p.Test.Alpha)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "measure\tpopulation\tvalue\tICC\tdesign\tschools\tdifference\t")
	for _, n := range p.Schools {
		fmt.Fprintf(w, "of %d\t", n)
	}
	fmt.Fprint(w, "\n")
	for _, s := range p.Bases {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t", s.Measure, s.Population, s.text(s.Value), plain(s.ICC, 3),
			plain(s.DesignEffect, 3), s.Schools, s.text(s.Detectable(s.Schools, p.Test)))
		for _, n := range p.Schools {
			fmt.Fprintf(w, "%s\t", s.text(s.Detectable(n, p.Test)))
		}
		fmt.Fprint(w, "\n")
	}
	w.Flush()
	_, err := io.WriteString(out, b.String())
	return err
}

func (b Basis) text(v float64) string {
	if b.Share {
		return plain(100*v, 3)
	}
	return plain(v, 3)
}

func plain(v float64, digits int) string {
	if math.IsNaN(v) {
		return "–"
	}
	return strconv.FormatFloat(v, 'g', digits, 64)
}

func (p Plan) writeCSV(w io.Writer) error {
	records := [][]string{{"measure", "population", "value", "se", "icc", "design_effect", "schools", "detectable",
		"alpha", "power"}}
	cell := func(v float64) string {
		if math.IsNaN(v) {
			return ""
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	for _, b := range p.Bases {
		for _, n := range slices.Concat([]int64{b.Schools}, p.Schools) {
			records = append(records, []string{b.Measure, b.Population, cell(b.Value),
				cell(b.SE * math.Sqrt(float64(b.Schools)/float64(n))), cell(b.ICC), cell(b.DesignEffect),
				strconv.FormatInt(n, 10), cell(b.Detectable(n, p.Test)), cell(p.Test.Alpha), cell(p.Test.Power)})
		}
	}
	return csv.NewWriter(w).WriteAll(records)
}

// MaxCurves is how many measures one drawing of curves holds.
const MaxCurves = 4

const curveStyle = `text{font:13px "DejaVu Sans",sans-serif;fill:#161616}.tick,.reftext{font-size:12px;fill:#555}` +
	`.strong{font-weight:700}line{stroke:#ddd}.axis{stroke:#555}polyline,path{fill:none;stroke-width:2}`

// strokes are the colours of the curves, which differ in grey too.
var strokes = [MaxCurves]string{"#1f4e79", "#c05a00", "#4a7d2c", "#8a8a8a"}

// curves draws the detectable difference over the number of schools, relative to the value
// of the measure, so that shares and amounts stand on one scale.
func (p Plan) curves() string {
	lines := drawing.Lines{Axis: func(v float64) string { return fmt.Sprintf("%.3g %%", 100*v) },
		Caption: "number of schools, log scale"}
	most := int64(200)
	for _, b := range p.Bases {
		most = max(most, b.Schools)
	}
	for _, n := range []int64{12, 20, 50, 100, 200, 500, 1000, 2000, 5000} {
		if n <= most {
			lines.Ticks = append(lines.Ticks, drawing.Tick{At: math.Log(float64(n)), Text: strconv.FormatInt(n, 10)})
		}
	}
	var legend, style strings.Builder
	for k, b := range p.Bases[:min(MaxCurves, len(p.Bases))] {
		s := drawing.Series{Class: fmt.Sprintf("power%d", k)}
		for v := math.Log(MinSchools); v <= math.Log(float64(most))+1e-9; v += 0.1 {
			d := b.Detectable(int64(math.Round(math.Exp(v))), p.Test) / math.Abs(b.Value)
			s.Points = append(s.Points, drawing.Reading{X: v, Y: d, Low: math.NaN(), High: math.NaN()})
		}
		lines.Series = append(lines.Series, s)
		fmt.Fprintf(&style, ".power%d{stroke:%s}", k, strokes[k])
		fmt.Fprintf(&legend, `<line x1="6" x2="30" y1="%d" y2="%d" style="stroke:%s;stroke-width:2"/>`+
			`<text x="38" y="%d">%s</text>`, -8-18*k, -8-18*k, strokes[k], -4-18*k,
			html.EscapeString(strings.TrimSpace(b.Measure+" "+b.Population)))
	}
	chart := lines.Draw(false)
	above := 34 + 18*len(lines.Series)
	title := fmt.Sprintf("Smallest difference found, over the value (power %g, alpha %g)", p.Test.Power, p.Test.Alpha)
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -%d %s %s" role="img" aria-label="%s">`+
		`<style>%s%s</style><text x="6" y="%d" class="strong">%s</text>%s`+"\n%s\n</svg>\n",
		above, drawing.Coordinate(chart.W), drawing.Coordinate(chart.H+float64(above)), html.EscapeString(title),
		curveStyle, style.String(), 16-above, html.EscapeString(title), legend.String(),
		strings.TrimSpace(string(chart.Markup())))
}
