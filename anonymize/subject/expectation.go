package subject

import (
	"context"
	"math"
	"sort"

	"github.com/entscope/entscope/anonymize/flow"
)

// expectationRow is how many of the grade visits of a pair would be empty if they
// had nothing to do with what is published, in hundredths of a visit, and what they say of
// self-excitation, -1 of too few: the branching ratio in hundredths, the half-life in
// minutes, and 1 if the null does not explain them.
type expectationRow struct {
	PersonKey int64 `parquet:"person_key"`
	SchoolKey int32 `parquet:"school_key"`
	Expected  int64 `parquet:"expected"`
	Branching int64 `parquet:"branching"`
	HalfLife  int64 `parquet:"half_life"`
	Exciting  int64 `parquet:"exciting"`
}

type checkedNews struct {
	PersonKey, SchoolKey, TsMs, ClockMs, Publication int64
}

// expectations computes the publication-driven null of N3 for the pairs of one
// slice: the expected empty visits of somebody who comes at the same hours of the
// same days of the week, whatever is published.
func (b *Builder) expectations(ctx context.Context) error {
	term, err := b.schoolWeeks(ctx)
	if err != nil {
		return err
	}
	rows := []expectationRow{}
	var pair expectationRow
	var visits, news []int64
	var ahead int64 // of the local clock, at the last visit
	end := func() {
		if len(visits) > 0 {
			weeks := term[int64(pair.SchoolKey)]
			pair.Expected = int64(math.Round(100 * expectedEmpty(visits, news, weeks)))
			pair.excite(visits, news, weeks)
			rows = append(rows, pair)
		}
	}
	err = flow.Rows(ctx, b.run, "checked_news", func(r checkedNews) error {
		if school := int32(r.SchoolKey); r.PersonKey != pair.PersonKey || school != pair.SchoolKey {
			end()
			pair, visits, news = expectationRow{PersonKey: r.PersonKey, SchoolKey: school}, visits[:0], news[:0]
		}
		if r.Publication == 1 { // what comes before the first visit does not count
			news = append(news, r.TsMs+ahead)
		} else {
			ahead = r.ClockMs - r.TsMs
			visits = append(visits, r.ClockMs)
		}
		return nil
	})
	if err != nil {
		return err
	}
	end()
	return put(ctx, b, "expectation_part", rows)
}

// excite adds what the visits say of self-excitation.
func (r *expectationRow) excite(visits, news []int64, term map[int64]bool) {
	e, ok := excite(visits, news, term)
	if !ok {
		r.Branching, r.HalfLife, r.Exciting = -1, -1, -1
		return
	}
	r.Branching, r.HalfLife = int64(math.Round(100*e.branching)), int64(math.Round(60*e.halfLife))
	if e.ratio > excitingRatio {
		r.Exciting = 1
	}
}

// schoolWeeks are the school weeks of each school, by number (see weekOf).
func (b *Builder) schoolWeeks(ctx context.Context) (map[int64]map[int64]bool, error) {
	weeks := map[int64]map[int64]bool{}
	err := flow.Rows(ctx, b.run, "school_week", func(r struct{ SchoolKey, WeekDay int64 }) error {
		if weeks[r.SchoolKey] == nil {
			weeks[r.SchoolKey] = map[int64]bool{}
		}
		weeks[r.SchoolKey][weekOf(r.WeekDay*dayMs)] = true
		return nil
	})
	return weeks, err
}

// expectedEmpty is the expected number of empty visits of a Poisson process whose
// rate depends on the hour of the week, and on whether the week is one of school
// (term), given when its n visits were in the week and when the first and the last
// were, and the instants of what is published; all by the local clock. The n−2 visits
// between then fall independently, each with the same chance in every week of the
// same kind in which that hour lies between the first and the last visit (Cox & Lewis
// 1966, § 2.1, within strata). Of all visits after the first, the first to come after
// a publication is the one that is not empty: with π_ik the chance that visit i falls
// between publication k and the next,
//
//	n − 1 − Σ (1 − Π_i (1 − π_ik)) over k < K, − 1 for the last visit if K > 0.
//
// With a rate that never changes instead, people who come in the evening, after the
// publications of the day, look as if they came for them.
func expectedEmpty(visits, news []int64, term map[int64]bool) float64 {
	first, last := visits[0], visits[len(visits)-1]
	var edges []int64 // where the stretches begin that a publication opens
	for _, t := range news {
		if t > first && t <= last && (len(edges) == 0 || t > edges[len(edges)-1]) {
			edges = append(edges, t)
		}
	}
	if len(edges) == 0 {
		return float64(len(visits) - 1)
	}
	none := make([]float64, len(edges)) // log of the chance that no visit falls into a stretch
	falls := make([]int, len(edges))    // in how many weeks one visit would fall into it
	for _, t := range visits[1:max(1, len(visits)-1)] {
		weeks, from := 0, t-(weekOf(t)-weekOf(first))*weekMs
		for at, k := from, 0; at < last || at == t; at += weekMs {
			if at != t && (at <= first || term[weekOf(at)] != term[weekOf(t)]) {
				continue
			}
			weeks++
			if k += sort.Search(len(edges)-k, func(i int) bool { return edges[k+i] > at }); k > 0 {
				falls[k-1]++
			}
		}
		for k, n := range falls {
			if n > 0 {
				none[k] += math.Log1p(-float64(n) / float64(weeks))
				falls[k] = 0
			}
		}
	}
	empty := float64(len(visits) - 2)
	for _, log := range none[:len(none)-1] {
		empty += math.Expm1(log)
	}
	return empty
}
