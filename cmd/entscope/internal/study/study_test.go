package study

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"
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

[[directory.accounts]]
files = ["raw/accounts.csv"]
accounts = "entcore"
[directory.accounts.csv]
columns = { person = "id", account = "compte" }

[registers.messages]
files = ["raw/messages.csv"]
accounts = "entcore"
[registers.messages.csv]
columns = { message = "id", school = "uai", sender_profile = "de", recipient_profile = "a",
  sent = "envoi", deadline = "avant" }
datetime = "2006-01-02 15:04"

[registers.training]
files = ["raw/formation.csv"]
[registers.training.csv]
columns = { school = "uai", date = "jour" }
date = "2006-01-02"

[[deadline]]
name = "bourse"
label = "Demande de bourse"
day = 2025-10-16
levels = ["college", "lycee"]

[[deadline]]
name = "voeux"
label = "Vœux d’orientation"
day = 2026-01-31
grades = ["3e", "Tle"]

[[event]]
name = "charte"
label = "Charte de la messagerie"
start = 2025-11-03

[[event]]
name = "greve"
label = "Grève"
start = 2025-10-02
end = 2025-10-02

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

// onStore is a store that somebody operates.
const onStore = `[store]
url = "https://s3.example.org"
bucket = "entscope"
user = "entscope"
password_file = "store.password"
`

