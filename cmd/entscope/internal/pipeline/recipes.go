package pipeline

import (
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/audit"
)

// Recipes say to the audit what each figure is made of, as the catalogue declares it.
func Recipes() []audit.Recipe {
	var out []audit.Recipe
	for _, q := range question.All() {
		for _, m := range q.Measures {
			out = append(out, audit.Recipe{Question: q.ID, Measure: m.Name, Kind: string(m.Kind),
				Estimator: m.Estimator,
				Sources:   m.Sources, Curve: m.Curve, At: m.At, Quantile: m.Quantile, Shift: m.Shift,
				Apart: m.Column != "" || m.Service != 0 || m.Feed != ""})
		}
	}
	return out
}
