package report

import (
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// nationalRef is the measure that agrees.
var nationalRef = question.Ref{Question: "L5", Measure: "phone", Population: "active_accounts"}

// source names the data, and says when nobody exists in it.
func (n *National) source(l lang) string {
	text := l.T("données ouvertes DNMA, ", "DNMA open data, ") + n.SchoolYear
	if n.Synthetic {
		text += l.T(", synthétiques", ", synthetic")
	}
	return text
}

// beside are the marks of all levels, as a sentence; "" where the report shows no share
// of its own.
func (n *National) beside(d *drawer, id string) string {
	own := func(r indicator.Result) bool { return refOf(r) == nationalRef && r.Status == indicator.Published }
	if n == nil || d.subject != "parent" || id != nationalRef.Question || !slices.ContainsFunc(d.results, own) {
		return ""
	}
	var parts []string
	for _, m := range n.Marks {
		if m.Band == 0 {
			parts = append(parts, strings.ToLower(d.levels(m.Level))+" "+d.lang.Percent(100*m.Smartphone))
		}
	}
	return d.lang.T("Visites de parents au téléphone en France : ", "Parents’ visits on a phone in France: ") +
		strings.Join(parts, ", ") + " (" + n.source(d.lang) + ")."
}
