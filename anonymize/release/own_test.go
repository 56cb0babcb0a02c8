package release

import (
	"slices"
	"testing"
)

// TestOwnTablesBefore: a table leaves beside those that had left before it, the second time too, so that it is what it was;
// once it was taken back it leaves beside all.
func TestOwnTablesBefore(t *testing.T) {
	path, key := first(t)
	r := open(t, path, key)
	for _, made := range []string{"a", "b"} {
		if err := r.BookOwn(Own{Name: "table-" + made, Figures: "firms/", Made: made, Cells: []byte("{}")}); err != nil {
			t.Fatal(err)
		}
	}
	beside := func(made string, want ...string) {
		t.Helper()
		tables, err := r.OwnTables("firms/", made)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range tables {
			got = append(got, o.Made)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s leaves beside %v, want %v", made, got, want)
		}
	}
	beside("a")
	beside("b", "a")
	beside("c", "a", "b")
	if err := recall(r, "table-a"); err != nil {
		t.Fatal(err)
	}
	beside("a", "b")
}
