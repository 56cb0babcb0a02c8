package aggregate

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
)

var update = flag.Bool("update", false, "write the goldens")

// excerpts are written for these tests after FORMATS.md#entcore-aggregates and
// FORMATS.md#uportal-monthly-aggregates-of-recia.
var excerpts = []string{"accounts.csv", "access.csv", "connector.csv", "devices.csv", "2025/09/mois_123456789.xml"}

func read(t testing.TB, names ...string) *Platform {
	t.Helper()
	p := NewPlatform()
	for _, name := range names {
		path := filepath.Join("testdata", name)
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Read(path, f); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		f.Close()
	}
	return p
}

func describe(p *Platform) string {
	var b strings.Builder
	fmt.Fprintf(&b, "rows %d repeated %d totals %d\n", p.Rows, p.Repeated, p.Totals)
	for _, reason := range ingest.ByCount(p.Rejects) {
		fmt.Fprintf(&b, "rejected %d %s\n", p.Rejects[reason], reason)
	}
	for _, kind := range slices.Sorted(maps.Keys(p.Tables)) {
		fmt.Fprintf(&b, "%s: %d schools\n", kind, p.Schools[kind])
		for _, l := range lines(kind, p.Tables[kind], &Own{Cells: map[Cell]*Tally{}}) {
			fmt.Fprintf(&b, "  %s %s %s %d\n", l.Month, l.Profile, l.Total, l.Theirs)
		}
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
	}
}

func TestRead(t *testing.T) { golden(t, "platform", describe(read(t, excerpts...))) }

// TestReadTwice: the same file again changes no total.
func TestReadTwice(t *testing.T) {
	once, twice := read(t, excerpts...), read(t, append(excerpts, excerpts...)...)
	if fmt.Sprint(once.Tables) != fmt.Sprint(twice.Tables) || twice.Rows != once.Rows {
		t.Errorf("%v\n%v", once.Tables, twice.Tables)
	}
}

