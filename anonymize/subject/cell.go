package subject

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
)

// cellKey is what a cell speaks of within one grouping.
type cellKey struct {
	group               string
	measure, population string
}

// cell is the row of one school. alone is how many of its families are counted by
// school: they are of that school only.
type cell struct {
	school, alone int64
	row           edition.SumRow
}

// periodKey names the cell of one school in one period.
type periodKey struct {
	cellKey
	period, school int64
}

// cellRow is the part of a cell whose x are in one bin.
type cellRow struct {
	Grp                                  string
	Period, SchoolKey                    int64
	Measure, Population                  string
	Bin, Persons, Numerator, Denominator int64
	SumXX, SumXY, SumYY                  int64
}

type familyCount struct {
	Grp                 string
	Period, SchoolKey   int64
	Measure, Population string
	Families            int64
}

// readCells hands over the parts of the cells of the family of measures that
// the view contribution gives: one part per bin, and one with the families.
func (b *Builder) readCells(ctx context.Context, fam family, f func(periodKey, edition.SumRow)) error {
	type slot struct {
		measure string
		period  int64
	}
	present := map[slot][]string{} // by the measure that stands for others
	err := flow.Rows(ctx, b.run, "cell", func(r cellRow) error {
		part := edition.SumRow{Persons: r.Persons, Numerator: r.Numerator, Denom: r.Denominator,
			SumXX: r.SumXX, SumXY: r.SumXY, SumYY: r.SumYY}
		*histogram(&part)[r.Bin] = part.Persons
		k := periodKey{cellKey{r.Grp, r.Measure, r.Population}, r.Period, r.SchoolKey}
		f(k, part)
		like, ok := fam.like[k.measure]
		if !ok {
			return fmt.Errorf("measure %s is not of the family %s", k.measure, fam.name)
		}
		if s := (slot{like, k.period}); !slices.Contains(present[s], k.measure) {
			present[s] = append(present[s], k.measure)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var standing []string
	for s := range present {
		if !slices.Contains(standing, s.measure) {
			standing = append(standing, s.measure)
		}
	}
	answer := "families_apart"
	if n := len(standing); n == 0 {
		return nil
	} else if n <= 2 {
		answer = "families"
		b.run.Set(map[string]any{"first_measure": standing[0], "last_measure": standing[n-1]})
	}
	return flow.Rows(ctx, b.run, answer, func(r familyCount) error {
		for _, m := range present[slot{r.Measure, r.Period}] {
			f(periodKey{cellKey{r.Grp, m, r.Population}, r.Period, r.SchoolKey}, edition.SumRow{Families: r.Families})
		}
		return nil
	})
}

// addSum adds a school's cell to a cluster's; sums of squares saturate.
func addSum(sum *edition.SumRow, r edition.SumRow) {
	sum.Persons += r.Persons
	sum.Families += r.Families
	sum.Numerator += r.Numerator
	sum.Denom += r.Denom
	for _, p := range [][2]*int64{{&sum.SumXX, &r.SumXX}, {&sum.SumXY, &r.SumXY}, {&sum.SumYY, &r.SumYY}} {
		if *p[0] > math.MaxInt64-*p[1] {
			*p[0] = math.MaxInt64
		} else {
			*p[0] += *p[1]
		}
	}
	from := histogram(&r)
	for i, h := range histogram(sum) {
		*h += *from[i]
	}
}

func histogram(r *edition.SumRow) [16]*int64 {
	return [16]*int64{&r.H00, &r.H01, &r.H02, &r.H03, &r.H04, &r.H05, &r.H06, &r.H07,
		&r.H08, &r.H09, &r.H10, &r.H11, &r.H12, &r.H13, &r.H14, &r.H15}
}

func sortedKeys(cells map[cellKey][]cell) []cellKey {
	keys := make([]cellKey, 0, len(cells))
	for k := range cells {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b cellKey) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.measure, b.measure),
			cmp.Compare(a.population, b.population))
	})
	return keys
}
