package indicator

import (
	"flag"
	"fmt"
	"slices"
	"testing"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

var publishedDraws = flag.Int("published-draws", 100,
	"regions drawn for each figure and number of schools of the table of published intervals")

// What rounding takes: regions of 12 to 150 schools are drawn from one superpopulation, their
// figures computed and released. Published intervals are at most 1.2 times (median) and 1.5
// times (mean) as wide as exact ones, and hold the truth as often or more.
//
//	go test ./analysis/indicator -run TestPublishedIntervals -count 1 -v -published-draws 2000
//
// prints coverage and widths.
func TestPublishedIntervals(t *testing.T) {
	ed := commit(t, &edition.Manifest{Kind: "research",
		Perturbation: edition.Perturbation{Variance: 9, Maximum: 8, Least: 5, Step: 0.4}},
		func(w *edition.Writer) error {
			return edition.WriteTable(w, edition.TableCoverage, []edition.CoverageRow{{Feed: "none"}}, nil)
		})
	policy := testPolicy(t)
	for _, schools := range []int{12, 20, 50, 150} {
		var all []float64
		for _, name := range []string{"L2 never", "L1 visits_per_week", "N3 empty", "L5 phone", "A1 accompanied",
			"N5 very_frequent", "A2 rate_ratio", "M1 individual_odds_ratio", "N8 deferred_gap"} {
			f := figureNamed(t, name)
			ind, _ := question.Lookup(f.id)
			m := f.measured(t)
			var widths []float64
			exactly, shown, drawn := 0, 0, 0
			for number := range uint64(*publishedDraws) {
				d := drawRegion(ed, f.name(), number, schools)
				f.plan.draw(d, m)
				exact := f.answer(t, d, ind, m)
				out, err := released([]Result{exact}, policy)
				if err != nil {
					t.Fatal(err)
				}
				r := out[0]
				if exact.Low == nil || r.Low == nil || r.Level == 0 {
					continue
				}
				drawn++
				if *exact.Low <= f.plan.truth && f.plan.truth <= *exact.High {
					exactly++
				}
				if *r.Low <= f.plan.truth && f.plan.truth <= *r.High {
					shown++
				}
				widths = append(widths, r.width()/exact.width())
			}
			if drawn == 0 {
				t.Logf("%3d schools  %-26s nothing is published", schools, name)
				continue
			}
			all = append(all, widths...)
			slices.Sort(widths)
			share := func(n int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(drawn)) }
			t.Logf("%3d schools  %-26s %4d draws  exact %s  published %s  width × %.2f (median) %.2f (mean)",
				schools, name, drawn, share(exactly), share(shown), widths[len(widths)/2], mean(widths))
			if shown < exactly {
				t.Errorf("%s: rounding loses the truth in %d of %d draws", name, exactly-shown, drawn)
			}
		}
		slices.Sort(all)
		median := all[len(all)/2]
		t.Logf("%3d schools  all: width × %.2f (median) %.2f (mean)", schools, median, mean(all))
		if median > 1.2 || mean(all) > 1.5 {
			t.Errorf("%d schools: published intervals are %.2f (median) and %.2f (mean) as wide",
				schools, median, mean(all))
		}
	}
}

func mean(list []float64) (m float64) {
	for _, v := range list {
		m += v / float64(len(list))
	}
	return m
}

// figureNamed is a line of the coverage table.
func figureNamed(t *testing.T, name string) figure {
	t.Helper()
	for _, f := range figures(t) {
		if f.id+" "+f.measure == name && f.schools == 0 {
			return f
		}
	}
	t.Fatalf("no figure %s", name)
	return figure{}
}
