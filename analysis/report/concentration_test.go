package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// The Lorenz curve goes through its points in the order of the shares of accounts, with the
// interval of each, and leaves a gap where one is hidden; its ends are nobody and all.
func TestLorenz(t *testing.T) {
	q, err := question.Lookup("F5")
	if err != nil {
		t.Fatal(err)
	}
	s := specOf(q, q.Figures[slices.IndexFunc(q.Figures, func(f question.Figure) bool { return f.ID == "F5-courbe" })])
	var results []indicator.Result
	for name, held := range map[string]float64{
		"top_50_share": 0.97, "top_tenth_share": 0.55, "top_30_share": 0.9, "top_20_share": 0.8,
	} {
		results = append(results, published("F5", name, "all_accounts", nil, held, 0.02, 900))
	}
	hide := slices.IndexFunc(results, func(r indicator.Result) bool { return r.Measure == "top_30_share" })
	r := &results[hide]
	r.Status, r.Estimate, r.Low, r.High = indicator.Suppressed, nil, nil, nil
	d := &drawer{lang: fr, results: results, used: make([]bool, len(results))}
	rows := d.rows(s)
	curve := d.lorenz(s, rows).Series[1].Points
	for i, want := range [][3]float64{{0, 0, 0}, {10, 55, 53}, {20, 80, 78}, {30, -1, 0}, {50, 97, 95}, {100, 100, 0}} {
		p := curve[i]
		if p.X != want[0] {
			t.Errorf("point %d at %v, want %v", i, p.X, want[0])
		}
		if known := p.Y == p.Y; known != (want[1] >= 0) || known && p.Y != want[1] {
			t.Errorf("point %d is %v, want %v", i, p.Y, want[1])
		}
		if want[2] > 0 && p.Low != want[2] {
			t.Errorf("point %d from %v, want %v", i, p.Low, want[2])
		}
	}
	text := plainSpaces([]byte(strings.Join(d.reading(s, rows), " ")))
	want := "Le dixième des comptes le plus présent : 55 % ; les deux dixièmes : 80 % ; la moitié : 97 %."
	if !strings.Contains(text, want) {
		t.Errorf("%q is not in %q", want, text)
	}
}
