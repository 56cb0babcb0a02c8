package model

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// minSchools is the number of schools below which no interval is given, as in the
// indicators; level that of every interval.
const (
	minSchools = 12
	level      = 0.95
)

// Families of a response given its mean, by their name.
const (
	Binomial = "binomial"
	Linear   = "linear"
	NB       = "nb"
	Poisson  = "poisson"
	Cox      = "cox"
)

// Families and Errors list the words of Options.
var (
	Families = []string{Binomial, Linear, NB, Poisson, Cox}
	Errors   = []string{"CR3", "CR2", "CR1", "jackknife", "two-way", "information"}
	// Schools are the ways in which the persons of a school resemble each other: not in the
	// model but in its errors; as much as any two of every school (estimating equations); or
	// by an intercept of each school.
	Schools = []string{"independent", Exchangeable, Random}
)

// Schools that are in the model.
const (
	Exchangeable = "exchangeable"
	Random       = "random"
)

// errorsOf are the errors that each of Schools takes, the default first.
var errorsOf = map[string][]string{
	"independent": {"CR3", "CR2", "CR1", "jackknife", "two-way"},
	Exchangeable:  {"jackknife", "CR1"},
	Random:        {"information", "jackknife"},
}

// ErrAsked says that what is asked cannot be asked; ErrNothing that the edition has no
// row to answer with.
var (
	ErrAsked   = errors.New("model")
	ErrNothing = errors.New("nothing to fit")
)

// Options are the choices beside the formula; the zero value is the default of each.
type Options struct {
	// Family is one of Families: binomial for shares and columns, linear for amounts, cox
	// for curves unless said.
	Family string
	// Schools is one of Schools: independent. The others are of the binomial family.
	Schools string
	// Errors is one of Errors: CR3 of independent schools, jackknife of exchangeable ones,
	// the inverse information of random ones. Two-way errors of a curve are by cluster and bin.
	Errors string
	// Population is a denominator of the measure: its first.
	Population string
	// Reference is the value that others of a factor are compared with: its first.
	Reference map[string]string
}

// Fit fits a formula to an edition.
func Fit(ctx context.Context, ed *query.Edition, f Formula, o Options) (*Report, error) {
	t, err := load(ctx, ed, f, o)
	if err != nil {
		return nil, err
	}
	if o.Family, err = t.family(o.Family); err != nil {
		return nil, err
	}
	if err := o.resolve(); err != nil {
		return nil, err
	}
	if o.Errors == "two-way" && o.Family != Cox {
		return nil, fmt.Errorf("%w: two-way errors are by cluster and bin of a curve: the rows of %s have one cluster",
			ErrAsked, t.where)
	}
	if o.Family == Cox {
		t.dropBinsWithoutEvents()
	}
	for word := range o.Reference {
		if !slices.ContainsFunc(t.factors, func(f Factor) bool { return f.Word == word }) {
			return nil, fmt.Errorf("%w: reference of %s: the formula has no such factor", ErrAsked, word)
		}
	}
	d, err := newDesign(t, f, o.Reference)
	if err != nil {
		return nil, err
	}
	m := &fitted{design: d, table: t, options: o}
	if err := m.run(); err != nil {
		return nil, err
	}
	return m.report(f), nil
}

// resolve checks schools and errors against the family, and chooses where none is asked.
func (o *Options) resolve() error {
	if o.Schools == "" {
		o.Schools = Schools[0]
	}
	allowed, known := errorsOf[o.Schools]
	switch {
	case !known:
		return fmt.Errorf("%w: schools %w", ErrAsked, vocabulary.Unknown(o.Schools, Schools))
	case o.Schools != Schools[0] && o.Family != Binomial:
		return fmt.Errorf("%w: schools are %s in the binomial family alone; the %s one has errors by clusters",
			ErrAsked, o.Schools, o.Family)
	case o.Errors == "":
		o.Errors = allowed[0]
	case !slices.Contains(Errors, o.Errors):
		return fmt.Errorf("%w: errors %w", ErrAsked, vocabulary.Unknown(o.Errors, Errors))
	case !slices.Contains(allowed, o.Errors):
		return fmt.Errorf("%w: %s schools have errors %s, not %s", ErrAsked, o.Schools, strings.Join(allowed, " or "),
			o.Errors)
	}
	return nil
}

// family checks the family against the source, and chooses when none is asked.
func (t *table) family(asked string) (string, error) {
	allowed := []string{Linear, NB, Poisson}
	switch {
	case t.source.curve != nil:
		allowed = []string{Cox}
	case t.source.column != "" || t.perHead:
		allowed = []string{Binomial, Linear}
	case t.source.measure.Kind == edition.KindAmount && !t.source.measure.Bins: // counts are fitted to bins
		allowed = []string{Linear}
	}
	if asked == "" {
		return allowed[0], nil
	}
	if !slices.Contains(Families, asked) {
		return "", fmt.Errorf("%w: family %w", ErrAsked, vocabulary.Unknown(asked, Families))
	}
	if !slices.Contains(allowed, asked) {
		return "", fmt.Errorf("%w: %s takes family %s, not %s", ErrAsked, t.source.name(),
			strings.Join(allowed, " or "), asked)
	}
	return asked, nil
}

// dropBinsWithoutEvents leaves out the bins of a life table in which nothing happens:
// with a baseline of their own they say nothing of the factors.
func (t *table) dropBinsWithoutEvents() {
	events := make([]float64, t.bins)
	for _, r := range t.rows {
		events[r.bin] += r.x
	}
	at, n := make([]int, t.bins), 0
	for b, d := range events {
		at[b] = n
		if d > 0 {
			n++
		}
	}
	t.rows = slices.DeleteFunc(t.rows, func(r row) bool { return events[r.bin] == 0 })
	for i := range t.rows {
		t.rows[i].bin = at[t.rows[i].bin]
	}
	t.bins = n
}

