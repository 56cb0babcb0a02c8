package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
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
	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
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
	t.Parallel()
	release := askedDemo(t)
	if *mutations > 16 {
		release = finishedDemo(t) // with every question
	}
	public := filepath.Join(t.TempDir(), "signing.pub")
	if code, _, errOut := entscope(t, "key", "sign", filepath.Join(release, "study.toml"), "--out", public); code != 0 {
		t.Fatal(errOut)
	}
	key, err := readPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	if r := auditRelease(t, release, key, &rendered{}); !r.OK() {
		t.Fatalf("the release itself is refused: %v", r.Failed())
	}
	rng := rand.New(rand.NewPCG(*mutationSeed, 2000))
	signed, closed := 0, 0
	again := &rendered{}
	for i := range *mutations {
		dir := copyRelease(t, release)
		said := mutate(t, dir, rng, i)
		forge(t, dir, said.file)
		r := auditRelease(t, dir, key, again)
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
func auditRelease(t *testing.T, dir string, key ed25519.PublicKey, again *rendered) *audit.Report {
	t.Helper()
	config, clean, err := tempEngine(256, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer clean()
	editions := []string{filepath.Join(dir, "editions", "research-2025-T1"), filepath.Join(dir, "editions",
		"schools-2025-T1")}
	r, err := audit.Folders(context.Background(), audit.Inputs{
		Editions: editions, Published: filepath.Join(dir, "published"),
		Again:     again.of(dir, renderAgain(editions, besides{}, config)),
		PublicKey: key, Recipes: pipeline.Recipes(),
	}, config)
	if err != nil {
		return nil
	}
	return r
}

// rendered is the publication that was rendered last, and what of: of a thousand releases
// most differ in a page, from which nothing is rendered.
type rendered struct {
	from  string
	files map[string][]byte
}

// of renders what the release in dir must be, unless it was what was rendered last.
func (r *rendered) of(dir string, render func(context.Context, string, string) error,
) func(context.Context, string, string) error {
	return func(ctx context.Context, published, out string) error {
		from, err := renderedFrom(dir)
		if err != nil {
			return err
		}
		if from != r.from {
			r.from = ""
			if err := render(ctx, published, out); err != nil {
				return err
			}
			r.files = map[string][]byte{}
			if err := readInto(r.files, out); err != nil {
				return err
			}
			r.from = from
			return nil
		}
		for name, data := range r.files {
			path := filepath.Join(out, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				return err
			}
			if err := os.WriteFile(path, data, 0o600); err != nil {
				return err
			}
		}
		return nil
	}
}

// renderedFrom identifies all that a publication is rendered from: the editions, the rules
// and what the publication announces.
func renderedFrom(dir string) (string, error) {
	files := map[string][]byte{}
	if err := readInto(files, filepath.Join(dir, "editions")); err != nil {
		return "", err
	}
	for _, name := range []string{"publication.toml", edition.ManifestFile, "audit/audit.json"} {
		data, err := os.ReadFile(filepath.Join(dir, "published", name))
		if err != nil {
			return "", err
		}
		if name == edition.ManifestFile { // the hashes of pages are rendered from nothing
			var announced map[string]json.RawMessage
			if err := json.Unmarshal(data, &announced); err != nil {
				return "", err
			}
			delete(announced, "files")
			if data, err = json.Marshal(announced); err != nil {
				return "", err
			}
		}
		files[name] = data
	}
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s %s\n", name, sha(files[name]))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// readInto reads every file of a folder.
func readInto(files map[string][]byte, dir string) error {
	return filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[name], err = os.ReadFile(path)
		return err
	})
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
	switch i % 16 {
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
	case 7:
		return mutateForm(t, dir, rng)
	case 8:
		return inFile(t, dir, rng, "a width", `report/.*\.html$|schools/.*[0-9A-Z]\.html$`, func(data []byte) []byte {
			return oneMatch(rng, widthPattern, data, func(m []byte) []byte {
				return append(m[:len(m)-1:len(m)-1], '7', '"')
			})
		})
	case 9:
		return inFile(t, dir, rng, "an unknown field", `\.json$`, func(data []byte) []byte {
			return oneMatch(rng, objectPattern, data, func(m []byte) []byte {
				return slices.Concat(m[:1], []byte(`"exact":7,`), m[1:])
			})
		})
	case 10:
		return inFile(t, dir, rng, "an attribute", `\.html$`, func(data []byte) []byte {
			return oneMatch(rng, tagPattern, data, func(m []byte) []byte {
				return append(m, []byte(` data-n="Jeanne Martin"`)...)
			})
		})
	case 11:
		return exchange(t, dir, rng)
	case 12:
		zone := []string{"published", "published/schools", "published/audit", "editions/research-2025-T1"}[rng.IntN(4)]
		if err := os.Mkdir(filepath.Join(dir, zone, "Jeanne Martin"), 0o755); err != nil {
			t.Fatal(err)
		}
		return mutation{"an empty folder", zone}
	case 13:
		name := choose(t, dir, rng, everyFile)
		path := filepath.Join(dir, name)
		if err := errors.Join(os.Rename(path, path+".kept"), os.Symlink(path+".kept", path)); err != nil {
			t.Fatal(err)
		}
		return mutation{"a link", name}
	case 14:
		return inFile(t, dir, rng, "a line twice", `\.(csv|md|toml|html)$`, func(data []byte) []byte {
			lines := bytes.SplitAfter(data, []byte("\n"))
			at := rng.IntN(len(lines))
			if len(bytes.TrimSpace(lines[at])) == 0 {
				return append(data, "visites 33\n"...)
			}
			return bytes.Join(slices.Insert(lines, at, lines[at]), nil)
		})
	}
	return inFile(t, dir, rng, "a tail", everyFile, func(data []byte) []byte {
		return append(data,
			[]byte("Jeanne Martin")...)
	})
}

const everyFile = `.`

var (
	numberPattern = regexp.MustCompile(`[0-9]{1,6}`)
	widthPattern  = regexp.MustCompile(` (width|height|x|y|x1|x2|cx)="[0-9.]+"`)
	objectPattern = regexp.MustCompile(`\{[\s]*"`)
	tagPattern    = regexp.MustCompile(`<(p|td|h1|h2|svg|section|body|html|a|span|li)\b`)
)

// oneMatch changes one of the matches of a pattern; where there is none it adds a line.
func oneMatch(rng *rand.Rand, pattern *regexp.Regexp, data []byte, change func([]byte) []byte) []byte {
	at := pattern.FindAllIndex(data, -1)
	if len(at) == 0 {
		return append(data, "visites 33\n"...)
	}
	m := at[rng.IntN(len(at))]
	return slices.Concat(data[:m[0]], change(bytes.Clone(data[m[0]:m[1]])), data[m[1]:])
}

// exchange gives two files of one ending each other's content.
func exchange(t *testing.T, dir string, rng *rand.Rand) mutation {
	t.Helper()
	for {
		a, b := choose(t, dir, rng, `\.(csv|json|html)$`), choose(t, dir, rng, `\.(csv|json|html)$`)
		if a == b || filepath.Ext(a) != filepath.Ext(b) {
			continue
		}
		first, err := os.ReadFile(filepath.Join(dir, a))
		if err != nil {
			t.Fatal(err)
		}
		second, err := os.ReadFile(filepath.Join(dir, b))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(first, second) {
			continue
		}
		write(t, filepath.Join(dir, a), second)
		write(t, filepath.Join(dir, b), first)
		return mutation{"exchanged with " + b, a}
	}
}

// mutateForm changes the form of a table and no row, or which rows there are.
func mutateForm(t *testing.T, dir string, rng *rand.Rand) mutation {
	t.Helper()
	name := "editions/research-2025-T1/sums.parquet"
	path := filepath.Join(dir, name)
	m, err := edition.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := parquet.ReadFile[edition.SumRow](path)
	if err != nil {
		t.Fatal(err)
	}
	metadata := m.Metadata(edition.TableSums)
	var b bytes.Buffer
	var what string
	at := rng.IntN(len(rows))
	switch rng.IntN(6) {
	case 0:
		metadata["nom"], what = "Jeanne Martin", "a key of metadata"
	case 1:
		rows, what = slices.Delete(rows, at, at+1), "a row less"
	case 2:
		rows, what = slices.Insert(rows, at, rows[at]), "a row twice"
	case 3:
		to := (at + 1 + rng.IntN(len(rows)-1)) % len(rows)
		rows[at], rows[to] = rows[to], rows[at]
		what = "rows exchanged"
	case 4: // other pages and encodings, the same rows
		if err := parquet.Write(&b, rows, parquet.Compression(&parquet.Uncompressed)); err != nil {
			t.Fatal(err)
		}
		write(t, path, b.Bytes())
		return mutation{"other pages", name}
	default: // a payload that no page points to, before the footer
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		footer := len(data) - 8 - int(binary.LittleEndian.Uint32(data[len(data)-8:]))
		write(t, path, slices.Concat(data[:footer], []byte("Jeanne Martin;33"), data[footer:]))
		return mutation{"a payload between pages", name}
	}
	if err := edition.Encode(&b, rows, metadata); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.Bytes())
	return mutation{what, name}
}

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
	head, _, found := bytes.Cut(text, []byte("  \"editions\": {")) // what stands before is the mutation's
	if found && changed != "published/"+edition.ManifestFile {
		files := map[string]string{}
		for name, data := range tree(t, filepath.Join(dir, "published")) {
			if name != edition.ManifestFile && name != edition.SignatureFile {
				files[name] = sha([]byte(data))
			}
		}
		hashes, err := json.MarshalIndent(map[string]any{"editions": editions, "files": files}, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		text = slices.Concat(head, bytes.TrimPrefix(hashes, []byte("{\n")), []byte("\n"))
		write(t, path, text)
	}
	sign("published", text)
}

func sha(data []byte) string {
	sum := sha256.Sum256(data)
	return strings.ToLower(hex.EncodeToString(sum[:]))
}
