package model

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// row is what the persons of one cluster and one combination of factors bring.
type row struct {
	values   []string // of each factor
	cluster  int
	schools  int64 // of the cluster
	bin      int   // of a life table
	persons  int64
	x, y     float64 // Σx, Σy; events and units at risk; persons with the value and persons
	noise    float64 // variance of x − r·y that the noise of the cells gives
	counts   [16]int64
	exposure float64 // mean of y
}

// table is the rows of a formula.
type table struct {
	source     source
	population string
	factors    []Factor
	rows       []row
	bins       int
	perHead    bool
	// where says which table of the edition they come from.
	where string
	notes []string
}

// personColumns are the columns of the person table, in its order.
var personColumns = []string{"level", "grade_band", "sector", "ep", "ips_band", "children", "devices", "activation",
	"visits", "grade_visits", "evening", "accompanied"}

// columnOf is the value of a person in a column.
func columnOf(p query.Person, name string) string {
	return []string{p.Level, p.GradeBand, p.Sector, p.EP, p.IPSBand, p.Children, p.Devices, p.Activation, p.Visits,
		p.GradeVisits, p.Evening, p.Accompanied}[slices.Index(personColumns, name)]
}

// load reads the rows of a formula.
func load(ctx context.Context, ed *query.Edition, f Formula, o Options) (*table, error) {
	s, err := resolve(f.Response)
	if err != nil {
		return nil, err
	}
	t := &table{source: s, factors: f.factors()}
	switch {
	case s.column != "":
		err = t.fromPersons(ctx, ed, f.Response)
	case s.curve != nil:
		err = t.fromTimes(ctx, ed)
	default:
		err = t.fromCells(ctx, ed, o)
	}
	if err != nil {
		return nil, err
	}
	t.keepThreshold(ed.Manifest.Thresholds.CellPersons)
	if len(t.rows) == 0 {
		return nil, fmt.Errorf("%w: %s holds no row of %s%s: it is not measured there, or below the threshold of %d "+
			"persons a cell", ErrNothing, t.where, s.name(), t.populationText(), ed.Manifest.Thresholds.CellPersons)
	}
	return t, nil
}

func (t *table) populationText() string {
	if t.population == "" {
		return ""
	}
	return " of " + t.population
}

// fromCells reads the sums of a measure.
func (t *table) fromCells(ctx context.Context, ed *query.Edition, o Options) error {
	m := t.source.measure
	by, err := grouping(t.factors, m.By)
	if err != nil {
		return err
	}
	t.population = cmp.Or(o.Population, m.Populations[0])
	if !slices.Contains(m.Populations, t.population) {
		return fmt.Errorf("%w: population %w", ErrAsked, vocabulary.Unknown(t.population, m.Populations))
	}
	t.where, t.perHead = "the cells by "+by, m.Kind == edition.KindShare && m.PerHead
	sums, err := ed.Sums(ctx, m.Name, by)
	if err != nil {
		return err
	}
	for _, s := range sums {
		if s.Population != t.population || s.Y <= 0 {
			continue
		}
		values := []string{s.Group}
		if by == "stratum" {
			level, band, _ := strings.Cut(s.Group, " ")
			values = nil
			for _, f := range t.factors {
				values = append(values, map[string]string{"level": level, "ips_band": band}[f.Word])
			}
		}
		persons := s.Persons
		if t.population == edition.PopFamilies {
			persons = s.Families
		}
		t.rows = append(t.rows, row{values: values[:len(t.factors)], cluster: int(s.Cluster),
			schools: int64(s.Schools), persons: persons,
			x: float64(s.X), y: float64(s.Y), counts: s.Histogram, exposure: float64(s.Y) / float64(persons),
			noise: s.Contributions(*m, t.perHead).Noise(ed.Manifest.Perturbation, float64(s.X)/float64(s.Y))})
	}
	return nil
}

// fromTimes reads the life tables of a curve: a row is a bin of a cluster.
func (t *table) fromTimes(ctx context.Context, ed *query.Edition) error {
	by := edition.Groupings
	if t.source.curve.By != nil {
		by = t.source.curve.By
	}
	group, err := grouping(t.factors, by)
	if err != nil {
		return err
	}
	t.where, t.perHead = "the life tables by "+group, true
	times, err := ed.Times(ctx, t.source.curve.Name)
	if err != nil {
		return err
	}
	for _, k := range times {
		if k.Grouping != group || k.AtRisk <= 0 {
			continue
		}
		r := float64(k.Events) / float64(k.AtRisk)
		t.rows = append(t.rows, row{values: []string{k.Group}[:len(t.factors)], cluster: int(k.Cluster),
			schools: int64(k.Schools), bin: int(k.Bin), persons: k.Persons,
			x: math.Min(float64(k.Events), float64(k.AtRisk)), y: float64(k.AtRisk),
			noise: ed.Manifest.Perturbation.Variance * (1 + r*r)})
		t.bins = max(t.bins, int(k.Bin)+1)
	}
	return nil
}

