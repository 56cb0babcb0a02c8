package combine

import (
	"cmp"
	"iter"

	"github.com/entscope/entscope/anonymize/edition"
)

// table writes a table of all parts, sorted column by column as each of theirs is. keep renumbers the
// cluster of a row of a part, and says whether the row stays.
func table[T any](
	p *pool, w *edition.Writer, name string, order func(a, b T) int, keep func(part int, row *T) bool,
) error {
	var failed error
	var streams []iter.Seq2[T, error]
	for i, root := range p.roots {
		streams = append(streams, func(yield func(T, error) bool) {
			for row, err := range edition.Rows[T](root, name) {
				if err == nil && !keep(i, &row) {
					continue
				}
				if !yield(row, err) {
					return
				}
			}
		})
	}
	rows := func(yield func(T) bool) {
		for row, err := range merge(streams, order) {
			if failed = err; err != nil || !yield(row) {
				return
			}
		}
	}
	if err := edition.WriteRows(w, name, rows, p.manifest.Metadata(name)); err != nil {
		return err
	}
	return failed
}

// merge gives the rows of sorted streams in one order, equal ones in the order of the streams. It
// holds a row of each. The first error ends it.
func merge[T any](streams []iter.Seq2[T, error], order func(a, b T) int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		heads := make([]T, 0, len(streams))
		var nexts []func() (T, error, bool)
		for _, s := range streams {
			next, stop := iter.Pull2(s)
			defer stop()
			row, err, ok := next()
			if err != nil {
				yield(row, err)
				return
			}
			if ok {
				heads, nexts = append(heads, row), append(nexts, next)
			}
		}
		for len(heads) > 0 {
			first := 0
			for i := range heads {
				if order(heads[i], heads[first]) < 0 {
					first = i
				}
			}
			if !yield(heads[first], nil) {
				return
			}
			row, err, ok := nexts[first]()
			switch {
			case err != nil:
				yield(row, err)
				return
			case ok:
				heads[first] = row
			default:
				heads = append(heads[:first], heads[first+1:]...)
				nexts = append(nexts[:first], nexts[first+1:]...)
			}
		}
	}
}

// The orders of the tables, up to the columns in which no two rows of a part are alike: clusters of
// two parts are never the same.

func sumOrder(a, b edition.SumRow) int {
	return cmp.Or(cmp.Compare(a.Grouping, b.Grouping), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Cluster, b.Cluster))
}

func timeOrder(a, b edition.TimeRow) int {
	return cmp.Or(cmp.Compare(a.Curve, b.Curve), cmp.Compare(a.Grouping, b.Grouping), cmp.Compare(a.Group, b.Group),
		cmp.Compare(a.Cluster, b.Cluster))
}

func weekOrder(a, b edition.WeekRow) int {
	return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.Cluster, b.Cluster))
}

func coverageOrder(a, b edition.CoverageRow) int {
	return cmp.Or(cmp.Compare(a.Feed, b.Feed), cmp.Compare(a.UAI, b.UAI), cmp.Compare(a.Level, b.Level),
		cmp.Compare(a.WeekDay, b.WeekDay), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Expected, b.Expected),
		cmp.Compare(a.Reporting, b.Reporting))
}
