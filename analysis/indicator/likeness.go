package indicator

import (
	"cmp"
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
)

// A school is compared with those like it: does it lie further from their mean than they
// lie from one another? Its own figure is no sample, so that the spread of the others is
// all the chance there is; the noise of the cells is in it.

// leastSimilar is the number of other schools below which their spread is not known.
const leastSimilar = stats.MinClusters - 1

// liken compares what the pages show with the similar schools, by the published figures of
// these alone. The family of a school is what its page compares.
func liken(exact, shown []School) {
	drawn := map[question.Ref]bool{}
	for _, card := range question.Cards() {
		drawn[card.Ref] = true
	}
	type set struct {
		level, band string
		of          question.Ref
	}
	at := func(s School, r Result) set {
		return set{s.Level, s.IPSBand,
			question.Ref{Question: r.Indicator, Measure: r.Measure, Population: r.Population}}
	}
	members := map[set][]float64{}
	each := func(do func(school int, key set, value float64)) {
		for i, s := range shown {
			for k, r := range s.Results {
				key := at(s, r)
				if r.Status == Published && r.Estimate != nil && r.Group["month"] == "" && drawn[key.of] {
					do(i, key, *exact[i].Results[k].Estimate)
				}
			}
		}
	}
	each(func(_ int, key set, value float64) { members[key] = append(members[key], value) })
	families := make([]family, len(shown))
	each(func(i int, key set, value float64) {
		if shown[i].PeerSchools == 0 {
			return
		}
		families[i].add(unlike(value, members[key]), Comparison{Indicator: key.of.Question, Measure: key.of.Measure,
			Population: key.of.Population, Group: map[string]string{"uai": shown[i].UAI}}, Differs)
	})
	for i := range families {
		families[i].name = "page"
		shown[i].Comparisons = families[i].decide()
	}
}

// unlike is the p-value of a value being one of a set that it belongs to: its distance from
// the mean of the others over their standard deviation, as a new draw from them, against
// Student's t. NaN when they are too few or all alike.
//
// Source: Crawford & Howell 1998 (Clin. Neuropsychol. 12).
func unlike(value float64, set []float64) float64 {
	others := slices.Clone(set)
	i := slices.Index(others, value)
	others = slices.Delete(others, i, i+1)
	slices.SortFunc(others, cmp.Compare[float64])
	n := float64(len(others))
	if len(others) < leastSimilar {
		return math.NaN()
	}
	var mean, squares float64
	for _, v := range others {
		mean += v / n
	}
	for _, v := range others {
		squares += (v - mean) * (v - mean)
	}
	e := stats.Estimate{Value: value - mean, DF: n - 1, SE: math.Sqrt(squares / (n - 1) * (n + 1) / n)}
	return stats.WaldTest(e, 0, stats.Identity).P
}
