package anonymize

import (
	"testing"

	"github.com/entscope/entscope/anonymize/kanon"
)

// Who is alone by the quasi-identifiers and what a school knows is counted, and
// nothing is said where a school knows nothing.
func TestKnownToSchool(t *testing.T) {
	table := &kanon.Table{Columns: []kanon.Column{
		{Name: "level", Values: []string{"college", "lycee"}, Codes: []int32{0, 0, 0, 1, 1}},
		{Name: "accompanied", Values: []string{"no", "yes"}, Codes: []int32{0, 0, 1, 0, 0}},
		{Name: "contact", Values: []string{"email", "no-email"}, Codes: []int32{0, 0, 0, 0, 1}},
	}}
	for _, c := range []struct {
		columns []string
		unique  int64
	}{{[]string{"accompanied"}, 1}, {[]string{"accompanied", "contact"}, 3}, {[]string{"contact"}, 2}} {
		if k := known([]string{"level"}, c.columns, table); k == nil || k.Unique != c.unique {
			t.Errorf("%v: %+v, want %d", c.columns, k, c.unique)
		}
	}
	if k := known([]string{"level"}, nil, table); k != nil {
		t.Errorf("a school that knows nothing: %+v", k)
	}
}
