package subject

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/edition"
)

// Rows that are kept by runs are the same rows in order, whatever they hold.
func TestSumRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, number := rapid.SampledFrom([]string{"", "a", "é", "z"}), rapid.Int64()
		kept := &SumRows{}
		var want []edition.SumRow
		for range rapid.IntRange(0, 5).Draw(t, "runs") {
			var run []edition.SumRow
			for range rapid.IntRange(0, 5).Draw(t, "rows") {
				var row edition.SumRow
				texts, numbers := sumFields(&row)
				for _, f := range texts {
					*f = text.Draw(t, "text")
				}
				for _, f := range numbers {
					*f = number.Draw(t, "number")
				}
				row.Cluster, row.Schools = int32(len(want)+len(run)), rapid.Int32().Draw(t, "schools")
				run = append(run, row)
			}
			want = append(want, run...)
			kept.add(run)
		}
		slices.SortFunc(want, compareSums)
		if got := slices.Collect(kept.All()); !slices.Equal(got, want) {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}
