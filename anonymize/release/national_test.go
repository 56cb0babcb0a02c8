package release

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func national(made, start, end string, keys, schools string) National {
	return National{Name: "national-" + start[:4], Study: "national", Start: start, End: end, Made: made,
		Keys: strings.Fields(keys), Schools: strings.Fields(schools)}
}

// A national publication leaves once of the days of its territories: beside one that has left, what is of other
// editions with a territory or school and a day in common is refused, whatever it leaves out or adds.
func TestNationalBeside(t *testing.T) {
	const autumn, winter, spring = "2025-09-01", "2025-12-20", "2026-01-05"
	first := national("a", autumn, winter, "nancy dijon reims", "n1 n2 d1 r1")
	for name, c := range map[string]struct {
		then National
		want error
	}{
		"the same again":        {first, nil},
		"a territory less":      {national("b", autumn, winter, "nancy dijon", "n1 n2 d1"), ErrNear},
		"a territory more":      {national("b", autumn, winter, "nancy dijon reims lille", "n1 n2 d1 r1 l1"), ErrNear},
		"a revised edition":     {national("b", autumn, winter, "nancy dijon reims", "n1 n2 d1 r1"), ErrNear},
		"another key":           {national("b", autumn, winter, "new", "d1"), ErrNear},
		"other schools":         {national("b", autumn, winter, "dijon", "d2"), ErrNear},
		"a day of both":         {national("b", winter, "2026-03-01", "nancy dijon reims", "n1 n2 d1 r1"), ErrNear},
		"another period":        {national("b", spring, "2026-03-01", "nancy dijon", "n1 n2 d1"), nil},
		"others, the same days": {national("b", autumn, winter, "lille rennes", "l1 e1"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			path, key := filepath.Join(t.TempDir(), "releases"), lastingKey(t, 1)
			r, err := Open(path, key)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(r.AdmitNational(first), r.BookNational(first), r.BookNational(first)); err != nil {
				t.Fatal(err)
			}
			if r, err = Open(path, key); err != nil || len(r.Entries()) != 1 {
				t.Fatalf("%d entries, %v", len(r.Entries()), err)
			}
			err = r.AdmitNational(c.then)
			if !errors.Is(err, c.want) || err != nil && !strings.Contains(err.Error(), "ways on") {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if err := recall(r, first.Name); err != nil {
				t.Fatal(err)
			}
			if err := r.AdmitNational(c.then); err != nil {
				t.Errorf("after it was taken back: %v", err)
			}
			if err := r.BookNational(c.then); err != nil || len(r.Entries()) != 3 {
				t.Errorf("%d entries, %v", len(r.Entries()), err)
			}
		})
	}
}

// What a line keeps of territories and schools is sealed, and one of another label is not taken for it.
func TestNationalSealed(t *testing.T) {
	path, key := filepath.Join(t.TempDir(), "releases"), lastingKey(t, 1)
	r, err := Open(path, key)
	if err != nil {
		t.Fatal(err)
	}
	first := national("a", "2025-09-01", "2025-12-20", "nancy dijon", "0540001A")
	if err := r.BookNational(first); err != nil {
		t.Fatal(err)
	}
	e := r.Entries()[0]
	if strings.Contains(string(e.Cells), "nancy") || strings.Contains(string(e.Cells), "0540001A") {
		t.Error("a line tells its territories")
	}
	cells := slices.Clone(e.Cells)
	cells[len(cells)-1]++
	r.entries[0].Cells = cells
	then := first
	then.Made = "b"
	if err := r.AdmitNational(then); !errors.Is(err, ErrDamaged) {
		t.Errorf("an altered line: %v", err)
	}
}
