package risk

import (
	"fmt"

	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/anonymize/privacy"
)

// sensitive measures each attribute and keeps the worst over them.
func (r *Report) sensitive(t *kanon.Table, o Options) error {
	if len(o.Sensitive) == 0 {
		for _, rule := range privacy.Rules {
			if rule.Measure != "" {
				r.Absent[rule.Measure] = "a sensitive attribute (--sensitive)"
			}
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

// achieved measures every model that asks its user for nothing, each at its loosest
// bound: only the value is wanted. Models that the attribute cannot bear are not in it.
func achieved(t *kanon.Table, quasi []string, name string, order []string) (map[string]float64, error) {
	var models []kanon.Sensitive
	for _, rule := range privacy.Rules {
		if rule.Measure == "" || rule.C == privacy.Must || rule.Order == privacy.Must && order == nil {
			continue
		}
		s := kanon.Sensitive{Name: name, Model: rule.Model, Bound: rule.Loosest()}
		if rule.Order == privacy.Must {
			s.Order = order
		}
		models = append(models, s)
	}
	out := map[string]float64{}
	return out, measureModels(t, quasi, models, out)
}

// measureModels adds to out what the classes achieve under each model.
func measureModels(t *kanon.Table, quasi []string, models []kanon.Sensitive, out map[string]float64) error {
	c, err := kanon.Classify(t, quasi, models)
	if err != nil {
		return err
	}
	for _, a := range c.Measure() {
		rule, _ := privacy.Of(a.Model)
		out[rule.Measure] = a.Value
	}
	return nil
}

func measureSensitive(t *kanon.Table, o Options, name string) (*Sensitive, error) {
	column := t.Column(name)
	if column == nil {
		return nil, fmt.Errorf("risk: %w: sensitive %q is not a column", kanon.ErrPolicy, name)
	}
	order := o.Order[name]
	if order == nil {
		values, _ := column.Used()
		order, _ = policy.Numbers(values)
	}
	got, err := achieved(t, o.QuasiIdentifiers, name, order)
	if err != nil {
		return nil, err
	}
	// recursive diversity is measured at the l that the table has
	l := got["l_distinct"]
	recursive := []kanon.Sensitive{{Name: name, Model: privacy.RecursiveCL, Bound: l, C: 1}}
	if err := measureModels(t, o.QuasiIdentifiers, recursive, got); err != nil {
		return nil, err
	}
	s := &Sensitive{
		LDistinct: int(l), LEntropy: got["l_entropy"], RecursiveL: int(l), RecursiveC: got["recursive_c"],
		TEqual: got["t_equal"], Beta: got["beta"], Delta: got["delta"], Alpha: got["alpha"],
	}
	if v, ok := got["t_ordered"]; ok {
		s.TOrdered = &v
	}
	return s, nil
}
