package model

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// notReleased marks everything before protection, as analyze does.
const notReleased = "NOT RELEASED: exact figures of an edition, for the secure environment only."

// Formats are what [Report.Write] writes.
var Formats = []string{"table", "csv", "json", "svg"}

// Write writes the report: aligned text, one CSV of all numbers, JSON, or a forest plot.
func (r *Report) Write(w io.Writer, format string) error {
	switch format {
	case "", "table":
		return r.writeText(w)
	case "csv":
		return r.writeCSV(w)
	case "json":
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		return e.Encode(r)
	case "svg":
		_, err := io.WriteString(w, r.forest())
		return err
	}
	return fmt.Errorf("%w: format %w", ErrAsked, vocabulary.Unknown(format, Formats))
}

func (r *Report) writeText(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n", notReleased, r.Formula)
	fmt.Fprintf(&b, "%s from %s", r.Response, r.Source)
	if r.Population != "" {
		fmt.Fprintf(&b, ", %s", r.Population)
	}
	fmt.Fprintf(&b, "; %s\n%d persons, %d schools, %d clusters, %d rows", r.Method, r.Persons, r.Schools, r.Clusters,
		r.Rows)
	var refs []string
	for _, f := range slices.Sorted(maps.Keys(r.References)) {
		refs = append(refs, f+" "+r.References[f])
	}
	if len(refs) > 0 {
		fmt.Fprintf(&b, "; compared with %s", strings.Join(refs, ", "))
	}
	b.WriteString("\n\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	name := "coefficient"
	if r.Ratio != "" {
		name = r.Ratio
	}
	fmt.Fprintf(w, "term\t%s\t95 %% interval\tdf\tp\tnoise\t\n", name)
	for _, c := range r.Coefficients {
		i := c.Interval
		if c.Ratio != nil {
			i = *c.Ratio
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t\n", c.Term, digits(i.Value), i.text(), digits(c.DF), pText(c.P),
			percent(c.Noise))
	}
	w.Flush()
	if len(r.Tests) > 0 {
		b.WriteString("\n")
		fmt.Fprint(w, "joint test\tF\tdf\tp\t\n")
		for _, t := range r.Tests {
			fmt.Fprintf(w, "%s\t%s\t%d, %s\t%s\t\n", t.Term, digits(t.F), t.DF1, digits(t.DF2), pText(t.P))
		}
		w.Flush()
	}
	if len(r.Means) > 0 {
		b.WriteString("\n")
		fmt.Fprint(w, "standardised mean\tvalue\t95 % interval\t\n")
		for _, m := range r.Means {
			fmt.Fprintf(w, "%s %s\t%s\t%s\t\n", m.Factor, m.Value, digits(m.Interval.Value), m.text())
		}
		w.Flush()
		b.WriteString("\n")
		fmt.Fprint(w, "difference\tvalue\t95 % interval\tp\tp (Holm)\t\n")
		for _, c := range r.Contrasts {
			fmt.Fprintf(w, "%s %s − %s\t%s\t%s\t%s\t%s\t\n", c.Factor, c.Value, c.From, digits(c.Interval.Value),
				c.text(), pText(c.P), pText(c.Adjusted))
		}
		w.Flush()
	}
	r.writeChecks(&b, w)
	_, err := io.WriteString(out, b.String())
	return err
}

func (r *Report) writeChecks(b *strings.Builder, w *tabwriter.Writer) {
	if len(r.LogRank) > 0 {
		b.WriteString("\n")
		fmt.Fprint(w, "group\tevents\texpected\tratio\t\n")
		for _, g := range r.LogRank {
			fmt.Fprintf(w, "%s\t%.0f\t%.1f\t%.3f\t\n", g.Value, g.Observed, g.Expected, g.Observed/g.Expected)
		}
		w.Flush()
	}
	if len(r.Rootogram) > 0 {
		b.WriteString("\n")
		fmt.Fprint(w, "bin\tobserved\texpected\t√o − √e\t\n")
		for _, bar := range r.Rootogram {
			fmt.Fprintf(w, "%s\t%.0f\t%.1f\t%+.2f\t\n", bar.Bin, bar.Observed, bar.Expected, bar.Hanging)
		}
		w.Flush()
	}
	if checks := slices.Concat(r.LogRankTests, r.Checks); len(checks) > 0 {
		b.WriteString("\n")
		for _, c := range checks {
			fmt.Fprintf(b, "%s: %s (%s)\n", c.Name, digits(c.Value), c.Read)
		}
	}
	if len(r.Notes) > 0 {
		b.WriteString("\n")
		for _, n := range r.Notes {
			fmt.Fprintf(b, "- %s\n", n)
		}
	}
}

// none stands for a number that does not exist.
const none = "–"

func digits(v *float64) string {
	if v == nil {
		return none
	}
	return strconv.FormatFloat(*v, 'g', 4, 64)
}

func pText(v *float64) string {
	switch {
	case v == nil:
		return none
	case *v < 0.0001:
		return "< 0.0001"
	}
	return strconv.FormatFloat(*v, 'f', 4, 64)
}

func percent(v *float64) string {
	if v == nil {
		return none
	}
	return strconv.FormatFloat(100**v, 'f', 0, 64) + " %"
}

func (i Interval) text() string {
	if !i.bounded() {
		return none
	}
	return "[" + digits(i.Low) + ", " + digits(i.High) + "]"
}

// writeCSV writes one line a number, marked as not released.
func (r *Report) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	cell := func(v *float64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'g', -1, 64)
	}
	records := [][]string{{"kind", "term", "from", "value", "low", "high", "se", "df", "p", "p_holm", "released"}}
	add := func(kind, term, from string, i Interval, holm *float64) {
		records = append(records, []string{kind, term, from, cell(i.Value), cell(i.Low), cell(i.High), cell(i.SE),
			cell(i.DF), cell(i.P), cell(holm), "false"})
	}
	for _, c := range r.Coefficients {
		add("coefficient", c.Term, "", c.Interval, nil)
		if c.Ratio != nil {
			add(r.Ratio, c.Term, "", *c.Ratio, nil)
		}
	}
	for _, t := range r.Tests {
		add("joint test", t.Term, "", Interval{Value: t.F, DF: t.DF2, P: t.P}, nil)
	}
	for _, m := range r.Means {
		add("standardised mean", m.Factor+" "+m.Value, "", m.Interval, nil)
	}
	for _, c := range r.Contrasts {
		add("difference", c.Factor+" "+c.Value, c.From, c.Interval, c.Adjusted)
	}
	for _, g := range r.LogRank {
		add("observed events", g.Value, "", Interval{Value: &g.Observed}, nil)
		add("expected events", g.Value, "", Interval{Value: &g.Expected}, nil)
	}
	for _, c := range slices.Concat(r.LogRankTests, r.Checks) {
		add("check", c.Name, "", Interval{Value: c.Value}, nil)
	}
	for _, bar := range r.Rootogram {
		add("observed", bar.Bin, "", Interval{Value: &bar.Observed}, nil)
		add("expected", bar.Bin, "", Interval{Value: &bar.Expected}, nil)
	}
	return out.WriteAll(records)
}