// fitted is a model on its rows.
type fitted struct {
	design  *design
	table   *table
	options Options
	x       [][]float64
	// offset is the log of the exposure of a row of counts.
	offset []float64
	weight []float64 // units of each row
	link   stats.Link
	fit    stats.Regression
	// exchangeable and mixed are what is known of the likeness of persons of a school.
	exchangeable stats.ExchangeableFit
	mixed        stats.MixedFit
	// counts and law are those of a count model.
	counts  stats.CountFit
	data    stats.CountData
	law     stats.CountModel
	cluster []int
}

// matrix is the design with the baseline of a life table in the place of the constant.
func (m *fitted) matrix(change func(values []string)) [][]float64 {
	x := m.design.rows(change)
	if m.options.Family != Cox {
		return x
	}
	for i, row := range x {
		base := make([]float64, m.table.bins)
		base[m.table.rows[i].bin] = 1
		x[i] = append(base, row[1:]...)
	}
	return x
}

// place is where a column of the design stands among the coefficients.
func (m *fitted) place(column int) int {
	if m.options.Family == Cox {
		return m.table.bins + column - 1
	}
	return column
}

// run fits the family.
func (m *fitted) run() error {
	m.x = m.matrix(nil)
	for _, r := range m.table.rows {
		m.cluster = append(m.cluster, r.cluster)
		m.weight = append(m.weight, r.y)
	}
	if m.options.Family == NB || m.options.Family == Poisson {
		if m.options.Errors == "jackknife" || m.options.Errors == "CR2" {
			return fmt.Errorf("%w: counts have errors CR3 (the jackknife by one step) or CR1", ErrAsked)
		}
		m.fitCounts()
		return nil
	}
	m.fit = m.regression(-1)
	if m.options.Errors == "jackknife" {
		m.fit.Jackknife(m.cluster, func(left int) stats.Regression { return m.regression(left) })
	}
	return nil
}

// regression fits a linear or binomial model, without one cluster when left is one.
func (m *fitted) regression(left int) stats.Regression {
	variance := map[string]stats.Variance{"CR3": stats.CR3, "CR2": stats.CR2, "CR1": stats.CR1,
		"jackknife": stats.CR3, "two-way": stats.CR1}[m.options.Errors]
	var x, y []float64
	var second []int
	for _, r := range m.table.rows {
		if r.cluster == left {
			r.x, r.y = 0, 0
		}
		x, y = append(x, r.x), append(y, r.y)
		if m.options.Errors == "two-way" {
			second = append(second, r.bin)
		}
	}
	switch m.options.Family {
	case Linear:
		m.link = stats.IdentityLink
		for i := range x {
			if y[i] > 0 {
				x[i] /= y[i]
			}
		}
		return stats.Linear(x, m.x, stats.LinearOptions{Weights: y, Cluster: m.cluster, Second: second,
			Variance: variance})
	case Binomial:
		if fit, ok := m.resembling(x, y, left < 0); ok {
			return fit
		}
	case Cox:
		if m.link = stats.CloglogLink; second == nil {
			return stats.DiscreteHazard(x, y, m.x, m.cluster, variance)
		}
	}
	return stats.Binomial(x, y, m.x, stats.BinomialOptions{Link: m.link, Cluster: m.cluster, Second: second,
		Variance: variance})
}

// resembling fits a binomial model in which persons of a school resemble each other; false
// where that is not asked. whole says that it is the fit of all clusters.
func (m *fitted) resembling(x, y []float64, whole bool) (stats.Regression, bool) {
	switch m.options.Schools {
	case Exchangeable:
		fit := stats.Exchangeable(x, y, m.x, m.cluster, stats.CR1)
		if whole {
			m.exchangeable = fit
		}
		return fit.Regression, true
	case Random:
		fit := stats.RandomIntercept(x, y, m.x, m.cluster)
		if whole {
			m.mixed = fit
		}
		return fit.Regression, true
	}
	return stats.Regression{}, false
}

// exposureStep is the part of a unit of exposure to which the mean exposure of a row is
// rounded, so that rows alike are fitted as one.
const exposureStep = 0.25

// fitCounts fits the histograms of a measure as interval-censored counts, with the log of
// the mean exposure of the cell as offset.
func (m *fitted) fitCounts() {
	m.link = stats.LogLink
	for i, r := range m.table.rows {
		exposure := math.Max(exposureStep, math.Round(r.exposure/exposureStep)*exposureStep)
		m.offset = append(m.offset, math.Log(exposure))
		for b, n := range r.counts {
			if n == 0 && i > 0 { // one row keeps its empty bins, for the rootogram to show
				continue
			}
			high := math.Inf(1)
			if b+1 < len(r.counts) {
				high = float64(edition.HistogramEdges[b+1] - 1)
			}
			d := &m.data
			d.Low, d.High = append(d.Low, float64(edition.HistogramEdges[b])), append(d.High, high)
			d.X, d.Offset, d.Weight = append(d.X, m.x[i]), append(d.Offset, m.offset[i]), append(d.Weight, float64(n))
			d.Cluster = append(d.Cluster, r.cluster)
		}
	}
	if m.options.Errors == "CR1" {
		m.data.Variance = stats.CR1
	}
	if m.options.Family == NB {
		m.law.Family = stats.NB2
	}
	m.counts = stats.Counts(m.data, m.law)
	m.fit = m.counts.Regression
	if m.options.Family == NB { // θ is no coefficient of the formula
		m.fit = m.fit.Without(len(m.fit.Coef) - 1)
	}
}
