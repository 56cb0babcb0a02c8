package kanon

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/privacy"
)

// values hold what breaks other tools: a missing value, texts that look like
// numbers, the same letter composed and decomposed, a star, a separator.
var values = []string{"", "007", "7", "é", "e\u0301", "*", "a;b", "日本"}

func drawHierarchy(t *rapid.T, label string) *hierarchy.Hierarchy {
	n := rapid.IntRange(1, 6).Draw(t, label+" values")
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = []string{values[i]}
	}
	groups := n
	for l := 1; l <= rapid.IntRange(0, 2).Draw(t, label+" levels"); l++ {
		next := rapid.IntRange(1, groups).Draw(t, label+" groups")
		to := map[string]string{}
		for i := range rows {
			below := rows[i][l-1]
			if _, ok := to[below]; !ok {
				to[below] = fmt.Sprintf("%d.%d", l, rapid.IntRange(0, next-1).Draw(t, label+" group"))
			}
			rows[i] = append(rows[i], to[below])
		}
		groups = next
	}
	if rapid.Bool().Draw(t, label+" top") {
		for i := range rows {
			rows[i] = append(rows[i], hierarchy.Top)
		}
	}
	h, err := hierarchy.New(rows)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func drawTree(t *rapid.T) *hierarchy.Hierarchy {
	rows := make([][]string, 4)
	for i := range rows {
		rows[i] = []string{values[i], fmt.Sprint(rapid.IntRange(0, 2).Draw(t, "branch")), hierarchy.Top}
	}
	h, err := hierarchy.New(rows)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func drawSensitive(t *rapid.T, name string) Sensitive {
	s := Sensitive{Name: name, Model: rapid.SampledFrom(privacy.Rules).Draw(t, "model").Model}
	switch s.Model {
	case privacy.DistinctL:
		s.Bound = float64(rapid.IntRange(1, 3).Draw(t, "l"))
	case privacy.EntropyL:
		s.Bound = rapid.SampledFrom([]float64{1, 1.5, 2, 3}).Draw(t, "l")
	case privacy.RecursiveCL:
		s.Bound, s.C = float64(rapid.IntRange(1, 3).Draw(t, "l")), rapid.SampledFrom([]float64{0.5, 1, 2, 3}).Draw(t,
			"c")
	case privacy.TEqual, privacy.TOrdered, privacy.THierarchical:
		s.Bound = rapid.SampledFrom([]float64{0.1, 0.25, 0.4, 0.6}).Draw(t, "t")
	case privacy.Alpha:
		s.Bound = rapid.SampledFrom([]float64{0.4, 0.5, 0.75}).Draw(t, "alpha")
	default:
		s.Bound = rapid.SampledFrom([]float64{0.2, 0.5, 1, 2}).Draw(t, "bound")
	}
	s.WholeTable = rapid.Bool().Draw(t, "whole table")
	if s.Model == privacy.TOrdered {
		s.Order = values[:4]
	}
	if s.Model == privacy.THierarchical {
		s.Hierarchy = drawTree(t)
	}
	if s.Model == privacy.BetaRare || s.Model == privacy.Alpha && rapid.Bool().Draw(t, "one side") {
		s.Rare = values[rapid.IntRange(1, 3).Draw(t, "rare")]
	}
	return s
}

func drawTable(t *rapid.T) (*Table, *Policy) {
	p := &Policy{
		K:                rapid.IntRange(1, 4).Draw(t, "k"),
		SuppressionLimit: rapid.SampledFrom([]float64{0, 0.1, 0.3, 1}).Draw(t, "limit"),
		Metric:           rapid.SampledFrom(Metrics).Draw(t, "metric"),
		AverageRisk:      rapid.SampledFrom([]float64{0, 0, 0, 0.3}).Draw(t, "average risk"),
	}
	rows := rapid.IntRange(1, 24).Draw(t, "rows")
	table := &Table{}
	for j := range rapid.IntRange(1, 3).Draw(t, "quasi-identifiers") {
		name := fmt.Sprintf("q%d", j)
		h := drawHierarchy(t, name)
		texts := make([]string, rows)
		for i := range texts {
			texts[i] = values[rapid.IntRange(0, h.Leaves()-1).Draw(t, name)]
		}
		table.Columns = append(table.Columns, NewColumn(name, texts))
		p.QuasiIdentifiers = append(p.QuasiIdentifiers, QuasiIdentifier{
			Name: name, Hierarchy: h, MaxLevel: rapid.IntRange(-1, h.MaxLevel()).Draw(t, "max_level"),
			Weight: rapid.SampledFrom([]float64{0, 1, 3}).Draw(t, "weight"),
		})
	}
	for j := range rapid.IntRange(0, 2).Draw(t, "sensitive") {
		name := fmt.Sprintf("s%d", j)
		texts := make([]string, rows)
		for i := range texts {
			texts[i] = values[rapid.IntRange(0, 3).Draw(t, name)]
		}
		table.Columns = append(table.Columns, NewColumn(name, texts))
		for range rapid.IntRange(1, 2).Draw(t, "models") {
			p.Sensitive = append(p.Sensitive, drawSensitive(t, name))
		}
	}
	for u := range rapid.IntRange(0, 3).Draw(t, "units") {
		ids := make([]int64, rows)
		most := rapid.IntRange(1, rows).Draw(t, "persons")
		for i := range ids {
			ids[i] = int64(rapid.IntRange(-most, most).Draw(t, "id"))
		}
		table.Units = append(table.Units, Unit{Name: fmt.Sprintf("u%d", u), IDs: ids})
	}
	return table, p
}
