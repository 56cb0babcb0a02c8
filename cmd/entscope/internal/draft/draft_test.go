package draft

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/ingest/format"
)

const (
	commonLine = `192.0.2.3 - u1 [10/Nov/2025:16:42:07 +0100] "GET /timeline/timeline HTTP/1.1" 200 12` + "\n"
	ovhLine    = `192.0.2.3 ent.fr u1 [10/Nov/2025:16:42:07 +0100] "GET /a HTTP/1.1" 200 12 "-" "Mozilla/5.0"` + "\n"
	jsonLine   = `{"time":"2025-11-10T16:42:07+01:00","user":"u1",` +
		`"request":{"uri":"/a","method":"GET"},"status":200}` + "\n"
)

func look(t *testing.T, name, text string) *File {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Look(t.Context(), path, "Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestLook recognises what a file is, in which format, layout and character set.
func TestLook(t *testing.T) {
	const headings = "Date;Login;Profil;Rubrique\n"
	for _, c := range []struct {
		name, text string
		kind       Kind
		want       string // format, layout, map; character set, delimiter, date
	}{
		{"common", commonLine + commonLine, Events, "combined entcore"},
		{"a named layout", ovhLine + ovhLine, Events, "combined ovh"},
		{"behind syslog", "Nov 10 16:42:07 web1 nginx: " + commonLine, Events, "combined entcore"},
		{"in Docker's json-file",
			`{"log":"` + strings.ReplaceAll(strings.TrimSpace(ovhLine), `"`, `\"`) + `\n"}` + "\n", Events,
			"combined docker ovh"},
		{"JSON", jsonLine + jsonLine, Events, "combined " +
			`{"request":{"method":"$request_method","uri":"$request_uri"},"status":"$status",` +
			`"time":"$time_iso8601","user":"$remote_user?"}`},
		{"accounts of two words", strings.ReplaceAll(commonLine, "u1", "jean dupont"), Events,
			`combined %h %l %{words}u %t "%r" %>s %b`},
		{"CAS",
			"Wed Oct 01 08:02:27 CEST 2025|m.durand|TGT-1|TICKET_GRANTING_TICKET_CREATED|10.0.0.1|10.0.0.2|\n",
			Events, "cas"},
		{"an export", headings + "31/10/2025;u1;Parent;Notes\n", Events, "csv utf-8 ; 02/01/2006"},
		{"in Latin-1",
			headings + "31/10/2025 10:00;u1;\xc9l\xe8ve;Notes\n", Events, "csv iso-8859-1 ; 02/01/2006 15:04"},
		{"of Windows",
			headings + "31/10/2025 10:00;u1;Parent;L\x92accueil\n", Events, "csv windows-1252 ; 02/01/2006 15:04"},
		{"of America", "Date,Login\n10/31/2025,u1\n", Events, "csv utf-8 , 01/02/2006"},
		{"with tabs", "Date\tLogin\n2025-10-31 10:00:00\tu1\n", Events, "csv utf-8 \t 2006-01-02 15:04:05"},
		{"persons", "Identifiant;Profil;Classe\nu1;Parent;6A\n", Persons, "utf-8 ;"},
		{"accounts", "id;externalId;profil;date_creation\nu1;1;Parent;01/02/2025\n", Accounts, "utf-8 ;"},
		{"AAF", `<?xml version="1.0"?><!DOCTYPE ficAlimMENESR SYSTEM "x.dtd">`, AAF, ""},
		{"a calendar", "Description;Population;Date de début;Date de fin\na;b;2025-10-18;2025-11-03\n", Calendar, ""},
		{"an import", "Prénom*;Nom*;Date de naissance*;Classes*\na;b;01/01/2014;6A\n", Imports, ""},
		{"no account", "Date;Rubrique\n31/10/2025;Notes\n", Unknown, ""},
		{"no time", "Date;Login\nhier;u1\n", Unknown, ""},
		{"prose", "hello, world\n", Unknown, ""},
		{"nothing", "", Unknown, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := look(t, "file", c.text)
			if f.Kind != c.kind {
				t.Fatalf("kind %d, want %d: %s%s", f.Kind, c.kind, f.Seen, f.Doubt)
			}
			parts := []string{f.Format, f.Settings.Layout}
			if f.table != nil {
				parts = append(parts, f.table.charset, f.table.delimiter, f.table.dates["at"])
			} else if f.Settings.Layout == "" {
				parts = append(parts, f.Settings.Map)
			}
			parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
			if got := strings.Join(parts, " "); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestDoubt: what is not sure is said.
func TestDoubt(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"day or month": {"Date;Login\n01/02/2025;u1\n03/04/2025;u1\n", "the day and the month exchanged"},
		"no event":     {`{"action":"x","who":"u1"}` + "\n", "another format may be meant"},
		"no map":       {ovhLine, "no page tells"},
		"JSON":         {jsonLine, "told by their names alone"},
		"two words":    {strings.ReplaceAll(commonLine, "u1", "jean dupont"), "several words"},
	} {
		if f := look(t, "file", c.text); !strings.Contains(f.Doubt, c.want) {
			t.Errorf("%s: %q, want %q", name, f.Doubt, c.want)
		}
	}
}

// TestNamespaces: a log is joined with the list that knows its accounts, whatever its name.
func TestNamespaces(t *testing.T) {
	const headings = "id;externalId;profil\n"
	d := New(t.TempDir(), "x", "Europe/Paris", []*File{
		look(t, "portal.csv", headings+"u7;7;Parent\nu8;8;Parent\n"),
		look(t, "sso.csv", headings+"u1;1;Parent\nu2;2;Parent\n"),
		look(t, "access.log", commonLine+strings.ReplaceAll(commonLine, "u1", "u2")),
	})
	if !strings.Contains(d.Text, `accounts = "sso"  # 2 of the 2`) {
		t.Errorf("the log is not joined with the list sso:\n%s", d.Text)
	}
}

// TestSeveralLayouts: of two layouts that fit as well, neither is taken when they find
// other accounts.
func TestSeveralLayouts(t *testing.T) {
	a, b := &trial{accounts: map[uint64]bool{1: true}}, &trial{accounts: map[uint64]bool{2: true}}
	for name, c := range map[string]struct {
		second proposal
		want   string
	}{
		"other accounts":     {proposal{trial: b, fit: 1, settings: format.Settings{Layout: "b"}}, "b"},
		"the same accounts":  {proposal{trial: a, fit: 1, settings: format.Settings{Layout: "b"}}, ""},
		"one that fits less": {proposal{trial: b, fit: 0.95, settings: format.Settings{Layout: "b"}}, ""},
	} {
		if got := doubtful([]proposal{{trial: a, fit: 1}, c.second}); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestPatterns: the files of a feed become a pattern that fits them and no other.
func TestPatterns(t *testing.T) {
	for want, names := range map[string][]string{
		"cas*.log": {"cas-1.log", "cas-2.log"},
		"*.gz":     {"0750001A.gz", "0750002B.gz"},
		"":         {"a.log", "b.csv"},
		`a\[*.log`: {"a[1.log", "a[2.log"},
	} {
		dir := t.TempDir()
		var paths []string
		for _, name := range names {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			paths = append(paths, path)
		}
		pattern, _ := patternOf(paths)
		if want != "" {
			want = filepath.Join(dir, want)
		}
		if pattern != want {
			t.Errorf("%q: %q, want %q", names, pattern, want)
		}
		if err := os.WriteFile(filepath.Join(dir, "cas-other.log"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if pattern, ok := patternOf(paths); ok && strings.HasSuffix(pattern, "cas*.log") {
			t.Errorf("%q fits another file", pattern)
		}
	}
}

// TestHostileFiles: what stands in a file does not become a key of the study, and names of
// people are not written down.
func TestHostileFiles(t *testing.T) {
	var names strings.Builder
	names.WriteString("Date;Login;Profil;\"a\n[evil]\nx\"\n")
	for i := range 100 {
		names.WriteString("31/10/2025;u1;Dupont" + strings.Repeat("x", i) + ";1\n")
	}
	files := []*File{
		look(t, "a]\"b.csv", names.String()),
		look(t, "c.csv", "Date;Login;Profil\n31/10/2025;u1;\"Autre\n[evil]\"\n"),
	}
	d := New(t.TempDir(), "x", "Europe/Paris", files)
	var study map[string]any
	if err := toml.Unmarshal([]byte(d.Text), &study); err != nil {
		t.Fatalf("%v\n%s", err, d.Text)
	}
	if study["evil"] != nil {
		t.Error("a heading has become a table of the study")
	}
	if strings.Contains(d.Text, "Dupont") {
		t.Error("a name stands in the study")
	}
	if !strings.Contains(strings.Join(d.Decide, "\n"), "values.profile: what Autre") {
		t.Errorf("a word without a meaning is not left to decide: %q", d.Decide)
	}
}

func FuzzLook(f *testing.F) {
	for _, text := range []string{
		commonLine, ovhLine, jsonLine, "Date;Login;Profil\n31/10/2025;u1;\xc9l\xe8ve\n", "a,b\n\"c",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<12 {
			return
		}
		file := look(t, "file.csv", string(data))
		d := New(t.TempDir(), "x", "Europe/Paris", []*File{file})
		var study map[string]any
		if err := toml.Unmarshal([]byte(d.Text), &study); err != nil {
			t.Fatalf("%v\n%s", err, d.Text)
		}
	})
}
