package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/pseudonym"
	register "github.com/entscope/entscope/anonymize/release"
)

// TestWhatLiesThereIsNotTakenBack: by no way is a release recalled of which a copy lies in its study's folders, and beside
// one that was put back nothing goes on.
func TestWhatLiesThereIsNotTakenBack(t *testing.T) {
	t.Parallel()
	region := ownAsked(t)
	study, key := filepath.Join(region, "study.toml"), filepath.Join(region, "master.key")
	refused := func(code int, want string, args ...string) {
		t.Helper()
		got, _, errOut := entscope(t, args...)
		if got != code || !strings.Contains(errOut, want) {
			t.Errorf("%v: exit %d, want %d and %q:\n%s", args, got, code, want, errOut)
		}
	}
	text, err := os.ReadFile(study)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(region, "other.toml") // another study of the key, in folders of its own
	write(t, other, []byte(strings.NewReplacer(`"restricted"`, `"other/restricted"`, `"editions"`, `"other/editions"`,
		`"published"`, `"other/published"`, `name = "demo"`, `name = "other"`).Replace(string(text))))
	namesake := filepath.Join(t.TempDir(), "study.toml") // a copy of the study that names the same key
	write(t, namesake, inRegion(text, region, "master.key", "policies", "raw"))
	for _, release := range []struct{ name, folder, out string }{ // still out once it is taken back
		{"research-2025-T1", "editions/research-2025-T1", "published-2025-T1"},
		{"published-2025-T1", "published", ""},
		{"schools-2025-T1", "editions/schools-2025-T1", ""},
	} {
		name, folder := release.name, release.folder
		refused(exitUsage, "name the study: entscope releases recall STUDY.toml "+name+" --yes",
			"releases", "recall", "--key", key, name, "--yes")
		refused(exitUsage, "is of the study demo", "releases", "recall", other, name, "--yes")
		laid, _, _ := strings.Cut(folder, "/")
		refused(exitUsage, filepath.Join(region, laid)+", where this study lays nothing of its kind", "releases", "recall",
			namesake, name, "--yes")
		refused(exitUsage, "remove it first", "releases", "recall", study, name, "--yes")

		lies, aside := filepath.Join(region, filepath.FromSlash(folder)), filepath.Join(t.TempDir(), "aside")
		kept := filepath.Join(region, "kept")
		if err := os.Rename(lies, kept); err != nil {
			t.Fatal(err)
		}
		refused(exitUsage, kept+" is a copy of "+name, "releases", "recall", study, name, "--yes")
		if err := os.Rename(kept, lies); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(lies, aside); err != nil {
			t.Fatal(err)
		}
		code, _, errOut := entscope(t, "releases", "recall", study, name, "--yes")
		out := name + " counts as one that is out until what was made of it is taken back too: " + release.out
		if code != exitDone || strings.Contains(errOut, out) != (release.out != "") {
			t.Errorf("%s is taken back: exit %d\n%s", name, code, errOut)
		}
		if err := os.Rename(aside, lies); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"releases", study}, {"run", study, "--until", "anonymize"}} {
			refused(exitRefused, "taken back and destroyed, or that it never left; ways on: remove it", args...)
		}
		if err := os.RemoveAll(lies); err != nil {
			t.Fatal(err)
		}
		command(t, exitDone, "releases", study)
	}
}

// TestNamesakesTakeTheirOwnBack: a copy of a study gives its publication the name of the first, and either study takes back
// its own.
func TestNamesakesTakeTheirOwnBack(t *testing.T) {
	t.Parallel()
	region := ownAsked(t)
	study, key := filepath.Join(region, "study.toml"), filepath.Join(region, "master.key")
	master, err := pseudonym.LoadKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	lasting, err := master.Lasting()
	if err != nil {
		t.Fatal(err)
	}
	r, err := register.Open(register.File(key), lasting)
	if err != nil {
		t.Fatal(err)
	}
	const name = "published-2025-T1"
	bearers, err := r.Bearers(name)
	if err != nil {
		t.Fatal(err)
	}
	own := bearers[0]
	copied := register.Candidate{Kind: own.Kind, Name: name, Study: own.Study, Start: own.Start, End: own.End, Made: "elsewhere",
		Folder: filepath.ToSlash(filepath.Join(t.TempDir(), "published")), Of: own.Of}
	if _, err := r.Book(copied, register.Verdict{}); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(region, "published")); err != nil {
		t.Fatal(err)
	}
	command(t, exitDone, "releases", "recall", study, name, "--yes")
	if r, err = register.Open(register.File(key), lasting); err != nil {
		t.Fatal(err)
	}
	if bearers, err = r.Bearers(name); err != nil {
		t.Fatal(err)
	}
	if len(bearers) != 1 || bearers[0].Made != "elsewhere" {
		t.Errorf("still out: %d, the first made %q", len(bearers), bearers[0].Made)
	}
}

