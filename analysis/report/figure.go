package report

import (
	"slices"
	"sort"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
)

// figure is one drawn figure with everything around it.
type figure struct {
	ID      string
	Number  int
	Title   string
	Reading []string
	Legend  []legend
	Wide    *chart
	Narrow  *chart
	Table   table
	// Groups are the same measures by group, for a figure whose rows are measures.
	Groups  []groupTable
	Notes   []string
	results []indicator.Result
}

// groupTable is one table of measures by group, for one denominator.
type groupTable struct {
	Caption string
	Table   table
}

type legend struct{ Class, Text string }

type table struct {
	Head []string
	Rows []tableRow
}

type tableRow struct {
	Head  bool // a subtitle over the next rows
	Label string
	Cells []string
}

// drawer makes the figures of one report.
type drawer struct {
	lang    lang
	subject string
	results []indicator.Result
	used    []bool // by a figure, so far
}

// words picks the language and says who the subject is.
func (d *drawer) words(s [2]string) string {
	text := d.lang.t(s[0], s[1])
	plural := d.lang.t("parents", "parents")
	if d.subject == "pupil" {
		plural = d.lang.t("élèves", "pupils")
	}
	return strings.NewReplacer("{parents}", plural, "{Parents}", capital(plural)).Replace(text)
}

