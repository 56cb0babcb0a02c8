package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/edition"
)

var (
	mutations    = flag.Int("mutations", 3, "mutations of a release that the audit must refuse")
	mutationSeed = flag.Uint64("mutation-seed", 1, "seed of the mutations")
)

// TestMutationsAreRefused changes a finished release in one place: bytes, fields, cells,
// files, metadata. The forger writes every hash again, in the editions and in the
// publication, and signs with a key of their own. At least 99 in 100 must be refused with
// the public key of the controller; what only the signature tells is listed, and so is
// what passes.
func TestMutationsAreRefused(t *testing.T) {
	release := finishedDemo(t)
	public := filepath.Join(t.TempDir(), "signing.pub")
	if code, _, errOut := entscope(t, "key", "sign", filepath.Join(release, "study.toml"), "--out", public); code != 0 {
		t.Fatal(errOut)
	}
	key, err := readPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	if r := auditRelease(t, release, key); !r.OK() {
		t.Fatalf("the release itself is refused: %v", r.Failed())
	}
	rng := rand.New(rand.NewPCG(*mutationSeed, 2000))
	signed, closed := 0, 0
	for i := range *mutations {
		dir := copyRelease(t, release)
		said := mutate(t, dir, rng, i)
		forge(t, dir, said.file)
		r := auditRelease(t, dir, key)
		if r == nil || !r.OK() {
			signed++
		} else {
			t.Errorf("%s: passes with the public key", said)
		}
		if r == nil || slices.ContainsFunc(r.Failed(), func(c audit.Claim) bool {
			return !strings.HasSuffix(c.ID,
				".signature")
		}) {
			closed++
		} else {
			t.Logf("%s: only the signature tells", said)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d mutations: %d refused with the public key, %d without", *mutations, signed, closed)
	if 100*signed < 99**mutations {
		t.Errorf("only %d of %d are refused", signed, *mutations)
	}
}

// auditRelease audits a release; nil is one that cannot be audited at all.
func auditRelease(t *testing.T, dir string, key ed25519.PublicKey) *audit.Report {
	t.Helper()
	config, clean, err := tempEngine(256, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer clean()
	editions := []string{filepath.Join(dir, "editions", "research-2025-T1"), filepath.Join(dir, "editions",
		"schools-2025-T1")}
	r, err := audit.Folders(context.Background(), audit.Inputs{
		Editions: editions, Published: filepath.Join(dir, "published"), Again: renderAgain(editions, nil, config),
		PublicKey: key,
	}, config)
	if err != nil {
		return nil
	}
	return r
}

func copyRelease(t *testing.T, release string) string {
	t.Helper()
	dir := t.TempDir()
	for _, zone := range []string{"editions", "published"} {
		if err := os.CopyFS(filepath.Join(dir, zone), os.DirFS(filepath.Join(release, zone))); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// mutation says what was changed where; file is below the release.
type mutation struct{ what, file string }

func (m mutation) String() string { return m.what + " in " + m.file }

// mutate changes one thing in the release; i chooses the kind, rng the place.
func mutate(t *testing.T, dir string, rng *rand.Rand, i int) mutation {
	t.Helper()
	switch i % 8 {
	case 0:
		return inFile(t, dir, rng, "a byte", everyFile, func(data []byte) []byte {
			if len(data) == 0 {
				return []byte{1}
			}
			data[rng.IntN(len(data))] ^= byte(1 + rng.IntN(255))
			return data
		})
	case 1:
		return inFile(t, dir, rng, "a number", `\.(json|html|csv|md|toml)$`, func(data []byte) []byte {
			at := numberPattern.FindAllIndex(data, -1)
			if len(at) == 0 {
				return append(data, '1')
			}
			m := at[rng.IntN(len(at))]
			n, _ := strconv.Atoi(string(data[m[0]:m[1]]))
			return slices.Concat(data[:m[0]], []byte(strconv.Itoa(n+1)), data[m[1]:])
		})
	case 2:
		return inFile(t, dir, rng, "a name", `\.(json|html|csv|md|toml)$`, func(data []byte) []byte {
			at := rng.IntN(len(data))
			return slices.Concat(data[:at], []byte(" Jeanne Martin "), data[at:])
		})
	case 3:
		return mutateCell(t, dir, rng)
	case 4:
		name := []string{"published/familles.csv", "published/schools/0540001A.json",
			"editions/research-2025-T1/notes.txt",
			"published/audit/familles.json"}[rng.IntN(4)]
		write(t, filepath.Join(dir, name), []byte("nom;visites\nMartin;33\n"))
		return mutation{"a file more", name}
	case 5:
		name := choose(t, dir, rng, everyFile)
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		return mutation{"a file less", name}
	case 6:
		return mutateField(t, dir, rng)
	}
	return inFile(t, dir, rng, "a tail", everyFile, func(data []byte) []byte {
		return append(data,
			[]byte("Jeanne Martin")...)
	})
}

const everyFile = `.`

var numberPattern = regexp.MustCompile(`[0-9]{1,6}`)

// choose draws a file of the release whose name fits.
func choose(t *testing.T, dir string, rng *rand.Rand, pattern string) string {
	t.Helper()
	fits := regexp.MustCompile(pattern)
	var names []string
	for _, zone := range []string{"editions", "published"} {
		for name := range tree(t, filepath.Join(dir, zone)) {
			if fits.MatchString(name) {
				names = append(names, zone+"/"+name)
			}
		}
	}
	slices.Sort(names)
	return names[rng.IntN(len(names))]
}

func inFile(t *testing.T, dir string, rng *rand.Rand, what, pattern string, change func([]byte) []byte) mutation {
	t.Helper()
	name := choose(t, dir, rng, pattern)
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	before := bytes.Clone(data)
	data = change(data)
	if bytes.Equal(before, data) {
		t.Fatalf("%s in %s changes nothing", what, name)
	}
	write(t, filepath.Join(dir, name), data)
	return mutation{what, name}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// mutateField changes one field of the manifest of an edition, written as an edition would be.
func mutateField(t *testing.T, dir string, rng *rand.Rand) mutation {
	t.Helper()
	kind := []string{"research", "schools"}[rng.IntN(2)]
	name := "editions/" + kind + "-2025-T1/manifest.json"
	path := filepath.Join(dir, name)
	m, err := edition.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	changes := []struct {
		what   string
		change func()
	}{
		{"study", func() { m.Study = "Martin" }},
		{"persons", func() { m.Population.Persons /= 2 }},
		{"a note", func() { m.Notes = append(m.Notes, "Jeanne Martin") }},
		{"a key id", func() { m.KeyID = "0123456789abcdef" }},
		{"a threshold", func() { m.Thresholds.SchoolPersons, m.Thresholds.CellPersons = 5, 5 }},
		{"synthetic", func() { m.Synthetic = !m.Synthetic }},
		{"the software", func() { m.Software = "entscope 9" }},
		{"an attested count", func() { m.Attested["events"]++ }},
		{"the period", func() { m.End = "2025-12-31" }},
		{"k", func() {
			if m.Anonymity != nil {
				m.Anonymity.AchievedK = 500
			} else {
				m.Population.Families++
			}
		}},
	}
	c := changes[rng.IntN(len(changes))]
	c.change()
	text, err := m.Text()
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, text)
	return mutation{c.what, name}
}

// mutateCell changes one value of one row of a table and writes the table as an edition would.
func mutateCell(t *testing.T, dir string, rng *rand.Rand) mutation {
	t.Helper()
	switch rng.IntN(3) {
	case 0:
		return rewrite(t, dir, "research", edition.TableParents, rng, func(r *edition.ParentRow) {
			r.GradeBand,
				r.Visits = "3e", "5-daily"
		})
	case 1:
		return rewrite(t, dir, "research", edition.TableSums, rng, func(r *edition.SumRow) { r.Persons++ })
	}
	return rewrite(t, dir, "schools", edition.TableSchoolMeasures, rng, func(r *edition.SchoolRow) { r.Numerator++ })
}

func rewrite[T any](t *testing.T, dir, kind, table string, rng *rand.Rand, change func(*T)) mutation {
	t.Helper()
	name := fmt.Sprintf("editions/%s-2025-T1/%s.parquet", kind, table)
	path := filepath.Join(dir, name)
	m, err := edition.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := parquet.ReadFile[T](path)
	if err != nil {
		t.Fatal(err)
	}
	change(&rows[rng.IntN(len(rows))])
	var b bytes.Buffer
	if err := edition.Encode(&b, rows, m.Metadata(table)); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.Bytes())
	return mutation{"a cell", name}
}

// forge writes every hash again that the change has made wrong, and signs all manifests
// with a key that is not the controller's.
func forge(t *testing.T, dir, changed string) {
	t.Helper()
	forger := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	sign := func(folder string, text []byte) {
		if changed != folder+"/"+edition.SignatureFile {
			write(t, filepath.Join(dir, folder, edition.SignatureFile), ed25519.Sign(forger, text))
		}
	}
	editions := map[string]string{}
	for _, name := range []string{"research-2025-T1", "schools-2025-T1"} {
		folder := "editions/" + name
		path := filepath.Join(dir, folder, edition.ManifestFile)
		if m, err := edition.ReadDir(filepath.Dir(path)); err == nil && changed != folder+"/"+edition.ManifestFile {
			for i, f := range m.Files {
				if data, err := os.ReadFile(filepath.Join(dir, folder, f.Name)); err == nil {
					m.Files[i].SHA256, m.Files[i].Bytes = sha(data), int64(len(data))
				}
			}
			text, err := m.Text()
			if err != nil {
				t.Fatal(err)
			}
			write(t, path, text)
		}
		if text, err := os.ReadFile(path); err == nil {
			editions[name] = sha(text)
			sign(folder, text)
		}
	}
	path := filepath.Join(dir, "published", edition.ManifestFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return // it was the file that was removed
	}
	var stamp struct {
		Software   string            `json:"software"`
		Config     string            `json:"config_hash"`
		Lang       string            `json:"lang"`
		Indicators []string          `json:"indicators"`
		Editions   map[string]string `json:"editions"`
		Files      map[string]string `json:"files"`
	}
	if json.Unmarshal(text, &stamp) == nil && changed != "published/"+edition.ManifestFile {
		stamp.Editions, stamp.Files = editions, map[string]string{}
		for name, data := range tree(t, filepath.Join(dir, "published")) {
			if name != edition.ManifestFile && name != edition.SignatureFile {
				stamp.Files[name] = sha([]byte(data))
			}
		}
		if text, err = json.MarshalIndent(stamp, "", "  "); err != nil {
			t.Fatal(err)
		}
		text = append(text, '\n')
		write(t, path, text)
	}
	sign("published", text)
}

func sha(data []byte) string {
	sum := sha256.Sum256(data)
	return strings.ToLower(hex.EncodeToString(sum[:]))
}
