package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest"
)

func TestBuiltin(t *testing.T) {
	c, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.lines) < 200 {
		t.Errorf("%d lines", len(c.lines))
	}
	services := make(map[ingest.Service]int)
	for _, line := range c.lines {
		services[line.Meaning.Service]++
		if strings.HasPrefix(line.Table, "url.") && line.Name[0] != '/' {
			t.Errorf("%s %s: a prefix begins with /", line.Table, line.Name)
		}
	}
	for _, m := range []string{"pronote", "entcore", "uportal", "moodle"} {
		if _, err := c.URLs(m); err != nil {
			t.Error(err)
		}
	}
	for _, e := range vocabulary.Services() {
		if services[ingest.Service(e.Code)] == 0 {
			t.Errorf("service %s: no format names it", e.Word)
		}
	}
	if want := []string{CaliperActions, CaliperEntities, CaliperRoles, EntcoreEvents,
		EntcoreModules, EntcoreProfiles, MoodleParts, MoodleEvents, PronoteTabs,
		UPortalClasses, UPortalNames, XAPIActivities, XAPIVerbs}; !slices.Equal(c.Tables(), want) {
		t.Errorf("tables %v, want %v", c.Tables(), want)
	}
	if _, err := c.URLs("nothing"); err == nil {
		t.Error("an unknown map is accepted")
	}
}

func TestLookups(t *testing.T) {
	c, err := New([]byte("uportal.fname\tPronote\tgrades\t-\t-\tstudy\n"))
	if err != nil {
		t.Fatal(err)
	}
	names := []struct {
		table, name string
		want        ingest.Service
		known       bool
	}{
		{EntcoreModules, "Competences", ingest.ServiceGrades, true},
		{EntcoreModules, "competences", ingest.ServiceGrades, true},
		{EntcoreModules, "Competence", 0, false},
		{UPortalNames, "Webclasseur", ingest.ServiceGuidance, true},
		{UPortalNames, "Pronote", ingest.ServiceGrades, true}, // the study's line wins
		{UPortalNames, "Folios", ingest.ServiceSkills, true},
		{UPortalNames, "LSU", ingest.ServiceReportBook, true},
		{UPortalNames, "Bourses", ingest.ServiceGrants, true},
		{EntcoreModules, "WebConference", ingest.ServiceVideo, true},
		{EntcoreModules, "Blog", ingest.ServiceBlog, true},
		{EntcoreModules, "LeLivreScolaire", ingest.ServiceResources, true}, // a publisher, not the LSU
		{MoodleEvents, `\gradereport_user\event\grade_report_viewed`, ingest.ServiceGrades, true},
		{MoodleParts, "block_accessibility", ingest.ServiceAccessibility, true},
		{PronoteTabs, "198", ingest.ServiceGrades, true},
		{PronoteTabs, "131", ingest.ServiceMessages, true},
		{"nothing", "x", 0, false},
	}
	for _, tt := range names {
		m, ok := c.Names(tt.table).Lookup([]byte(tt.name))
		if m.Service != tt.want || ok != tt.known {
			t.Errorf("%s %s = %d %v, want %d %v", tt.table, tt.name, m.Service, ok, tt.want, tt.known)
		}
	}
	paths := []struct {
		urls, path string
		want       ingest.Meaning
		known      bool
	}{
		{"pronote", "/pronote/parent.html",
			ingest.Meaning{Service: ingest.ServiceSchoolLife, Profile: ingest.ProfileParent}, true},
		{"pronote", "/pronote/mobile.eleve.html",
			ingest.Meaning{Service: ingest.ServiceSchoolLife, Profile: ingest.ProfilePupil}, true},
		{"pronote", "/pronote/parent.htmlx", ingest.Meaning{Service: ingest.ServiceSchoolLife}, true},
		{"pronote", "/pronotes", ingest.Meaning{}, false},
		{"pronote", "/pronote/appelfonction/7/123/AB",
			ingest.Meaning{Service: ingest.ServiceSchoolLife, Profile: ingest.ProfileParent}, true},
		{"pronote", "/pronote/appelfonction/2/123/AB",
			ingest.Meaning{Service: ingest.ServiceSchoolLife, Profile: ingest.ProfileParent}, true},
		{"pronote", "/pronote/appelfonction/1/123/AB",
			ingest.Meaning{Service: ingest.ServiceSchoolLife, Profile: ingest.ProfileTeacher}, true},
		{"pronote", "/pronote/appelfonction/13/123/AB",
			ingest.Meaning{Service: ingest.ServiceSchoolLife, Profile: ingest.ProfileAdmin}, true},
		{"pronote", "/pronote/appelfonction/35/123/AB",
			ingest.Meaning{Service: ingest.ServiceSchoolLife}, true},
		{"pronote", "/pronote/presence/7/1/2", ingest.Meaning{Ignore: ingest.RuleKeepAlive}, true},
		{"entcore", "/auth/login", ingest.Meaning{Service: ingest.ServiceSignIn, Action: ingest.ActionLogin}, true},
		{"entcore", "/conversation/conversation", ingest.Meaning{Service: ingest.ServiceMessages}, true},
		{"entcore", "/conversation/count/INBOX", ingest.Meaning{Ignore: ingest.RuleKeepAlive}, true},
		{"moodle", "/grade/report/user/index.php", ingest.Meaning{Service: ingest.ServiceGrades}, true},
		{"moodle", "/", ingest.Meaning{}, false},
	}
	for _, tt := range paths {
		urls, err := c.URLs(tt.urls)
		if err != nil {
			t.Fatal(err)
		}
		m, ok := urls.Lookup([]byte(tt.path))
		if m != tt.want || ok != tt.known {
			t.Errorf("%s %s = %+v %v, want %+v %v", tt.urls, tt.path, m, ok, tt.want, tt.known)
		}
	}
}