// grouping is the key of a one-way group and its value; everybody is "", "".
func grouping(r indicator.Result) (key, group string) {
	keys := make([]string, 0, len(r.Group))
	for k := range r.Group {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	values := make([]string, len(keys))
	for i, k := range keys {
		values[i] = r.Group[k]
	}
	return strings.Join(keys, "×"), strings.Join(values, " × ")
}

// find takes the result of a cell and marks it as used.
func (d *drawer) find(indicator, measure, population, key, group string, u unit) (value, bool) {
	for i, r := range d.results {
		k, g := grouping(r)
		if r.Indicator == indicator && r.Measure == measure && k == key && g == group &&
			(population == "" || r.Population == population) {
			d.used[i] = true
			return publish(r, u), true
		}
	}
	return value{}, false
}

// groups lists the values of a grouping that hold a result of the figure.
func (d *drawer) groups(s spec, key string) []string {
	seen := map[string]bool{}
	for _, r := range d.results {
		if k, g := grouping(r); k == key && d.concerns(s, r) {
			seen[g] = true
		}
	}
	var out []string
	for _, g := range groupOrder[key] {
		if seen[g] {
			out = append(out, g)
			delete(seen, g)
		}
	}
	rest := make([]string, 0, len(seen))
	for g := range seen {
		rest = append(rest, g)
	}
	sort.Strings(rest)
	return append(out, rest...)
}

func (d *drawer) concerns(s spec, r indicator.Result) bool {
	if r.Indicator != s.indicator {
		return false
	}
	for _, x := range s.series {
		if (x.population == "" || x.population == r.Population) && x.measure == r.Measure {
			return true
		}
	}
	return false
}

func (d *drawer) groupName(key, group string) string {
	if key == "" {
		return d.lang.t("Ensemble", "Everyone")
	}
	if t, ok := groupText[key][group]; ok {
		return d.lang.t(t[0], t[1])
	}
	return group
}

// rows lays the results of a spec out as bar rows, groupings as headings.
func (d *drawer) rows(s spec) []barRow {
	if s.kind != byGroup {
		return d.measureRows(s)
	}
	keys := append([]string(nil), groupingOrder...)
	for _, r := range d.results {
		if k, _ := grouping(r); d.concerns(s, r) && !contains(keys, k) {
			keys = append(keys, k)
		}
	}
	var rows []barRow
	for _, key := range keys {
		groups := d.groups(s, key)
		if key != "" && len(groups) > 0 {
			rows = append(rows, barRow{head: true, label: d.groupingName(key)})
		}
		for _, g := range groups {
			row := barRow{label: d.groupName(key, g), strong: key == ""}
			for _, x := range s.series {
				v, ok := d.find(s.indicator, x.measure, x.population, key, g, s.unit)
				if !ok {
					v = value{}
				}
				row.values = append(row.values, v)
			}
			rows = append(rows, row)
		}
	}
	return dropEmptySeries(rows)
}

func (d *drawer) groupingName(key string) string {
	if t, ok := groupingText[key]; ok {
		return d.lang.t(t[0], t[1])
	}
	return capital(key)
}

func (d *drawer) measureRows(s spec) []barRow {
	var rows []barRow
	for _, m := range s.rows {
		row := barRow{label: d.words(m.label)}
		any := false
		for _, x := range s.series {
			v, ok := d.find(s.indicator, m.measure, x.population, "", "", s.unit)
			any = any || ok
			row.values = append(row.values, v)
		}
		if any {
			rows = append(rows, row)
		}
	}
	return dropEmptySeries(rows)
}

// dropEmptySeries removes a second series nobody computed.
func dropEmptySeries(rows []barRow) []barRow {
	width := 0
	for _, r := range rows {
		for i, v := range r.values {
			if v.state != absent && i+1 > width {
				width = i + 1
			}
		}
	}
	for i := range rows {
		if len(rows[i].values) > width {
			rows[i].values = rows[i].values[:width]
		}
	}
	return rows
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// spoken says that the page words this warning elsewhere: in the value itself,
// or in the sentence that counts what is not released.
func spoken(w string) bool {
	switch indicator.Code(w) {
	case indicator.CodeBelow, indicator.CodeAbove, indicator.CodePrimary, indicator.CodeSecondary, indicator.CodeDominance:
		return true
	}
	return false
}

// aboutFeeds says that a warning is about a source that stopped or came late: it
// touches every figure, and is said once at the top.
func aboutFeeds(w string) bool {
	return strings.HasPrefix(indicator.Code(w), "feed_")
}

// feedNotes are the warnings about sources, once each.
func (d *drawer) feedNotes() []string {
	var out []string
	for _, r := range d.results {
		for _, w := range r.Warnings {
			if text := d.lang.warning(w); aboutFeeds(w) && r.Status == indicator.Published && !contains(out, text) {
				out = append(out, text)
			}
		}
	}
	slices.Sort(out)
	return out
}

// figure draws one spec; false when nobody computed it.
func (d *drawer) figure(s spec) (figure, bool) {
	before := append([]bool(nil), d.used...)
	rows := d.rows(s)
	if len(rows) == 0 {
		return figure{}, false
	}
	f := figure{ID: s.id, Title: d.words(s.title), Groups: d.groupTables(s)}
	for i, r := range d.results {
		if d.used[i] && !before[i] {
			f.results = append(f.results, r)
		}
	}
	f.Reading = d.reading(s, rows)
	f.Table = d.table(s, rows)
	f.Notes = d.notes(rows)
	if anyShown(rows) {
		f.Legend = d.legend(s, rows)
		d.draw(&f, s, rows)
	}
	return f, true
}

func (d *drawer) draw(f *figure, s spec, rows []barRow) {
	b := bars{rows: rows, unit: s.unit, lang: d.lang, whole: s.whole, reference: s.reference}
	narrow, wide := b.draw(true), b.draw(false)
	if s.kind == byHour {
		k := columns{lang: d.lang}
		for i, r := range rows {
			k.labels = append(k.labels, r.label)
			k.values = append(k.values, r.values[0])
			k.dark = append(k.dark, i >= len(rows)-3)
		}
		wide = k.draw()
	}
	f.Wide, f.Narrow = &wide, &narrow
}

func anyShown(rows []barRow) bool {
	for _, r := range rows {
		for _, v := range r.values {
			if v.state == shown {
				return true
			}
		}
	}
	return false
}

// seriesName names what a bar of the series stands for.
func (d *drawer) seriesName(s spec, i int) string {
	x := s.series[i]
	if t, ok := populationText[x.population]; ok {
		return d.words(t)
	}
	return x.population
}

func (d *drawer) legend(s spec, rows []barRow) []legend {
	var out []legend
	width := 0
	interval, bounds, points := false, false, false
	for _, r := range rows {
		width = max(width, len(r.values))
		for _, v := range r.values {
			interval = interval || v.interval && v.point && !v.bounds
			ranged := v.state == shown && (!v.point || v.bounds)
			bounds, points = bounds || ranged, points || v.state == shown && !ranged
		}
	}
	for i := range min(width, len(s.series)) {
		class := []string{"bar", "bar second"}[i]
		if bounds && !points {
			class = "range"
		}
		if name := d.seriesName(s, i); name != "" {
			out = append(out, legend{class, name})
		}
	}
	if bounds && points {
		out = append(out, legend{"range", d.lang.t("entre deux bornes", "between two bounds")})
	}
	if interval {
		out = append(out, legend{"ci", d.lang.t("intervalle à 95 %", "95% interval")})
	}
	return out
}
