package subject

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/edition"
)

//go:embed measures.toml
var measuresText []byte

// contributions are the rows of measures.toml, which explains its keys.
type contributions struct {
	From   []from
	Curves []curve `toml:"curve"`
}

type from struct {
	Family, Table, Where, Population string
	Needs                            []string
	Periods                          bool
	Rows                             []contribution
}

type contribution struct {
	Measure, Population, Where, X, Y string
	Alike                            bool
}

// readMeasures reads measures.toml; an unknown key is an error.
func readMeasures() (c contributions, err error) {
	if err := toml.NewDecoder(bytes.NewReader(measuresText)).DisallowUnknownFields().Decode(&c); err != nil {
		return c, fmt.Errorf("subject: measures.toml: %w", err)
	}
	return c, nil
}

// tables are those that measures are computed from, each as often as it is scanned.
func (c contributions) tables() []string {
	tables := []string{"study", "span"}
	for _, f := range c.From {
		tables = append(tables, f.Table)
	}
	slices.Sort(tables)
	return tables
}

// family is the measures that are computed at once: see scan.
type family struct {
	name string
	from []from
	// like gives, for each measure, the measure of the family that counts the
	// same persons in every cell; its families are counted once for all.
	like map[string]string
}

// families are those whose feeds and registers are there: what cannot be measured
// is left out, not zero.
func (b *Builder) families() []family {
	var list []family
	for _, f := range b.written.From {
		if !b.knows(f.Needs) {
			continue
		}
		if n := len(list); n > 0 && list[n-1].name == f.Family {
			list[n-1].from = append(list[n-1].from, f)
		} else {
			list = append(list, family{name: f.Family, from: []from{f}})
		}
	}
	for i := range list {
		list[i].like = list[i].alike()
	}
	return list
}

// monthly says whether the measures are of each month too.
func (f family) monthly() bool { return f.from[0].Periods }

// tables are those that the family is computed from.
func (f family) tables() []string {
	var tables []string
	for _, source := range f.from {
		tables = append(tables, source.Table)
	}
	return tables
}

// alike finds the measures that count the same persons: those of the same rows of
// the same tables, for the same populations.
func (f family) alike() map[string]string {
	counts := map[string]string{} // of a measure, whom it counts
	for _, source := range f.from {
		for _, row := range source.Rows {
			for _, name := range row.names() {
				whom := []string{source.Table, source.Where, source.Population, row.Where, row.Population}
				if strings.Contains(row.Measure, "{") && !row.Alike {
					whom = append(whom, name)
				}
				counts[name] += strings.Join(whom, "|") + "\n"
			}
		}
	}
	like, first := map[string]string{}, map[string]string{}
	for _, source := range f.from {
		for _, row := range source.Rows {
			for _, name := range row.names() {
				if first[counts[name]] == "" {
					first[counts[name]] = name
				}
				like[name] = first[counts[name]]
			}
		}
	}
	return like
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// names are the approved measures that a row gives.
func (c contribution) names() []string {
	prefix, rest, _ := strings.Cut(c.Measure, "{")
	_, suffix, found := strings.Cut(rest, "}")
	if !found {
		return []string{c.Measure}
	}
	var names []string
	for _, m := range edition.Measures {
		if strings.HasPrefix(m.Name, prefix) && strings.HasSuffix(m.Name, suffix) {
			names = append(names, m.Name)
		}
	}
	return names
}

// A curve is one life table of edition.Curves that the feeds of the study allow.
//
// Its units come from a statement: rows of grp, school_key, person_key (who stands
// behind the units), step (a whole number >= 0 in the curve's Step), event (1, or 0
// for units that leave observation at that step) and units (how many such units; 1
// where a row is one).
type curve struct {
	edition.Curve `toml:"-"`
	Title         string `toml:"name"`
	Units         string
	Needs         []string
}

// curves are those whose feeds are there.
func (b *Builder) curves() []curve {
	var list []curve
	for _, c := range b.written.Curves {
		i := slices.IndexFunc(edition.Curves, func(e edition.Curve) bool { return e.Name == c.Title })
		if i >= 0 && b.knows(c.Needs) {
			c.Curve = edition.Curves[i]
			list = append(list, c)
		}
	}
	return list
}