// TestAnotherNameOfTheKeyBeginsNoRegister: a study whose key was renamed, or linked to in another folder, goes on with the
// register that it has; run.json knows how that stood, wherever it lies by then.
func TestAnotherNameOfTheKeyBeginsNoRegister(t *testing.T) {
	t.Parallel()
	region := ownAsked(t)
	at := func(name string) string { return filepath.Join(region, filepath.FromSlash(name)) }
	study := at("study.toml")
	text, err := os.ReadFile(study)
	if err != nil {
		t.Fatal(err)
	}
	rename := func(from, to string) {
		t.Helper()
		if err := os.Rename(at(from), at(to)); err != nil {
			t.Fatal(err)
		}
	}
	named := func(key string) {
		t.Helper()
		renamed := bytes.Replace(text, []byte(`"master.key"`), []byte(`"`+key+`"`), 1)
		if key != "master.key" && bytes.Equal(renamed, text) {
			t.Fatal("the study names no master.key")
		}
		write(t, study, renamed)
	}
	refused := func(want string) {
		t.Helper()
		for _, args := range [][]string{{"run", study}, {"releases", study}} {
			if code, _, errOut := entscope(t, args...); code != exitUsage || !strings.Contains(errOut, want) {
				t.Errorf("%v: exit %d, want %d and %q:\n%s", args, code, exitUsage, want, errOut)
			}
		}
	}
	// What has left is elsewhere, and remembers nothing here.
	for _, folder := range []string{"editions", "published"} {
		if err := os.RemoveAll(at(folder)); err != nil {
			t.Fatal(err)
		}
	}
	const another = "is a register of this master key"
	write(t, at("keys/none"), nil)
	if err := os.Link(at("master.key"), at("keys/linked.key")); err != nil {
		t.Fatal(err)
	}
	named("keys/linked.key")
	refused(another)
	rename("master.key", "renamed.key")
	named("renamed.key")
	refused(another)

	// The register goes with the key: that is all there is, and nobody cuts it.
	rename("master.key.register", "renamed.key.register")
	command(t, exitDone, "releases", study)
	whole, err := os.ReadFile(at("renamed.key.register"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, at("renamed.key.register"), whole[:bytes.IndexByte(whole, '\n')+1])
	refused("run.json knows")
	if err := os.Remove(at("renamed.key.register")); err != nil {
		t.Fatal(err)
	}
	refused("run.json knows")

	// An earlier version's run.json says the place alone, and is believed as long as that opens.
	last, err := os.ReadFile(at("run.json"))
	if err != nil {
		t.Fatal(err)
	}
	older := regexp.MustCompile(`(?m)^ *"register_key": .*\n`).ReplaceAll(last, nil)
	older = bytes.Replace(older, []byte(`"master.key.register"`), []byte(`"aside/it"`), 1)
	if bytes.Contains(older, []byte("register_key")) || !bytes.Contains(older, []byte("aside/it")) {
		t.Fatalf("run.json is not that of an earlier version:\n%s", older)
	}
	write(t, at("run.json"), older)
	write(t, at("aside/it"), whole)
	refused("run.json knows")
}

// inRegion makes a study name some files and folders of a region from wherever it lies.
func inRegion(text []byte, region string, names ...string) []byte {
	for _, name := range names {
		text = bytes.ReplaceAll(text, []byte(`"`+name), []byte(`"`+filepath.Join(region, name)))
	}
	return text
}

// TestReleasesSayWhichTells: of several editions of some of the same days, the officer sees which of them tells what must
// not be known of a school.
func TestReleasesSayWhichTells(t *testing.T) {
	for want, e := range map[string]register.Entry{
		"yes": {Kind: edition.KindResearch, Name: "research-2025"}, "no": {Kind: edition.KindSchools},
		"in research-2025-T1": {Kind: edition.KindResearch, Name: "research-2025", Unnamed: "research-2025-T1"},
		"N5, N6, contacts in research-2025-T1": {Kind: edition.KindResearch, Subject: "parent", Families: []string{"N5", "N6"},
			Elsewhere: map[string]string{edition.FamilyContacts: "research-2025-T1"}},
	} {
		if got := ofUnnamed(e); got != want {
			t.Errorf("%s %s: %q, want %q", e.Kind, e.Name, got, want)
		}
	}
}
