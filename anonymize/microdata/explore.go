package microdata

import (
	"context"
	"errors"
	"slices"

	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/risk"
)

// Shown is the least number of persons of which an exploration tells a count: fewer are
// Fewer.
const (
	Shown = 11
	Fewer = -1
)

// Exploration is what can be chosen for a table, and what it costs. It holds no row, and no
// count of fewer than Shown persons.
type Exploration struct {
	Rows, Persons int
	K             int
	Limit         float64
	Metric        string
	Choices       []Choice // by k and suppression limit, as the policy is otherwise
	Near          []Choice // of the policy's own k and limit, the best first
	Columns       []ColumnChange
	Risks         []RiskChange
	Doubts        []Doubt
}

// Choice is one solution, or that there is none.
type Choice struct {
	K          int
	Limit      float64
	Met        bool
	Levels     map[string]int
	Loss       float64
	Suppressed int // persons; Fewer for a few
	Classes    int
	AchievedK  int
	Models     []Claim
}

// ColumnChange is a column as it is and as it would leave.
type ColumnChange struct {
	Name          string
	Before, After []Share
}

// Share is how many persons bear a value; Rest counts values of few persons each, which
// stand together.
type Share struct {
	Value   string
	Rest    int
	Persons int // Fewer for a few
}

// RiskChange is a measure of the table as it is and as it would leave.
type RiskChange struct {
	Name          string
	Before, After float64
}

const (
	exploredNodes = 300
	nearest       = 12
	mostValues    = 12
)

// Explore searches what a policy could be, and measures what its own solution changes.
func Explore(ctx context.Context, job Job) (*Exploration, error) {
	r, err := prepare(job)
	if err != nil {
		return nil, err
	}
	e := &Exploration{Rows: r.table.Rows(), K: r.bound.K, Limit: r.bound.SuppressionLimit,
		Metric: string(r.bound.Metric), Doubts: r.in.Doubts}
	if err := e.choices(ctx, r); err != nil {
		return nil, err
	}
	near, err := kanon.Explore(ctx, r.table, r.bound, exploredNodes)
	if err != nil {
		return nil, err
	}
	e.Persons = near[0].Persons
	for _, sol := range near[:min(len(near), nearest)] {
		e.Near = append(e.Near, choice(sol, r.bound))
	}
	out, _, err := search(ctx, r.table, r.bound, r.policy)
	if err != nil {
		return nil, err
	}
	for _, c := range out.Columns {
		e.Columns = append(e.Columns, ColumnChange{c.Name, shares(r.table, c.Name), shares(out, c.Name)})
	}
	return e, e.risks(r, out)
}

// choices searches every k and limit beside the policy's own.
func (e *Exploration) choices(ctx context.Context, r *ready) error {
	ks := []int{2, 3, 5, 11, 20, 50, r.bound.K}
	limits := []float64{0, 0.01, 0.05, 0.1, r.bound.SuppressionLimit}
	slices.Sort(ks)
	slices.Sort(limits)
	ks, limits = slices.Compact(ks), slices.Compact(limits)
	for _, k := range ks {
		for _, limit := range limits {
			p := *r.bound
			p.K, p.SuppressionLimit, p.Search.Fixed = k, limit, nil
			sol, err := kanon.Search(ctx, r.table, &p)
			switch {
			case errors.Is(err, kanon.ErrUnsatisfiable), err == nil && sol.Kept == 0:
				e.Choices = append(e.Choices, Choice{K: k, Limit: limit})
			case err != nil:
				return err
			default:
				e.Choices = append(e.Choices, choice(sol, &p))
			}
		}
	}
	return nil
}

func choice(sol *kanon.Solution, p *kanon.Policy) Choice {
	c := Choice{K: p.K, Limit: p.SuppressionLimit, Met: true, Levels: sol.Levels, Loss: sol.Score,
		Suppressed: few(sol.SuppressedPersons), Classes: sol.Classes, AchievedK: sol.AchievedK}
	for i, a := range sol.Achieved {
		c.Models = append(c.Models, Claim{a.Name, string(a.Model), a.Bound, p.Sensitive[i].C, a.Value})
	}
	return c
}

// few hides a count of few persons.
func few(persons int) int {
	if persons > 0 && persons < Shown {
		return Fewer
	}
	return persons
}

// shares are the values of a column, those of most persons first. Values of few persons, and
// those beyond the most that are shown, stand together, and are not few together either: what
// is shown would tell by subtraction.
func shares(t *kanon.Table, name string) []Share {
	c := t.Column(name)
	persons := byValue(t, c)
	var codes []int
	for code, of := range persons {
		if len(of) > 0 {
			codes = append(codes, code)
		}
	}
	slices.SortStableFunc(codes, func(a, b int) int { return len(persons[b]) - len(persons[a]) })
	shown := 0
	for shown < min(len(codes), mostValues) && len(persons[codes[shown]]) >= Shown {
		shown++
	}
	rest := map[int64]bool{}
	gather := func(from int) {
		for _, code := range codes[from:] {
			for id := range persons[code] {
				rest[id] = true
			}
		}
	}
	gather(shown)
	for shown > 0 && len(rest) > 0 && len(rest) < Shown {
		shown--
		gather(shown)
	}
	var all []Share
	for _, code := range codes[:shown] {
		all = append(all, Share{Value: c.Values[code], Persons: len(persons[code])})
	}
	if shown < len(codes) {
		all = append(all, Share{Rest: len(codes) - shown, Persons: few(len(rest))})
	}
	return all
}

// byValue are the persons who bear each value.
func byValue(t *kanon.Table, c *kanon.Column) []map[int64]bool {
	out := make([]map[int64]bool, len(c.Values))
	for i, code := range c.Codes {
		if out[code] == nil {
			out[code] = map[int64]bool{}
		}
		id := int64(i)
		if len(t.Units) > 0 {
			id = t.Units[0].IDs[i]
		}
		out[code][id] = true
	}
	return out
}

// risks measures the table before and after.
func (e *Exploration) risks(r *ready, out *kanon.Table) error {
	o := risk.Options{AtRiskBelow: risk.AtRiskBelow}
	for _, q := range r.bound.QuasiIdentifiers {
		o.QuasiIdentifiers = append(o.QuasiIdentifiers, q.Name)
	}
	for _, s := range r.bound.Sensitive {
		if !slices.Contains(o.Sensitive, s.Name) {
			o.Sensitive = append(o.Sensitive, s.Name)
		}
	}
	before, err := risk.Measure(r.table, o)
	if err != nil {
		return err
	}
	after, err := risk.Measure(out, o)
	if err != nil {
		return err
	}
	add := func(name string, a, b float64) { e.Risks = append(e.Risks, RiskChange{name, a, b}) }
	add("k", float64(before.K), float64(after.K))
	add("unique", float64(few(before.Uniques)), float64(few(after.Uniques)))
	add("prosecutor highest", before.Prosecutor.Max, after.Prosecutor.Max)
	add("prosecutor mean", before.Prosecutor.Average, after.Prosecutor.Average)
	add("in classes below 11", before.Prosecutor.AtRisk, after.Prosecutor.AtRisk)
	for _, name := range o.Sensitive {
		b, a := before.BySensitive[name], after.BySensitive[name]
		add(name+": l", float64(b.LDistinct), float64(a.LDistinct))
		add(name+": t", b.TEqual, a.TEqual)
		add(name+": beta", b.Beta, a.Beta)
	}
	return nil
}