// unknownValues are what the person table says of those of whom it knows nothing.
var unknownValues = []string{"", "*", "unknown", "not-measured"}

// fromPersons counts the persons of the person table by cluster and factors.
func (t *table) fromPersons(ctx context.Context, ed *query.Edition, r Response) error {
	t.where, t.perHead = "the person table", true
	for _, f := range t.factors {
		if !slices.Contains(personColumns, f.Word) {
			return FormulaError{f.At, "of the columns of the person table " +
				vocabulary.Unknown(f.Word, personColumns).Error()}
		}
		if f.Word == r.Word {
			return FormulaError{f.At, "the response explains itself"}
		}
	}
	persons, err := ed.Persons(ctx)
	if err != nil {
		return err
	}
	var known []string
	for _, p := range persons {
		if v := columnOf(p, r.Word); !slices.Contains(known, v) && !slices.Contains(unknownValues, v) {
			known = append(known, v)
		}
	}
	slices.Sort(known)
	if !slices.Contains(known, r.Value.Word) {
		return FormulaError{r.Value.At,
			"of the values in the edition " + vocabulary.Unknown(r.Value.Word, known).Error()}
	}
	var out int64
	clusters, index := map[string]int{}, map[string]int{}
	for _, p := range persons {
		values := make([]string, len(t.factors))
		missing := slices.Contains(unknownValues, columnOf(p, r.Word))
		for i, f := range t.factors {
			values[i] = columnOf(p, f.Word)
			missing = missing || slices.Contains(unknownValues, values[i])
		}
		if missing {
			out += p.Persons
			continue
		}
		if _, ok := clusters[p.Cluster]; !ok {
			clusters[p.Cluster] = len(clusters)
		}
		key := p.Cluster + "\x00" + strings.Join(values, "\x00")
		at, ok := index[key]
		if !ok {
			at = len(t.rows)
			index[key] = at
			t.rows = append(t.rows, row{values: values, cluster: clusters[p.Cluster],
				schools: max(1, ed.Manifest.Thresholds.ClusterOf)})
		}
		has := columnOf(p, r.Word) == r.Value.Word ||
			r.Operator == ">=" && columnOf(p, r.Word) > r.Value.Word
		t.rows[at].persons += p.Persons
		t.rows[at].y += float64(p.Persons)
		if has {
			t.rows[at].x += float64(p.Persons)
		}
	}
	if out > 0 {
		t.notes = append(t.notes, fmt.Sprintf("persons of whom a column is unknown or generalised, left out: %d", out))
	}
	t.notes = append(t.notes, "the person table leaves out rare profiles, and within a class its behaviours are "+
		"exchanged: a relation of two behaviours is one of classes")
	return nil
}

// keepThreshold leaves out the combinations of factors with fewer persons than a cell.
func (t *table) keepThreshold(floor int64) {
	persons := map[string]int64{}
	key := func(r row) string { return strings.Join(r.values, "\x00") }
	t.eachOnce(func(r row) { persons[key(r)] += r.persons })
	few := 0
	for _, n := range persons {
		if n < floor {
			few++
		}
	}
	t.rows = slices.DeleteFunc(t.rows, func(r row) bool { return persons[key(r)] < floor })
	if few > 0 {
		t.notes = append(t.notes, fmt.Sprintf("combinations of fewer than %d persons, left out: %d", floor, few))
	}
}

// eachOnce visits the rows, of the bins of one life table the first alone: they have the
// same persons.
func (t *table) eachOnce(visit func(r row)) {
	seen := map[string]bool{}
	for _, r := range t.rows {
		at := fmt.Sprint(r.cluster, r.values)
		if t.source.curve == nil || !seen[at] {
			visit(r)
		}
		seen[at] = true
	}
}

// persons counts the persons behind the rows.
func (t *table) persons() (n int64) {
	t.eachOnce(func(r row) { n += r.persons })
	return n
}

// schools counts the schools of the clusters: of a cluster of the person table, the
// fewest that it may have.
func (t *table) schools() (n int64) {
	seen := map[int]bool{}
	for _, r := range t.rows {
		if !seen[r.cluster] {
			n += r.schools
		}
		seen[r.cluster] = true
	}
	return n
}
