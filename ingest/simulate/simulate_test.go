package simulate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

func hashes(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	out := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[rel] = sha256.Sum256(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSameSeedSameBytes(t *testing.T) {
	c := Config{Parents: 1200, Schools: 24, Seed: 5, Direct: true}
	var runs []map[string][32]byte
	for _, threads := range []int{1, 3} {
		dir := t.TempDir()
		c.Threads = threads
		if err := Write(context.Background(), dir, c, nil); err != nil {
			t.Fatal(err)
		}
		if err := Write(context.Background(), dir, c, nil); err != nil {
			t.Fatalf("over an earlier run: %v", err)
		}
		runs = append(runs, hashes(t, dir))
	}
	if len(runs[0]) < 20 || len(runs[0]) != len(runs[1]) {
		t.Fatalf("%d and %d files", len(runs[0]), len(runs[1]))
	}
	for name, h := range runs[0] {
		if runs[1][name] != h {
			t.Errorf("%s differs", name)
		}
	}
	c.Seed++
	dir := t.TempDir()
	if err := Write(context.Background(), dir, c, nil); err != nil {
		t.Fatal(err)
	}
	if other := hashes(t, dir); other["raw/accounts/entcore.csv"] == runs[0]["raw/accounts/entcore.csv"] {
		t.Error("another seed gives the same region")
	}
}

func TestWriteRefuses(t *testing.T) {
	for name, c := range map[string]Config{
		"parents": {Parents: 5}, "weeks": {Weeks: 3}, "many weeks": {Weeks: 50},
		"schools": {Parents: 1000, Schools: 900},
	} {
		if err := Write(context.Background(), t.TempDir(), c, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "raw"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "raw", "real.log"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(context.Background(), dir, Config{Parents: 300, Schools: 3}, nil); err == nil {
		t.Error("raw logs that are not simulated were replaced")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Write(ctx, t.TempDir(), Config{Parents: 3000}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// The memory that a region takes does not grow with the number of its schools.
func TestMemoryIsBounded(t *testing.T) {
	peak := func(parents, schools int) uint64 {
		var most uint64
		runtime.GC()
		err := Write(context.Background(), t.TempDir(),
			Config{Parents: parents, Schools: schools, Seed: 1, Weeks: 12, Threads: 1}, func(int64, int64) {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			})
		if err != nil {
			t.Fatal(err)
		}
		return most
	}
	if few, many := peak(1500, 30), peak(7500, 150); many > 2*few+16<<20 {
		t.Errorf("%d MB with 30 schools, %d MB with 150", few>>20, many>>20)
	}
}

var shapes = []struct {
	pattern string
	first   string // what the first line that is a record looks like
}{
	{"raw/entcore/*.ndjson",
		`^\{"_id":"[0-9a-f-]{36}","event-type":"(LOGIN|ACCESS|CREATE)","module":"[A-Za-z]+",` +
			`("resource-type":"message",)?"date":17\d{11},"userId":"[0-9a-f-]{36}","profil":"(Relative|Student|` +
			`Teacher|Personnel)","structures":\["[0-9a-f-]{36}"`},
	{"raw/uportal/stats-*-2*.log", `^# `},
	{"raw/cas/*.log",
		`^2025-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO ` +
			`\[org\.apereo\.inspektr\.audit\.support\.Slf4jLoggingAuditTrailManager\] - Audit trail record BEGIN$`},
	{"raw/aaf/*.xml", `^<\?xml version="1.0" encoding="UTF-8"\?>$`},
	{"raw/reference/fr-en-calendrier-scolaire.csv",
		"^\ufeffDescription;Population;Date de début;Date de fin;Académies;Zones;annee_scolaire$"},
	{"raw/registers/accompagnement.csv", `^Responsable;Nom;Date;Forme;Mode$`},
	{"raw/accounts/entcore.csv", `^id;externalId;profil;nom;prenom;courriel;mobile;date_creation;date_activation$`},
}

func TestShapes(t *testing.T) {
	dir := t.TempDir()
	if err := Write(context.Background(), dir, Config{Parents: 2000, Schools: 30, Seed: 3}, nil); err != nil {
		t.Fatal(err)
	}
	for _, s := range shapes {
		files, err := filepath.Glob(filepath.Join(dir, s.pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no file (%v)", s.pattern, err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			line, _, _ := bytes.Cut(data, []byte("\n"))
			if !regexp.MustCompile(s.first).Match(bytes.TrimSuffix(line, []byte("\r"))) {
				t.Errorf("%s: the first line is not of the shape %s", filepath.Base(name), s.first)
			}
			if strings.HasSuffix(name, ".xml") {
				wellFormed(t, data)
			}
		}
	}
	t.Run("publications are in ISO-8859-15, day first", func(t *testing.T) {
		data, err := os.ReadFile(filepath.Join(dir, "raw/registers/publications.csv"))
		if err != nil {
			t.Fatal(err)
		}
		text, err := charmap.ISO8859_15.NewDecoder().Bytes(data)
		if err != nil || !bytes.HasPrefix(text, []byte("UAI;Classe;Matière;Publié le;Évalué le;Rendu le\r\n")) {
			t.Error("not the heading")
		}
		row := regexp.MustCompile(`(?m)^\d{7}[A-Z];[^;]+;[^;]+;` +
			`\d\d/\d\d/2025 \d\d:\d\d;\d\d/\d\d/2025;\d\d/\d\d/2025\r$`)
		if !row.Match(text) {
			t.Error("no row of the shape")
		}
	})
	t.Run("uportal rows", func(t *testing.T) {
		files, _ := filepath.Glob(filepath.Join(dir, "raw/uportal/*.log"))
		data, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []string{
			`\tSSTART\tENT\w+\t\d+\tF25\w+\t\d{7}[A-Z]\t\d+(\t[^\t]+)?\n`, `\tSSTOP\tENT`,
			`\tCTARG\tENT\w+\t\d+\tF25\w+\t\w+\t1\t2\t\d{7}[A-Z]\t\d+`,
			`\tCCALL_EXT\tENT\w+\t\d+\tF25\w+\t(Pronote|SconetNotes)_\w+\t\d{7}[A-Z]\t\d+`,
		} {
			if !regexp.MustCompile(kind).Match(data) {
				t.Errorf("no line like %s", kind)
			}
		}
	})
}

func wellFormed(t *testing.T, data []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestEntcoreIsOrderedAndRepeats(t *testing.T) {
	dir := t.TempDir()
	if err := Write(context.Background(), dir, Config{Parents: 2000, Schools: 20, Seed: 4}, nil); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "raw/entcore/*.ndjson"))
	seen, repeated, broken := map[string]bool{}, 0, 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		last := int64(0)
		for line := range bytes.Lines(data) {
			var e struct {
				ID   string `json:"_id"`
				Date int64  `json:"date"`
			}
			if json.Unmarshal(line, &e) != nil || e.Date == 0 || e.ID == "" {
				broken++
				continue
			}
			if e.Date < last {
				t.Fatalf("%s is not in order of time", filepath.Base(name))
			}
			last = e.Date
			repeated += oneIf(seen[e.ID])
			seen[e.ID] = true
		}
	}
	if repeated < 20 || broken < 5 {
		t.Errorf("%d repeated, %d broken", repeated, broken)
	}
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}
