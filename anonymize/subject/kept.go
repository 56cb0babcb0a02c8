package subject

import (
	"container/heap"
	"encoding/binary"
	"iter"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// SumRows holds rows of sums in a quarter of their memory: there is one for each cluster,
// group and measure, so that they grow with the schools. All gives them in order.
type SumRows struct {
	runs  [][]byte // each in order
	words []string // the texts of the rows
	at    map[string]int64
}

// add keeps a run of rows, which it sorts.
func (k *SumRows) add(rows []edition.SumRow) {
	if len(rows) == 0 {
		return
	}
	slices.SortFunc(rows, compareSums)
	var run []byte
	for i := range rows {
		texts, numbers := sumFields(&rows[i])
		for _, text := range texts {
			run = binary.AppendVarint(run, k.word(*text))
		}
		run = binary.AppendVarint(run, int64(rows[i].Cluster))
		run = binary.AppendVarint(run, int64(rows[i].Schools))
		for _, n := range numbers {
			run = binary.AppendVarint(run, *n)
		}
	}
	k.runs = append(k.runs, slices.Clip(run))
}

// word numbers a text.
func (k *SumRows) word(text string) int64 {
	n, ok := k.at[text]
	if !ok {
		if k.at == nil {
			k.at = map[string]int64{}
		}
		n = int64(len(k.words))
		k.at[text], k.words = n, append(k.words, text)
	}
	return n
}

// sumFields are the fields of a row but its cluster and the number of its schools.
func sumFields(r *edition.SumRow) ([4]*string, [23]*int64) {
	numbers := [23]*int64{&r.Persons, &r.Families, &r.Numerator, &r.Denom, &r.SumXX, &r.SumXY, &r.SumYY}
	bins := histogram(r)
	copy(numbers[7:], bins[:])
	return [4]*string{&r.Grouping, &r.Group, &r.Measure, &r.Population}, numbers
}

// All gives the rows in the order of an edition.
func (k *SumRows) All() iter.Seq[edition.SumRow] {
	return func(yield func(edition.SumRow) bool) {
		var heads sumHeads
		for _, run := range k.runs {
			h := &sumHead{of: k, left: run}
			h.next()
			heads = append(heads, h)
		}
		for heap.Init(&heads); len(heads) > 0; {
			head := heads[0]
			if !yield(head.row) {
				return
			}
			if head.next() {
				heap.Fix(&heads, 0)
			} else {
				heap.Pop(&heads)
			}
		}
	}
}

// sumHead is the row of a run that comes next, and what is left after it.
type sumHead struct {
	of   *SumRows
	left []byte
	row  edition.SumRow
}

func (h *sumHead) next() bool {
	if len(h.left) == 0 {
		return false
	}
	number := func() int64 {
		n, size := binary.Varint(h.left)
		h.left = h.left[size:]
		return n
	}
	texts, numbers := sumFields(&h.row)
	for _, text := range texts {
		*text = h.of.words[number()]
	}
	h.row.Cluster, h.row.Schools = int32(number()), int32(number())
	for _, n := range numbers {
		*n = number()
	}
	return true
}

// sumHeads is a heap of runs by their next rows.
type sumHeads []*sumHead

func (h sumHeads) Len() int           { return len(h) }
func (h sumHeads) Less(i, j int) bool { return compareSums(h[i].row, h[j].row) < 0 }
func (h sumHeads) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *sumHeads) Push(x any)        { *h = append(*h, x.(*sumHead)) }
func (h *sumHeads) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