// TestFrenchMoodle: the French names of events and components are those of the
// language pack, and mean what the same event or component means under its class.
func TestFrenchMoodle(t *testing.T) {
	c, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("testdata", "moodle_fr.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if len(f) != 5 {
			t.Fatalf("%q has %d columns", line, len(f))
		}
		table := MoodleEvents
		if f[1] == "pluginname" {
			table = MoodleParts
		}
		known[table+f[2]] = true
		got, found := c.Names(table).Lookup([]byte(f[2]))
		want, like := c.Names(table).Lookup([]byte(f[4]))
		if !found || !like || got != want {
			t.Errorf("%s %s: %q is %+v %t, %q %+v %t", f[0], f[1], f[2], got, found, f[4], want, like)
		}
	}
	for line := range strings.Lines(string(builtin)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) == 6 && strings.HasPrefix(f[5], "projectestac/moodle-langpacks") && !known[f[0]+f[1]] {
			t.Errorf("%s is not in testdata/moodle_fr.tsv", f[1])
		}
	}
}

func TestExtraFaults(t *testing.T) {
	const valid = "entcore.module\tChorus\tcollaboration\t-\t-\tour own module\n"
	if _, err := New([]byte(valid)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"unknown service": {"collaboration", "singing"},
		"unknown rule":    {"collaboration", "ignore:me"},
		"unknown profile": {"collaboration\t-", "collaboration\tking"},
		"no reference":    {"our own module", ""},
		"five columns":    {"\tour own module", ""},
		"twice":           {"\n", "\n" + valid},
	} {
		if _, err := New([]byte(strings.Replace(valid, change[0], change[1], 1))); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzExtra(f *testing.F) {
	f.Add([]byte("entcore.module\tChorus\tcollaboration\t-\t-\tour own module\n# x\n\n" +
		"url.own\t/x/*\tgrades\tparent\tread\tr\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := New(data)
		if err != nil {
			return
		}
		for _, line := range c.lines {
			if line.Table == "" || line.Name == "" || line.Reference == "" {
				t.Errorf("%+v", line)
			}
		}
	})
}

// TestIdentity: spellings and references are not what a zone was filled by. A
// change of a line's meaning changes the sum, here too.
func TestIdentity(t *testing.T) {
	const want = "75afc02a981db4bdd851f1feb1171d0a766c5607ad85b387ec9c18bb5b0d0b5b"
	sum := sha256.Sum256([]byte(identity.Replace(string(builtin))))
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("the built-in table is %s, was %s", got, want)
	}
}
