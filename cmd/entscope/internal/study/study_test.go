package study

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const valid = `
[study]
name = "demo"
purpose = "usages-familles"
school_year = "2025-2026"
term = "2025-T1"
start = 2025-09-08
end = 2025-12-14
timezone = "Europe/Paris"
subject = "parent"
synthetic = true

[key]
file = "master.key"

[[source]]
name = "neo"
format = "entcore"
files = ["raw/*.ndjson"]
accounts = "entcore"

[[source]]
name = "pronote"
format = "combined"
files = ["raw/*.log.gz"]
accounts = "cas"
map = "pronote"
school_pattern = '([0-9]{7}[A-Z])'

[[source]]
name = "clicks"
format = "csv"
files = ["raw/clicks.csv"]
accounts = "clicks"
[source.csv]
delimiter = ","
columns = { account = "id_student", date = "date", weight = "sum_click" }
date = "days_since:2013-10-01"

[policies]
research = "r.toml"
schools = "s.toml"
publication = "p.toml"

[output]
restricted = "restricted"
editions = "editions"
published = "published"

[limits]
memory_mb = 512
max_reject_share = 0.05
threads = 2
`

func read(t *testing.T, text string) (*Study, error) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"study.toml": text, "r.toml": "r", "s.toml": "s", "p.toml": "p"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Read(filepath.Join(dir, "study.toml"))
}

func TestRead(t *testing.T) {
	s, err := read(t, valid)
	if err != nil {
		t.Fatal(err)
	}
	if w := s.Window(); w.Start != 20339 || w.Days() != 98 {
		t.Errorf("window: start %d, %d days", w.Start, w.Days())
	}
	if len(s.Hash) != 64 {
		t.Errorf("hash %q", s.Hash)
	}
	changed, err := read(t, strings.Replace(valid, "threads = 2", "threads = 3", 1))
	if err != nil {
		t.Fatal(err)
	}
	if changed.Hash == s.Hash {
		t.Error("a changed study has the same hash")
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown key", "threads = 2", "thread = 2", "thread"},
		{"syntax", "threads = 2", "threads = ", "line "},
		{"empty window", "end = 2025-12-14", "end = 2025-09-01", "window is empty"},
		{"unknown format", `format = "entcore"`, `format = "pronote"`, "not one of entcore"},
		{"map missing", `map = "pronote"`, ``, "map belongs to format combined"},
		{"subject", `subject = "parent"`, `subject = "teacher"`, "neither parent nor pupil"},
		{"zone inside a zone", `editions = "editions"`, `editions = "restricted/editions"`, "three folders"},
		{"no policy", `research = "r.toml"`, ``, "policies.research is not set"},
		{"policy file missing", `research = "r.toml"`, `research = "nowhere.toml"`, "policy"},
		{"name is a path", `name = "demo"`, `name = "../demo"`, "not a word"},
		{"time zone", `timezone = "Europe/Paris"`, `timezone = "Europe/Lutece"`, "not a time zone"},
		{"reject share unset", "max_reject_share = 0.05", "", "max_reject_share"},
		{"memory", "memory_mb = 512", "memory_mb = 64", "at least 128"},
		{"twice the same source", `name = "pronote"`, `name = "neo"`, "used twice"},
		{"pull without a host key", `accounts = "clicks"`, "accounts = \"clicks\"\npull = { kind = \"sftp\", host = \"h\", user = \"u\", key_file = \"k\" }", "known_hosts is not set"},
		{"pull with a password in it", `accounts = "clicks"`, "accounts = \"clicks\"\npull = { kind = \"https\", url = \"https://u:p@h/\" }", "into a file"},
		{"bad pattern", `school_pattern = '([0-9]{7}[A-Z])'`, `school_pattern = '('`, "school_pattern"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(valid, c.old, c.new, 1)
			if text == valid {
				t.Fatal("the change changes nothing")
			}
			_, err := read(t, text)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want a mention of %q", err, c.want)
			}
		})
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	text := strings.NewReplacer("memory_mb = 512", "memory_mb = 1", `subject = "parent"`, `subject = ""`, `format = "entcore"`, `format = "x"`).Replace(valid)
	_, err := read(t, text)
	for _, want := range []string{"memory_mb", "study.subject", "format"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not mention %q", err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(valid))
	f.Add([]byte("[study]\nname = \"x\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := parse(data); err == nil {
			_ = s.check()
		}
	})
}
