package audit

import (
	"strings"
	"testing"
)

// TestAlone counts who is alone as the rows of the fixture do: nobody by their profile, and
// as many as there are rows that no other row equals by all columns.
func TestAlone(t *testing.T) {
	f := research()
	all := map[string]int64{}
	for _, row := range f.parents {
		all[strings.Join(parentFields(row), "\x00")]++
	}
	want := int64(0)
	for _, n := range all {
		if n == 1 {
			want++
		}
	}
	got := audit(t, f.write(t)).Products[0].Alone
	if got == nil {
		t.Fatal("nobody was counted")
	}
	if got.Rows != int64(len(f.parents)) || got.Persons != 50 {
		t.Errorf("%d rows of %d persons, want %d of 50", got.Rows, got.Persons, len(f.parents))
	}
	profile, whole := got.Known[0], got.Known[len(got.Known)-1]
	if profile.Alone != 0 || profile.Dankar == nil || *profile.Dankar != 0 {
		t.Errorf("by profile: %+v, want nobody", profile)
	}
	if want == 0 || whole.Alone != want {
		t.Errorf("by all columns: %d alone, want %d and some", whole.Alone, want)
	}
	if len(whole.Columns) != len(personColumns) {
		t.Errorf("%d columns, want %d", len(whole.Columns), len(personColumns))
	}
}
