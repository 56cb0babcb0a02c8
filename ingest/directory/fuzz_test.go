package directory

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// FuzzFeeds: whatever the bytes, reading ends without a panic, every record is
// booked once, and no identifier is longer than ingest.MaxID.
func FuzzFeeds(f *testing.F) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, path := range archives {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if name := strings.TrimSuffix(file.Name, "@iso-8859-15"); strings.HasSuffix(name, ".xml") ||
				strings.Contains(name, "9990001X/") {
				f.Add(file.Data)
			}
		}
	}
	f.Add([]byte("\xef\xbb\xbf<a/>"))
	f.Add([]byte("<addRequest><identifier><id>&#x41;</id></identifier></addRequest>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		o := Options{
			AAF:    []string{"X_Complet_20250901_Eleve_0000.xml", "X_Delta_20251001_Eleve_0000.xml"},
			SIECLE: []string{"x.xml"}, Imports: []string{"9990001X.csv"}, Start: 20339, End: 20436, Zone: time.UTC,
			Open: func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil },
		}
		d, err := Read(context.Background(), o)
		if err != nil {
			o.Imports = nil // not the template: the rest must be read all the same
			if d, err = Read(context.Background(), o); err != nil {
				return
			}
		}
		for i := range d.Persons {
			if len(d.PersonID(int32(i))) > ingest.MaxID || len(d.PersonID(int32(i))) == 0 {
				t.Fatal("length of an identifier")
			}
		}
		for _, m := range d.Memberships {
			if m.ToDay < m.FromDay {
				t.Fatal("a membership ends before it begins")
			}
		}
		for _, l := range d.Links {
			if l.LegalRank < 0 || l.LegalRank > 2 {
				t.Fatal("rank")
			}
		}
	})
}

// FuzzTables: the reference, the calendar, and tables of accounts, persons and
// merges, of any bytes; an account is always of a person, a day of one calendar row.
func FuzzTables(f *testing.F) {
	for _, name := range []string{"fr-en-annuaire-education.csv", "fr-en-calendrier-scolaire.csv",
		"fr-en-ips-colleges-ap2022.csv"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:min(len(data), 4096)])
	}
	f.Add([]byte("p;a;f;s;n;q;c;r;d\n1;x;parent;9990001X;Durand;Ève;2;1;2025-09-01\n" +
		"2;y;pupil;9990001X;Durand;Zoé;;;\n1;x;parent;;;;;;\n"))
	columns := map[string]any{"person": "p", "account": "a", "profile": "f", "school": "s", "created": "d"}
	named := map[string]any{"last_name": "n", "first_name": "q", "account": "a", "profile": "f", "school": "s"}
	persons := map[string]any{"person": "p", "profile": "f", "school": "s", "child": "c", "rank": "r", "from": "d"}
	merges := map[string]any{"person": "p", "same_as": "c", "profile": "f"}
	f.Fuzz(func(t *testing.T, data []byte) {
		table := func(columns map[string]any) []Table {
			return []Table{{Files: []string{"x.csv"}, Accounts: "entcore",
				Mapping: &tabular.Mapping{Columns: columns, Date: "2006-01-02"}}}
		}
		for _, o := range []Options{
			{Schools: &Table{Files: []string{"x.csv"}, Mapping: &tabular.Mapping{}}}, {Calendar: []string{"x.csv"}},
			{Persons: table(persons), Accounts: table(columns), Merges: table(merges)}, {Accounts: table(named)},
		} {
			o.Start, o.End, o.Zone = 20339, 20436, time.UTC
			o.Open = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
			d, err := Read(context.Background(), o)
			if err != nil {
				continue
			}
			for _, a := range d.Accounts {
				if int(a.Person) >= len(d.Persons) || a.Person < 0 || d.Persons[a.Person].Same != a.Person {
					t.Fatal("an account of nobody")
				}
			}
			seen := map[CalendarDay]bool{}
			for _, day := range d.Calendar {
				key := CalendarDay{Zone: day.Zone, Day: day.Day}
				if seen[key] || day.Weekday < 1 || day.Weekday > 7 {
					t.Fatal("a day twice, or no weekday")
				}
				seen[key] = true
			}
		}
	})
}

func TestXMLBounds(t *testing.T) {
	for _, test := range []struct {
		name string
		data io.Reader
		want error
	}{
		{"endless tag", io.MultiReader(strings.NewReader("<a "), endless('x')), errXMLToken},
		{"endless text", io.MultiReader(strings.NewReader("<a>"), endless('x')), errXMLToken},
		{"endless comment", io.MultiReader(strings.NewReader("<a><!--"), endless('x')), errXMLToken},
		{"endless nesting", io.MultiReader(strings.NewReader(strings.Repeat("<a>", 100))), errXMLDepth},
		{"endless DOCTYPE", io.MultiReader(strings.NewReader("<!DOCTYPE "), endless('x')), errXMLToken},
	} {
		x, err := newXMLReader(test.data, isName)
		for err == nil {
			_, err = x.next()
		}
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}

type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// Errors of files hold no text of theirs, and no folder.
func TestErrorsAreQuiet(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "chez-dupont")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "x_Eleve.xml")
	if err := os.WriteFile(path, []byte("<?xml version=\"1.0\" encoding=\"DURAND\"?><a>MARTIN</a>"),
		0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Read(context.Background(), Options{AAF: []string{path}, Start: 1, End: 2, Zone: time.UTC})
	if err == nil || strings.Contains(err.Error(), "MARTIN") || strings.Contains(err.Error(), "DURAND") ||
		strings.Contains(err.Error(), "dupont") {
		t.Errorf("error %v", err)
	}
	if _, err := Read(context.Background(), Options{Start: 2, End: 1, Zone: time.UTC}); err == nil {
		t.Error("an empty window was accepted")
	}
	if _, err := Read(context.Background(), Options{}); err == nil {
		t.Error("no time zone was accepted")
	}
}
