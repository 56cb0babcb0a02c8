package directory

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/entscope/entscope/ingest/tabular"
)

// TestNamesStay: of the names of Onde's files nothing stands in a directory, in
// its counts or in its warnings.
func TestNamesStay(t *testing.T) {
	a, err := txtar.ParseFile("testdata/onde.txtar")
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := readArchive(a)
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for i := range d.Persons {
		kept = append(kept, string(d.PersonID(int32(i))))
	}
	kept = append(append(append(kept, d.Warnings...), d.Levels...), d.Classes...)
	for _, f := range d.Files {
		kept = append(kept, f.Name)
	}
	all := strings.ToLower(strings.Join(kept, "\n"))
	for _, name := range []string{"durand", "petit", "martin", "bernard", "roux", "leroy", "blanc", "seule", "inconnu",
		"zoé", "noé", "sara", "2015", "exemple", "rue"} {
		if strings.Contains(all, name) {
			t.Errorf("%q was kept", name)
		}
	}
}

// TestNameKeys: names are compared without case, accents, hyphens and spaces,
// and never run into each other.
func TestNameKeys(t *testing.T) {
	key := func(parts ...string) nameKey {
		var b [][]byte
		for _, p := range parts {
			b = append(b, []byte(p))
		}
		return newNameKey("pupil", b...)
	}
	if key("Lévy Martin", "Zoé") != key("LEVY-MARTIN", "zoe") {
		t.Error("spelling matters")
	}
	if key("ab", "c") == key("a", "bc") || key("a") == newNameKey("guardian", []byte("a")) {
		t.Error("different names have one key")
	}
	if string(isoDay([]byte("13/08/2014"))) != "2014-08-13" || string(isoDay([]byte("2014-08-13"))) != "2014-08-13" {
		t.Error("dates")
	}
}

// TestChild: which of two pupils of one name is meant.
func TestChild(t *testing.T) {
	uai, first, class := []byte("9990001X"), []byte("Léa"), []byte("CE1")
	var n names
	bear := func(last string, person int32) {
		n.bear(newNameKey("pupil in class", uai, []byte(last), first, class), person)
	}
	bear("Petit", 1)
	bear("Petit", 2)
	bear("Martin", 1)
	bear("Bernard", 2)
	bear("Roux", 3)
	for _, test := range []struct {
		last, usual string
		want        int32
	}{
		{"Petit", "", several}, {"Petit", "Martin", 1}, {"Petit", "Bernard", 2}, {"Petit", "Roche", several},
		{"Roux", "", 3}, {"Roux", "Roux", 3},
		{"", "Roux", 3}, {"Roux", "Roche", 3}, {"Roche", "Roux", 3}, {"Roche", "", nobody}, {"", "", nobody},
		{"Roux", "Martin", several},
	} {
		if got := n.child(uai, []byte(test.last), []byte(test.usual), first, class); got != test.want {
			t.Errorf("%q %q: %d, want %d", test.last, test.usual, got, test.want)
		}
	}
}

// TestAccountsNeedPersons: a table that says of nobody whose the accounts are is
// a fault of the study.
func TestAccountsNeedPersons(t *testing.T) {
	for _, columns := range []map[string]any{{"account": "a"}, {"account": "a", "last_name": "n", "first_name": "p"}} {
		_, err := Read(context.Background(), Options{
			Accounts: []Table{{Files: []string{"a.csv"}, Accounts: "entcore",
				Mapping: &tabular.Mapping{Columns: columns}}},
			Start: 1, End: 2, Zone: time.UTC, Open: func(string) (io.ReadCloser, error) {
				return io.NopCloser(strings.NewReader("a;n;p\n")), nil
			},
		})
		if err == nil || !strings.Contains(err.Error(), "neither person nor last_name, first_name and school") {
			t.Errorf("%v: %v", columns, err)
		}
	}
}
