package national_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/ingest/national"
	simulated "github.com/entscope/entscope/ingest/simulate/national"
)

// simulate writes a small France and returns its files and its truth.
func simulate(t *testing.T, weeks int) (string, *simulated.Truth) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "france")
	if err := simulated.Write(context.Background(), dir, simulated.Config{Schools: 40, Weeks: weeks, Seed: 7,
		Threads: 2}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	truth := new(simulated.Truth)
	if err := json.Unmarshal(data, truth); err != nil {
		t.Fatal(err)
	}
	return dir, truth
}

func filesOf(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"dnma/*.csv", "ips/*.csv", "*.csv"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

func read(t *testing.T, files ...string) (*national.Reading, string, error) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "edition")
	r, err := national.Read(context.Background(), national.Job{Files: files, Out: out, Software: "test", Threads: 2})
	return r, out, err
}

func rows[T any](t *testing.T, dir, table string) []T {
	t.Helper()
	all, err := parquet.ReadFile[T](filepath.Join(dir, table+".parquet"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestSumsComeBack holds every sum of every column of visits, and the number of rows,
// against what the simulator wrote.
func TestSumsComeBack(t *testing.T) {
	dir, truth := simulate(t, 0)
	r, out, err := read(t, filesOf(t, dir)...)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Manifest.Warnings) > 0 {
		t.Errorf("warnings: %q", r.Manifest.Warnings)
	}
	if !r.Manifest.Synthetic {
		t.Error("not said to be synthetic")
	}
	found := map[string]int64{}
	for _, c := range rows[national.ColumnRow](t, out, "columns") {
		if c.Status != "used" {
			t.Errorf("%s %s is %s", c.Table, c.Column, c.Status)
		}
		found[c.Table+" "+c.Column] = *c.Total
	}
	for table, years := range truth.Totals {
		table = strings.ReplaceAll(table, "-", "_")
		sums := map[string]int64{}
		for _, items := range years {
			for item, n := range items {
				sums[strings.ToLower(item)] += n
			}
		}
		for item, n := range sums {
			if got := found[table+" visites_"+item]; got != n {
				t.Errorf("%s visites_%s: %d, written %d", table, item, got, n)
			}
		}
	}
	for table, n := range truth.Rows {
		if got := r.Manifest.Tables[strings.ReplaceAll(table, "-", "_")]; got != n {
			t.Errorf("%s: %d rows, written %d", table, got, n)
		}
	}
}

// TestSecondRunDoesNothing finds the edition that is there, and makes another where a
// byte of an input or of the edition is another.
func TestSecondRunDoesNothing(t *testing.T) {
	dir, _ := simulate(t, 12)
	out := filepath.Join(t.TempDir(), "edition")
	files := filesOf(t, dir)
	made := func(files ...string) bool {
		t.Helper()
		r, err := national.Read(context.Background(), national.Job{Files: files, Out: out, Software: "test",
			Threads: 2})
		if err != nil {
			t.Fatal(err)
		}
		return r.Made
	}
	if !made(files...) {
		t.Error("the first run made nothing")
	}
	slices.Reverse(files)
	if made(files...) {
		t.Error("the same files in another order were read again")
	}
	if err := os.WriteFile(filepath.Join(out, "ips.parquet"), []byte("PAR1"), 0o644); err != nil {
		t.Fatal(err)
	}
	if !made(files...) {
		t.Error("a changed edition was left as it was")
	}
	if err := os.WriteFile(filepath.Join(out, "notes.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := national.Read(context.Background(), national.Job{Files: files[:1], Out: out, Software: "test",
		Threads: 2}); err == nil {
		t.Error("a folder with something of somebody else was replaced")
	}
}

// TestSameBytes makes one edition however many cores read the files.
func TestSameBytes(t *testing.T) {
	dir, _ := simulate(t, 30)
	var first []national.File
	for _, threads := range []int{1, 3} {
		r, err := national.Read(context.Background(), national.Job{
			Files: filesOf(t, dir), Out: filepath.Join(t.TempDir(), "edition"), Software: "test", Threads: threads,
		})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r.Manifest.Files
		} else if !slices.Equal(first, r.Manifest.Files) {
			t.Errorf("threads %d: other files:\n%v\n%v", threads, first, r.Manifest.Files)
		}
	}
}

// TestNotOurFiles refuses what is none of the files, and says nothing of its rows.
func TestNotOurFiles(t *testing.T) {
	for name, text := range map[string]string{
		"empty":        "",
		"other":        "a;b;c\n1;2;SECRET\n",
		"html":         "<!DOCTYPE html><html><body>SECRET</body></html>",
		"no week":      "UAI;" + strings.Join(profileHeading[10:], ";") + "\n0010005A;SECRET\n",
		"few columns":  "debutSemaine;UAI;visites_parent\n2025-09-01;0010005A;SECRET\n",
		"twice":        "debutSemaine;UAI;uai;visites_parent\n2025-09-01;0010005A;0010005A;1\n",
		"utf-16":       "\xff\xfed\x00e\x00",
		"no rows":      strings.Join(profileHeading, ";") + "\n",
		"all refused":  strings.Join(profileHeading, ";") + "\nSECRET;2\n",
		"cut in a row": strings.Join(profileHeading, ";") + "\n2025-09-01;0010",
	} {
		path := filepath.Join(t.TempDir(), "in.csv")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, out, err := read(t, path)
		if !errors.Is(err, national.ErrUnknown) && !errors.Is(err, national.ErrDamaged) {
			t.Errorf("%s: error %v", name, err)
			continue
		}
		if strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: the error quotes the file: %v", name, err)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: something was written", name)
		}
	}
}

// TestLabelsAreLabels drops what a spreadsheet or a page would run.
func TestLabelsAreLabels(t *testing.T) {
	text := strings.Replace(profileText(3), ";Lyon;", ";=cmd|calc;", 6)
	text = strings.Replace(text, "secteur;", "secteur;=visites_<img>;", 1)
	text = strings.NewReplacer(";PU;", ";PU;1;", ";PR;", ";PR;1;").Replace(text)
	_, out, err := read(t, file(t, "in.csv", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range rows[national.SchoolRow](t, out, "schools") {
		if s.Academie != nil {
			t.Errorf("académie %q", *s.Academie)
		}
	}
	for _, c := range rows[national.ColumnRow](t, out, "columns") {
		if c.Status == "unknown" && c.Column != "visites_img" {
			t.Errorf("column %q", c.Column)
		}
	}
}
