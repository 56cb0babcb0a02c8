package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/pseudonym"
	register "github.com/entscope/entscope/anonymize/release"
)

// What has left is remembered: one parent's record that comes late makes no edition
// that could be laid alongside the first, whatever is removed, rotated or copied.
func TestReleasesAreRemembered(t *testing.T) {
	t.Parallel()
	region := simulated(t, smallRegion...)
	fixKeys(t, region, 7)
	if err := asks(region, fewQuestions...); err != nil {
		t.Fatal(err)
	}
	key, study := filepath.Join(region, "master.key"), filepath.Join(region, "study.toml")
	late := holdBack(t, region)
	command(t, -1, "run", study, "--until", "anonymize")
	editions := filepath.Join(region, "editions")
	first := tree(t, editions)

	write := func(path string, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(path string) {
		t.Helper()
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(when string) {
		t.Helper()
		code, _, errOut := entscope(t, "run", study, "--until", "anonymize")
		if code != exitRefused {
			t.Fatalf("%s: exit %d, want %d\n%s", when, code, exitRefused, errOut)
		}
		if !strings.Contains(errOut, "too near to an earlier release") {
			t.Errorf("%s: the refusal does not say why: %s", when, errOut)
		}
		if names, err := filepath.Glob(filepath.Join(editions, "[a-z]*")); err != nil || len(names) != 0 {
			t.Errorf("%s: left behind: %v %v", when, names, err)
		}
	}

	// One person's last record comes late: the edition stays, and the run says so.
	file := filepath.Join(region, "raw", "entcore", "events-0001-202511-late.ndjson")
	lines := bytes.SplitAfter(bytes.TrimSpace(late), []byte("\n"))
	write(file, lines[len(lines)-1])
	code, _, errOut := entscope(t, "run", study, "--until", "anonymize")
	if code != exitWarnings {
		t.Fatalf("a late record: exit %d, want %d\n%s", code, exitWarnings, errOut)
	}
	if !strings.Contains(errOut, "research-2025-T1 stays as it is") {
		t.Errorf("the run does not say that the edition stays: %s", errOut)
	}
	sameTree(t, tree(t, editions), first)

	// Nor does a line of a register less, which is one person's.
	for _, name := range []string{"accompagnement.csv", "equipement.csv", "messages.csv"} {
		register := filepath.Join(region, "raw", "registers", name)
		text, err := os.ReadFile(register)
		if err != nil {
			t.Fatal(err)
		}
		rows := bytes.SplitAfterN(text, []byte("\n"), 3)
		write(register, append(bytes.Clone(rows[0]), rows[2]...))
		if code, _, errOut := entscope(t, "run", study, "--until", "anonymize"); code != exitWarnings ||
			!strings.Contains(errOut, "research-2025-T1 stays as it is") {
			t.Errorf("%s without a line: exit %d\n%s", name, code, errOut)
		}
		sameTree(t, tree(t, editions), first)
		write(register, text)
	}

	if code, _, errOut := entscope(t, "releases", "recall", study, "research-2025-T1", "--yes"); code != exitUsage ||
		!strings.Contains(errOut, "remove it first") {
		t.Errorf("what lies in the study's own folder is taken back: exit %d\n%s", code, errOut)
	}
	remove(editions)
	refused("editions removed")
	command(t, 0, "key", "rotate", study, "--yes")
	refused("salt rotated")
	command(t, 0, "key", "destroy", study, "--yes")
	refused("zone destroyed")
	text, err := os.ReadFile(study)
	if err != nil {
		t.Fatal(err)
	}
	write(study, bytes.Replace(text, []byte("purpose = \""), []byte("purpose = \"other-"), 1))
	command(t, 0, "key", "rotate", study, "--yes")
	refused("purpose reworded")
	write(study, text)
	command(t, 0, "key", "rotate", study, "--yes")

	// What many did, and a few of some school, is no edition either; once every copy of the
	// first was taken back it is, with rows of persons of its own.
	write(file, late)
	refused("a month late")
	command(t, 0, "releases", "recall", study, "research-2025-T1", "--yes")
	command(t, 0, "releases", "recall", study, "schools-2025-T1", "--yes")
	command(t, -1, "run", study)
	command(t, 0, "releases", study)

	refusesOlderRegisters(t, study, key+".register", editions)
}

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

// TestOlderEntriesSayNoFolder: what an earlier version booked is taken back as that did, by the name of the study, and the
// command says what is not known.
func TestOlderEntriesSayNoFolder(t *testing.T) {
	t.Parallel()
	region := ownAsked(t)
	for _, left := range []string{"editions", "published", "run.json"} { // they know the lines of a version that keeps one
		if err := os.RemoveAll(filepath.Join(region, left)); err != nil {
			t.Fatal(err)
		}
	}
	study, key := filepath.Join(region, "study.toml"), filepath.Join(region, "master.key")
	withoutFolders(t, key)
	code, _, errOut := entscope(t, "releases", "recall", study, "research-2025-T1", "--yes")
	if code != exitDone || !strings.Contains(errOut, "warning: research-2025-T1 was booked by an earlier version") {
		t.Errorf("exit %d:\n%s", code, errOut)
	}
	command(t, exitDone, "releases", study)
}

// withoutFolders writes the register of a key as an earlier version would have, whose entries have no folder.
func withoutFolders(t *testing.T, key string) {
	t.Helper()
	master, err := pseudonym.LoadKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	lasting, err := master.Lasting()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(register.File(key))
	if err != nil {
		t.Fatal(err)
	}
	var older []byte
	before := ""
	for line := range bytes.Lines(text) {
		var e register.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		if len(e.Folder) == 0 {
			t.Fatalf("line %d keeps no folder", e.Number)
		}
		e.Folder, e.Chain = nil, before
		unchained, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		sum := lasting.Hasher("release/chain").Sum(unchained)
		e.Chain = hex.EncodeToString(sum[:])
		before = e.Chain
		chained, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		older = append(append(older, chained...), '\n')
	}
	write(t, register.File(key), older)
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

// refusesOlderRegisters cuts the register back to each earlier line: every copy is a valid
// chain, and none has all that stands. It does not begin anew.
func refusesOlderRegisters(t *testing.T, study, file, editions string) {
	t.Helper()
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	published := filepath.Join(filepath.Dir(study), "published")
	audited := func(want int) {
		t.Helper()
		code, out, _ := entscope(t, "audit", "--edition", filepath.Join(editions, "research-2025-T1.2"), "--edition",
			filepath.Join(editions, "schools-2025-T1.2"), "--published", published, "--register", file)
		if code != want {
			t.Errorf("the audit with this register: exit %d, want %d\n%s", code, want, out)
		}
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	lines = lines[:len(lines)-1]
	refused := func(where string) {
		t.Helper()
		for n := range lines {
			if err := os.WriteFile(file, bytes.Join(lines[:n], nil), 0o600); err != nil {
				t.Fatal(err)
			}
			args := []string{"releases", study}
			if n == 0 {
				args = []string{"run", study}
			}
			code, _, errOut := entscope(t, args...)
			if code != exitUsage || !strings.Contains(errOut, "hint: restore") {
				t.Errorf("%s, a register of %d of %d lines: exit %d, want %d\n%s", where, n, len(lines), code,
					exitUsage,
					errOut)
			}
		}
	}
	audited(exitDone)
	refused("all stands")
	audited(exitRefused) // the publication's line is the last
	for _, dir := range []string{editions, published} {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	refused("run.json stands")
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, -1, "releases", study)
}

// holdBack removes the second half of a file of events and gives it.
func holdBack(t *testing.T, region string) []byte {
	t.Helper()
	file := filepath.Join(region, "raw", "entcore", "events-0001-202510.ndjson")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	half := bytes.LastIndexByte(data[:len(data)/2], '\n') + 1
	if err := os.WriteFile(file, data[:half], 0o600); err != nil {
		t.Fatal(err)
	}
	return data[half:]
}

// An edition that the audit refuses does not stand, also where no publication is to follow.
func TestWeakEditionsDoNotStand(t *testing.T) {
	t.Parallel()
	region := ownDemo(t)
	for _, dir := range []string{"editions", "published", "master.key.register", "run.json"} { // nothing has left
		if err := os.RemoveAll(filepath.Join(region, dir)); err != nil {
			t.Fatal(err)
		}
	}
	policy := filepath.Join(region, "policies", "schools.toml")
	text, err := os.ReadFile(policy)
	if err != nil {
		t.Fatal(err)
	}
	weak := regexp.MustCompile(`school_persons = \d+`).ReplaceAll(text, []byte("school_persons = 5"))
	if bytes.Equal(weak, text) {
		t.Fatal("the policy names no floor of schools")
	}
	if err := os.WriteFile(policy, weak, 0o600); err != nil {
		t.Fatal(err)
	}
	study := filepath.Join(region, "study.toml")
	code, _, errOut := entscope(t, "anonymize", study)
	if code != exitRefused || !strings.Contains(errOut, "schools.floors") {
		t.Errorf("a floor of 5 persons a school: exit %d\n%s", code, errOut)
	}
	if left, err := filepath.Glob(filepath.Join(region, "editions", "[a-z]*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if err := os.WriteFile(policy, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := entscope(t, "anonymize", study); code != exitDone && code != exitWarnings {
		t.Errorf("with the floor again: exit %d\n%s", code, errOut)
	}
}
