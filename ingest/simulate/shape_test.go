package simulate_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

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
	dir := small(t)
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
	dir := small(t)
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

// The application polls for people who never come, and for those who do between
// their visits; nothing else in its log lies outside a visit.
func TestAppPolling(t *testing.T) {
	dir := year(t)
	files, err := filepath.Glob(filepath.Join(dir, "raw/app/*.log"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no log of the application (%v)", err)
	}
	polls, actions := 0, 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			polling := false
			for _, path := range []string{"/conversation/count/INBOX", "/timeline/lastNotifications", "/auth/context"} {
				polling = polling || bytes.Contains(line, []byte("GET "+path+" "))
			}
			polls, actions = polls+oneIf(polling), actions+oneIf(!polling)
		}
	}
	if polls < 3*actions || actions < 100 {
		t.Errorf("%d polls, %d actions", polls, actions)
	}
}
