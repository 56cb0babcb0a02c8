package kanon

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// In every class each column keeps its values; quasi-identifiers keep their rows.
func TestExchangeKeepsClasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "rows")
		column := func(name string, most int) Column {
			texts := make([]string, n)
			for i := range texts {
				texts[i] = fmt.Sprint(rapid.IntRange(0, most).Draw(t, name))
			}
			return NewColumn(name, texts)
		}
		table := &Table{Columns: []Column{column("q", 3), column("a", 5), column("b", 9)}}
		draw := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "key"), 1))
		got := Exchange(table, []string{"q"}, func(...int64) uint64 { return draw.Uint64() })
		for _, name := range []string{"a", "b"} {
			if !slices.Equal(byClass(table, name), byClass(got, name)) {
				t.Fatalf("column %s has other values in a class", name)
			}
		}
		for i := range n {
			if table.Column("q").Text(i) != got.Column("q").Text(i) {
				t.Fatalf("row %d has another class", i)
			}
		}
	})
}

// byClass lists class and value of each row, in order.
func byClass(t *Table, name string) []string {
	var list []string
	for i := range t.Rows() {
		list = append(list, t.Column("q").Text(i)+" "+t.Column(name).Text(i))
	}
	slices.Sort(list)
	return list
}
