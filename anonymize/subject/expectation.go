package subject

import (
	"context"
	"math"

	"github.com/entscope/entscope/anonymize/flow"
)

// expectationRow is how many of the grade visits of a pair would be empty if they
// had nothing to do with what is published, in hundredths of a visit.
type expectationRow struct {
	PersonKey int64 `parquet:"person_key"`
	SchoolKey int32 `parquet:"school_key"`
	Expected  int64 `parquet:"expected"`
}

type checkedNews struct {
	PersonKey, SchoolKey, TsMs, Publication int64
}

// expectations computes the publication-driven null of N3 for the pairs of one
// slice: the expected empty visits of somebody who comes as often, at random.
func (b *Builder) expectations(ctx context.Context) error {
	rows := []expectationRow{}
	var pair expectationRow
	var visits, news []int64
	end := func() {
		if len(visits) > 0 {
			pair.Expected = int64(math.Round(100 * expectedEmpty(visits, news)))
			rows = append(rows, pair)
		}
	}
	err := flow.Rows(ctx, b.run, "checked_news", func(r checkedNews) error {
		if school := int32(r.SchoolKey); r.PersonKey != pair.PersonKey || school != pair.SchoolKey {
			end()
			pair, visits, news = expectationRow{PersonKey: r.PersonKey, SchoolKey: school}, visits[:0], news[:0]
		}
		if r.Publication == 1 {
			news = append(news, r.TsMs)
		} else {
			visits = append(visits, r.TsMs)
		}
		return nil
	})
	if err != nil {
		return err
	}
	end()
	return put(ctx, b, "expectation_part", rows)
}

// expectedEmpty is the expected number of empty visits of a Poisson process, given
// its n visits, when the first and the last of them were, and the rising instants of
// what is published. The n−2 visits between are then uniform on the time T from the
// first to the last (Cox & Lewis 1966, § 2.1), and of all after the first, the first
// to come after a publication is the one that is not empty: with the stretches
// g₁ … g_K that begin with a publication and end with the next one or the last visit,
//
//	n − 1 − Σ (1 − (1 − g_k/T)ⁿ⁻²) over k < K, − 1 for the last visit if K > 0.
func expectedEmpty(visits, news []int64) float64 {
	first, last := visits[0], visits[len(visits)-1]
	n, span := float64(len(visits)), float64(last-first)
	empty, from := n-1, first
	for _, t := range news {
		if t <= first || t > last {
			continue
		}
		if from > first { // the stretch that a publication before began ends here
			empty -= 1 - math.Pow(1-float64(t-from)/span, n-2)
		}
		from = t
	}
	if from > first {
		empty--
	}
	return empty
}