// elsewhere is an engine that somebody operates.
const elsewhere = `[engine]
kind = "trino"
url = "https://trino.example.org:8443"
catalog = "lake"
scratch = "entscope"
user = "entscope"
password_file = "trino.password"
folder = "/srv/lake"
folder_url = "s3://lake/entscope"
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
	if len(s.Deadlines) != 2 || len(s.Events) != 2 || !s.Events[0].Lasts() || s.Events[1].Lasts() ||
		s.Registers["training"] == nil || s.Registers["loans"] != nil {
		t.Errorf("%+v %+v %+v", s.Deadlines, s.Events, s.Registers)
	}
	if len(s.Hash) != 64 {
		t.Errorf("hash %q", s.Hash)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown key", "threads = 2", "thread = 2", "thread"},
		{"syntax", "threads = 2", "threads = ", "line "},
		{"empty window", "end = 2025-12-14", "end = 2025-09-01", "window is empty"},
		{"unknown format", `format = "entcore"`, `format = "pronote"`, "not one of entcore"},
		{"map missing", `map = "pronote"`, ``, "map belongs to format combined"},
		{"subject", `subject = "parent"`, `subject = "teacher"`,
			`study.subject: "teacher" is not one of parent, pupil`},
		{"zone inside a zone", `editions = "editions"`, `editions = "restricted/editions"`, "three folders"},
		{"no policy", `research = "r.toml"`, ``, "policies.research is not set"},
		{"policy file missing", `research = "r.toml"`, `research = "nowhere.toml"`, "policy"},
		{"name is a path", `name = "demo"`, `name = "../demo"`, "not a word"},
		{"time zone", `timezone = "Europe/Paris"`, `timezone = "Europe/Lutece"`, "not a time zone"},
		{"reject share unset", "max_reject_share = 0.05", "", "max_reject_share"},
		{"memory", "memory_mb = 512", "memory_mb = 191", "at least 192"},
		{"an engine that is none", "threads = 2", "threads = 2\n[engine]\nkind = \"spark\"", "engine.kind"},
		{"an engine's keys without it", "threads = 2", "threads = 2\n[engine]\ncatalog = \"lake\"", "kind = \"trino\""},
		{"an engine without TLS", "threads = 2",
			"threads = 2\n" + strings.Replace(elsewhere, "https", "http", 1), "without TLS"},
		{"an engine without a password", "threads = 2",
			"threads = 2\n" + strings.Replace(elsewhere, "password_file", "ca_file", 1), "without authentication"},
		{"a store without TLS", "threads = 2",
			"threads = 2\n" + strings.Replace(onStore, "https", "http", 1), "is not this machine"},
		{"a store without a bucket", "threads = 2",
			"threads = 2\n" + strings.Replace(onStore, "bucket", "region", 1), "bucket is not set"},
		{"a store with a secret in its address", "threads = 2",
			"threads = 2\n" + strings.Replace(onStore, "s3.", "id:key@s3.", 1), "belongs into a file"},
		{"an engine that shares a zone", "threads = 2",
			"threads = 2\n" + strings.Replace(elsewhere, "/srv/lake", "restricted", 1), "engine.folder"},
		{"twice the same source", `name = "pronote"`, `name = "neo"`, "used twice"},
		{"pull without a host key", `accounts = "clicks"`,
			"accounts = \"clicks\"\npull = { kind = \"sftp\", host = \"h\", user = \"u\", key_file = \"k\" }",
			"known_hosts is not set"},
		{"pull with a password in it", `accounts = "clicks"`,
			"accounts = \"clicks\"\npull = { kind = \"https\", url = \"https://u:p@h/\" }", "into a file"},
		{"register without files", `files = ["raw/formation.csv"]`, `files = []`, "registers.training: files is empty"},
		{"register without a field", `school = "uai", date = "jour"`, `school = "uai"`,
			"registers.training: field date is not mapped"},
		{"register with a field that is none", `date = "jour"`, `date = "jour", person = "nom"`,
			`columns: field "person" is not one of school, `},
		{"register without a layout", "datetime = \"2006-01-02 15:04\"", "",
			"registers.messages: field sent: the layout of its datetime"},
		{"register of accounts nobody has",
			"[registers.messages]\nfiles = [\"raw/messages.csv\"]\naccounts = \"entcore\"",
			"[registers.messages]\nfiles = [\"raw/messages.csv\"]\naccounts = \"cas\"",
			`registers.messages: accounts "cas" is the namespace of no table of the directory (entcore)`},
		{"unknown register", "[registers.training]", "[registers.trainings]", "trainings"},
		{"deadline without a name", `name = "bourse"`, "", "deadline 1: name is not set"},
		{"two deadlines of one name", `name = "voeux"`, `name = "bourse"`, "used twice"},
		{"deadline without a day", "day = 2025-10-16", "", "deadline 1 (bourse): day is not set"},
		{"deadline far away", "day = 2026-01-31", "day = 2026-03-17", "further than 92 days"},
		{"deadline of a level that is none", `"college", "lycee"`, `"college", "collège"`,
			`levels: "collège" is not one of ecole, college, lycee`},
		{"deadline of a level twice", `"college", "lycee"`, `"lycee", "lycee"`, "stands twice"},
		{"deadline of a grade that is none", `"3e", "Tle"`, `"3eme"`, `grades: "3eme" is not one of`},
		{"deadline without a label", `label = "Demande de bourse"`, `label = " "`, "label is not one line"},
		{"label of two lines", `label = "Grève"`, `label = "Grève\n"`, "event 2 (greve): label is not one line"},
		{"unknown key of a deadline", "day = 2025-10-16", "day = 2025-10-16\ntime = 1", "time"},
		{"event without a start", "start = 2025-11-03", "", "event 1 (charte): start is not set"},
		{"event that ends before it starts", "end = 2025-10-02", "end = 2025-10-01",
			"event 2 (greve): it ends before it starts"},
		{"event long past", "start = 2025-10-02\nend = 2025-10-02", "start = 2020-03-16\nend = 2020-05-11",
			"event 2 (greve): it is further than 92 days"},
		{"event to come", "start = 2025-11-03", "start = 2026-09-01", "event 1 (charte): it is further"},
		{"unknown format says where", `format = "entcore"`, `format = "entcor"`,
			`source 1 (neo): format: "entcor" is not one of`},
		{"nearest format", `format = "entcore"`, `format = "entcor"`, `did you mean "entcore"?`},
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

// TestReadRefusesHiddenDirection takes a study that reads as what it is not.
func TestReadRefusesHiddenDirection(t *testing.T) {
	for _, hidden := range []string{"\u202e", "\u2066", "\u200f", "\u061c", `\u202E`, `\U00002067`} {
		_, err := read(t, strings.Replace(valid, "Demande de bourse", "Demande"+hidden+"de bourse", 1))
		if err == nil || !strings.Contains(err.Error(), "line 6") ||
			!strings.Contains(err.Error(), "direction of writing") {
			t.Errorf("%+q: error %v", hidden, err)
		}
	}
}

// TestHashIsOfTheMeaning changes how a study is written, and then what it says.
func TestHashIsOfTheMeaning(t *testing.T) {
	hash := func(old, new string) string {
		t.Helper()
		if !strings.Contains(valid, old) {
			t.Fatalf("the study does not hold %q", old)
		}
		s, err := read(t, strings.Replace(valid, old, new, 1))
		if err != nil {
			t.Fatal(err)
		}
		return s.Hash
	}
	want := hash("threads = 2", "threads = 2")
	for _, same := range []struct{ name, old, new string }{
		{"a comment", "threads = 2", "threads = 2 # all there are"},
		{"a blank line", "[limits]", "\n\n[limits]"},
		{"threads", "threads = 2", "threads = 7"},
		{"memory", "memory_mb = 512", "memory_mb = 4096"},
		{"an engine elsewhere", "threads = 2", "threads = 2\n" + elsewhere},
		{"a store", "threads = 2", "threads = 2\n" + onStore},
		{"the order of keys", "name = \"demo\"\npurpose = \"usages-familles\"",
			"purpose = \"usages-familles\"\nname = \"demo\""},
		{"quotes", `name = "demo"`, `name = 'demo'`},
	} {
		if hash(same.old, same.new) != want {
			t.Errorf("%s makes it another study", same.name)
		}
	}
	for _, other := range []struct{ name, old, new string }{
		{"the term", `term = "2025-T1"`, `term = "2025-T2"`},
		{"the window", "end = 2025-12-14", "end = 2025-12-13"},
		{"the share of rejects", "max_reject_share = 0.05", "max_reject_share = 0.06"},
		{"the order of sources", `name = "neo"`, `name = "neo2"`},
		{"a label", `label = "Grève"`, `label = "Grèves"`},
	} {
		if hash(other.old, other.new) == want {
			t.Errorf("%s does not", other.name)
		}
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	text := strings.NewReplacer("memory_mb = 512", "memory_mb = 1", `subject = "parent"`, `subject = ""`,
		`format = "entcore"`, `format = "x"`, "day = 2025-10-16", "day = 2020-10-16", "start = 2025-11-03", "",
		`files = ["raw/formation.csv"]`, "").Replace(valid)
	_, err := read(t, text)
	for _, want := range []string{"memory_mb", "study.subject", "format", "deadline 1", "event 1",
		"registers.training"} {
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

// The window runs until the last second of its last day at the schools.
func TestRunning(t *testing.T) {
	for text, running := range map[string]bool{
		"2025-12-01T12:00:00Z": true, "2025-12-14T22:59:59Z": true, "2025-12-14T23:00:01Z": false,
		"2026-07-01T00:00:00Z": false,
	} {
		now, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		s := Study{About: About{Timezone: "Europe/Paris", End: toml.LocalDate{Year: 2025, Month: 12, Day: 14}}}
		says, err := s.Running(now)
		if err != nil {
			t.Fatal(err)
		}
		if (says != "") != running {
			t.Errorf("%s: %q", text, says)
		}
	}
}
