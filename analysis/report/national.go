package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// National are marks from the national open data (DNMA). They are shown beside the one
// measure of which the definitions agree: the share of parents' visits on a phone.
type National struct {
	SchoolYear string
	Synthetic  bool
	Marks      []NationalMark
	// Bands are the quintiles of schools, by UAI.
	Bands map[string]int
}

// NationalMark is the share of parents' visits on a smartphone, from 0 to 1, in the
// schools of a level, or, with a band from 1 to 5, in those of a quintile by IPS.
type NationalMark struct {
	Level      string
	Band       int
	Schools    int
	Smartphone float64
}

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

// similar is the mark of the schools of France of the same level and quintile of IPS as
// a school, or of its level where its IPS is not known; "" where the page shows no share
// of its own.
func (n *National) similar(b *board) string {
	if n == nil || b.facts.Subject != "parent" || b.pick(b.own, nationalRef).state != shown {
		return ""
	}
	band := n.Bands[b.school.UAI]
	for _, m := range n.Marks {
		if m.Level != b.school.Level || m.Band != band {
			continue
		}
		where := strings.ToLower(b.d.levels(m.Level))
		if band > 0 {
			where += fmt.Sprintf(b.lang.T(" du quintile d’IPS %d sur 5", " of IPS quintile %d of 5"), band)
		}
		return fmt.Sprintf(b.lang.T("Visites de parents au téléphone, %s, France : %s (%d établissements ; %s).",
			"Parents’ visits on a phone, %s, France: %s (%d schools; %s)."),
			where, b.lang.Percent(100*m.Smartphone), m.Schools, n.source(b.lang))
	}
	return ""
}