// TestDaily: visitors of days do not add up to those of a month, logins do.
func TestDaily(t *testing.T) {
	got := read(t, "accounts_daily_en.csv").Tables[Accounts]
	want := map[Cell]Figures{{202509, ingest.ProfileParent}: {Logins: 10, Visitors: -1}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestRefused(t *testing.T) {
	deep := "<Etablissement>" + strings.Repeat("<a>", 50)
	tests := []struct {
		name, path, text string
		want             error
	}{
		{"empty", "a.csv", "", ErrFormat},
		{"another table", "a.csv", "a;b\n1;2\n", ErrFormat},
		{"no date", "a.csv", `"UAI";"Profil";"Connexions";"Visiteurs uniques"` + "\n", ErrFormat},
		{"other document", "2025/09/mois_1.xml", "<html></html>", ErrFormat},
		{"no month", "mois_1.xml", "<Etablissement/>", errMonth},
		{"month 13", "2025/13/mois_1.xml", "<Etablissement/>", errMonth},
		{"cut short", "2025/09/mois_1.xml", "<Etablissement><ProfilsGlobaux>", errXML},
		{"entity", "2025/09/mois_1.xml", `<!DOCTYPE e [<!ENTITY x "secret">]><Etablissement>&x;</Etablissement>`,
			errXML},
		{"external entity", "2025/09/mois_1.xml",
			`<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/passwd">]><Etablissement>&x;</Etablissement>`, errXML},
		{"deep", "2025/09/mois_1.xml", deep, ErrTooBig},
	}
	for _, test := range tests {
		err := NewPlatform().Read(test.path, strings.NewReader(test.text))
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error holds text of the file", test.name)
		}
	}
	if err := NewPlatform().Read("a.csv", io.MultiReader(strings.NewReader(`"UAI"`), endless{})); err == nil {
		t.Error("an endless file was read")
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return copy(b, bytes.Repeat([]byte("a"), len(b))), nil }

// memory is a delivery in memory.
type memory struct{ *strings.Reader }

func (memory) Close() error           { return nil }
func (m memory) Sum() (string, error) { return fmt.Sprint(m.Size()), nil }

// letters is a format of one letter per event: l, a, f, v are what an account
// did; the next letter is the account, the next its identifier, "-" for none.
type letters struct{}

func (letters) Name() string    { return "entcore" }
func (letters) Version() string { return "" }
func (letters) Open([]byte) ingest.Reading {
	return ingest.Reading{Framing: ingest.Lines{}, NewDecoder: func() ingest.Decoder { return letters{} }}
}
func (letters) Decode(chunk []byte, s ingest.Sink) {
	actions := map[byte]ingest.Action{'l': ingest.ActionLogin, 'a': ingest.ActionAccess, 'f': ingest.ActionLoginFailed,
		'v': ingest.ActionActivation}
	for line, rest := ingest.NextLine(chunk); len(line) > 0; line, rest = ingest.NextLine(rest) {
		e := ingest.Event{TsMs: 1757916000000, LocalDate: 20346, LocalHour: 8, Account: line[1:2],
			Profile: ingest.ProfileParent, Action: actions[line[0]], Weight: 1}
		if line[2] != '-' {
			e.ID = line[2:3]
		}
		s.Event(&e)
	}
}

func count(t testing.TB, limit int, files ...string) *Own {
	t.Helper()
	own, c := new(Own), NewCounter(limit)
	feed := &ingest.Feed{Number: 1, Name: "f", Format: letters{}, Accounts: "a", Files: files}
	err := c.Count(t.Context(), own, feed, 2, func(text string) (Delivery, error) {
		return memory{strings.NewReader(text)}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return own
}

func TestCount(t *testing.T) {
	tests := []struct {
		name  string
		files []string
		want  Tally
	}{
		{"login", []string{"lu1\n"}, Tally{Logins: 1, Visitors: 1}},
		{"login stored again", []string{"lu1\nlu1\n"}, Tally{Logins: 1, Visitors: 1, RepeatedLogins: 1}},
		{"activation and its login", []string{"vu1\nlu1\n"}, Tally{Logins: 1, Visitors: 1, Activations: 1}},
		{"login, activation, login", []string{"lu1\nvu1\nlu1\n"},
			Tally{Logins: 1, Visitors: 1, Activations: 1, RepeatedLogins: 1}},
		{"access told twice", []string{"au1\nau1\nau2\n"}, Tally{Accesses: 2, Visitors: 1, RepeatedAccesses: 1}},
		{"no identifiers", []string{"au-\nau-\n"}, Tally{Accesses: 2, Visitors: 1}},
		{"failed login", []string{"fu-\n"}, Tally{Failed: 1}},
		{"two accounts", []string{"lu1\nlv2\nau-\n"}, Tally{Logins: 2, Accesses: 1, Visitors: 2}},
		{"one file twice", []string{"lu-\n", "lu-\n"}, Tally{Logins: 1, Visitors: 1}},
		{"records again in another file", []string{"lu1\n", "lu1\nlv2\n"},
			Tally{Logins: 2, Visitors: 2, RepeatedLogins: 1}},
	}
	for _, test := range tests {
		own := count(t, 100, test.files...)
		got := *own.Cells[Cell{202509, ingest.ProfileParent}]
		got.Services = nil
		if fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}

// TestCapped: a full set makes visitors a lower bound and says so; logins stay.
func TestCapped(t *testing.T) {
	own := count(t, 2, "lu1\nlv2\nlw3\nlx4\n")
	got := own.Cells[Cell{202509, ingest.ProfileParent}]
	if got.Visitors != 2 || got.Logins != 4 || !own.Capped || !own.CappedIDs {
		t.Errorf("%+v capped %t %t", got, own.Capped, own.CappedIDs)
	}
}

func TestSet(t *testing.T) {
	s := set{limit: 100_000}
	for i := range uint64(50_000) {
		if !s.add(i*2654435761+1) || s.add(i*2654435761+1) {
			t.Fatalf("element %d", i)
		}
	}
	if s.n != 50_000 || s.full {
		t.Errorf("%d elements", s.n)
	}
}

func TestExplain(t *testing.T) {
	causes := []cause{{3, "A"}, {2, "B"}, {0, "C"}, {5, "D"}}
	for difference, want := range map[int64]string{0: "", -3: "", 3: "3 A", 2: "2 B", 5: "5 D", 8: "3 A and 5 D",
		10: "3 A and 2 B and 5 D", 4: ""} {
		if got := explain(difference, causes); got != want {
			t.Errorf("%d: %q, want %q", difference, got, want)
		}
	}
	if got := explain(2, []cause{{2, "A"}, {2, "B"}}); got != "2 A, or 2 B" {
		t.Errorf("two of one number: %q", got)
	}
}

func TestCompare(t *testing.T) {
	own := count(t, 100, "lu1\nlu1\nlv2\nau3\n")
	counts := &ingest.Counts{Ignored: map[ingest.Rule]int64{ingest.RuleKeepAlive: 4, ingest.RuleComment: 9},
		Rejects: map[ingest.Reason]int64{ingest.ReasonFields: 2}}
	var b strings.Builder
	for _, c := range Compare(read(t, excerpts...), map[string]*Own{"entcore": own},
		map[string]*ingest.Counts{"entcore": counts}) {
		fmt.Fprintf(&b, "%s %v %d\n", c.Kind, c.Feeds, c.Schools)
		for _, l := range c.Lines {
			fmt.Fprintf(&b, "  %s %s %s %d %d %d %t %s\n", l.Month, l.Profile, l.Total, l.Ours, l.Theirs, l.Difference,
				l.Ratio != nil, l.Reason)
		}
		for _, note := range c.Notes {
			fmt.Fprintln(&b, " ", note)
		}
	}
	golden(t, "compare", b.String())
}

func FuzzRead(f *testing.F) {
	for _, name := range append(excerpts, "accounts_daily_en.csv") {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p := NewPlatform()
		if err := p.Read("2025/09/mois_1.xml", bytes.NewReader(data)); err != nil && len(err.Error()) > 200 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
		for kind, table := range p.Tables {
			for cell, f := range table {
				if f.Logins < 0 || f.Accesses < 0 || f.Visitors < -1 || cell.Month < 200001 || cell.Month > 209912 {
					t.Errorf("%s %v: %+v", kind, cell, f)
				}
			}
		}
	})
}
