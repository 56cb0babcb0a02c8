package risk

import (
	"fmt"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/policy"
	"math"
)

// sensitive measures each attribute and keeps the worst over them.
func (r *Report) sensitive(t *kanon.Table, o Options) error {
	if len(o.Sensitive) == 0 {
		for _, f := range []string{"l_distinct", "l_entropy", "recursive_c", "t_equal", "t_ordered", "beta", "delta", "alpha"} {
			r.Absent[f] = "a sensitive attribute (--sensitive)"
		}
		return nil
	}
	for _, name := range o.Sensitive {
		s, err := measureSensitive(t, o, name)
		if err != nil {
			return err
		}
		if s.TOrdered == nil {
			r.Absent["t_ordered"] = fmt.Sprintf("the order of the values of %q (--order), which are not numbers", name)
		}
		r.BySensitive[name] = s
		r.LDistinct, r.LEntropy = lesser(r.LDistinct, &s.LDistinct), lesser(r.LEntropy, &s.LEntropy)
		if r.RecursiveC == nil || s.RecursiveC > *r.RecursiveC {
			r.RecursiveC, r.RecursiveL = &s.RecursiveC, &s.RecursiveL
		}
		r.TEqual, r.TOrdered = greater(r.TEqual, &s.TEqual), greater(r.TOrdered, s.TOrdered)
		r.Beta, r.Delta, r.Alpha = greater(r.Beta, &s.Beta), greater(r.Delta, &s.Delta), greater(r.Alpha, &s.Alpha)
	}
	return nil
}

func lesser[T int | float64](a, b *T) *T {
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}

func greater(a, b *float64) *float64 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

// unbounded is a bound that every finite value meets: only the value is wanted.
const unbounded = math.MaxFloat64

func measureSensitive(t *kanon.Table, o Options, name string) (*Sensitive, error) {
	column := t.Column(name)
	if column == nil {
		return nil, fmt.Errorf("risk: %w: sensitive %q is not a column", kanon.ErrPolicy, name)
	}
	values, _ := column.Used()
	models := []kanon.Sensitive{
		{Name: name, Model: kanon.DistinctL, Bound: 1},
		{Name: name, Model: kanon.EntropyL, Bound: 1},
		{Name: name, Model: kanon.TEqual, Bound: 1},
		{Name: name, Model: kanon.Beta, Bound: unbounded},
		{Name: name, Model: kanon.Delta, Bound: unbounded},
		{Name: name, Model: kanon.Alpha, Bound: 1},
	}
	order, ordered := o.Order[name], o.Order[name] != nil
	if !ordered {
		order, ordered = policy.Numbers(values)
	}
	if ordered {
		models = append(models, kanon.Sensitive{Name: name, Model: kanon.TOrdered, Bound: 1, Order: order})
	}
	c, err := kanon.Classify(t, o.QuasiIdentifiers, models)
	if err != nil {
		return nil, err
	}
	a := c.Measure()
	s := &Sensitive{
		LDistinct: int(a[0].Value), LEntropy: a[1].Value, TEqual: a[2].Value,
		Beta: a[3].Value, Delta: a[4].Value, Alpha: a[5].Value, RecursiveL: int(a[0].Value),
	}
	if ordered {
		s.TOrdered = &a[6].Value
	}
	if c, err = kanon.Classify(t, o.QuasiIdentifiers, []kanon.Sensitive{
		{Name: name, Model: kanon.RecursiveCL, Bound: float64(s.RecursiveL), C: 1},
	}); err != nil {
		return nil, err
	}
	s.RecursiveC = c.Measure()[0].Value
	return s, nil
}
