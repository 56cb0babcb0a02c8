package indicator

import (
	"math"
	"testing"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

// interval is what a reader of a published share of persons knows of its two
// counts: n within 2 of a multiple of 5, the share a whole percent of rounded
// counts, or a bound.
type interval struct{ low, high float64 }

func readCounts(r Result) (persons, part interval) {
	if r.Status != Published {
		return interval{0, math.Inf(1)}, interval{0, math.Inf(1)}
	}
	n := float64(r.N)
	persons = interval{n - 2, n + 2}
	if r.Estimate == nil {
		return persons, interval{math.Floor(*r.Low * (n - 2)), math.Ceil(*r.High * (n + 2))}
	}
	return persons, interval{math.Max(0, math.Ceil((*r.Estimate-0.005)*n)-2), math.Floor((*r.Estimate+0.005)*n) + 2}
}

func (a interval) minus(b interval) interval { return interval{a.low - b.high, a.high - b.low} }

// A school too small for a page, in a level of three schools: the report's level
// minus the two other pages must not give its counts away.
func TestReleaseBySubtraction(t *testing.T) {
	for seed := range uint64(8) {
		// Rounding alone leaves ±6 here; a wider margin needs suppression.
		policy := testPolicy(t)
		policy.Secondary.IntervalCount = 5 + 7*int64(seed%2)
		margin := float64(policy.Secondary.IntervalCount)
		r := newRegion(seed, 30)
		for i := range r.schools {
			r.schools[i].level = "college"
			if i < 3 {
				r.schools[i].level = "lycee"
			}
		}
		r.schools[0].persons = 14
		sums := r.of("L2", "A1", "D3", "R1").sums()
		research := commit(t, r.manifest("research"), func(w *edition.Writer) error {
			return edition.WriteTable(w, edition.TableSums, sums, nil)
		})
		report, schools, err := releasedWith(compute(t, research, "L2", "A1", "D3", "R1"), r.schoolsEdition(t, sums),
			policy)
		if err != nil {
			t.Fatal(err)
		}
		for _, total := range report {
			if total.Group["level"] != "lycee" || total.counts != nil {
				continue
			}
			ind, _ := question.Lookup(total.Indicator)
			if m, _ := ind.Measure(total.Measure); m.Kind != question.Share || len(m.Sources) != 1 {
				continue
			}
			persons, part := readCounts(total)
			pages := 0
			for _, s := range schools {
				for _, page := range s.Results {
					same := page.Indicator == total.Indicator && page.Measure == total.Measure &&
						page.Population == total.Population
					if same && s.Level == "lycee" && page.Group["month"] == "" {
						n, x := readCounts(page)
						persons, part = persons.minus(n), part.minus(x)
						pages++
					}
				}
			}
			if pages != 2 {
				t.Fatalf("%s %s: %d pages", total.Indicator, total.Measure, pages)
			}
			truth := hiddenCounts(sums, total)
			for name, c := range map[string]struct {
				known interval
				truth float64
			}{"persons": {persons, float64(truth.Persons)}, "part": {part, float64(truth.Numerator)}} {
				if c.known.low > math.Max(0, c.truth-margin) || c.known.high < c.truth+margin {
					t.Errorf("seed %d %s %s: %s of the hidden school known within [%v, %v], truth %v",
						seed, total.Indicator, total.Measure, name, c.known.low, c.known.high, c.truth)
				}
			}
		}
	}
}

// hiddenCounts is the row of the school without a page.
func hiddenCounts(sums []edition.SumRow, r Result) edition.SumRow {
	for _, s := range sums {
		if s.Grouping == "all" && s.Cluster == 0 && s.Population == r.Population && s.Measure == r.Indicator+"."+
			r.Measure {
			return s
		}
	}
	return edition.SumRow{}
}
