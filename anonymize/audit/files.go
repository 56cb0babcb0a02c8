package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
)

// largestFile bounds what the audit reads into memory of one file.
const largestFile = 1 << 30

// folder is an edition as the files say it is, before anything is believed.
type folder struct {
	manifest *edition.Manifest
	hash     string // of manifest.json
	// canonical says that manifest.json is the text of its fields and nothing else.
	canonical bool
	raw       []byte            // the bytes of manifest.json
	signed    []byte            // those of its signature; nil when there is none
	content   map[string][]byte // every other plain file
	names     []string          // in order
	odd       []string          // what is no plain file of the folder
}

// readFolder reads a whole edition through an os.Root: nothing outside it can
// be reached, links included.
func readFolder(dir string) (*folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("audit: open edition: %w", err)
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("audit: list edition: %w", err)
	}
	f := &folder{content: map[string][]byte{}}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			f.odd = append(f.odd, e.Name())
			continue
		}
		data, err := readAll(root, e.Name())
		if err != nil {
			return nil, err
		}
		if e.Name() == edition.ManifestFile {
			sum := sha256.Sum256(data)
			f.hash = hex.EncodeToString(sum[:])
			if f.manifest, err = parseManifest(data); err != nil {
				return nil, err
			}
			text, err := f.manifest.Text()
			f.raw, f.canonical = data, err == nil && bytes.Equal(text, data)
			continue
		}
		if e.Name() == edition.SignatureFile {
			f.signed = data
			continue
		}
		f.content[e.Name()] = data
		f.names = append(f.names, e.Name())
	}
	if f.manifest == nil {
		return nil, errors.New("audit: the folder has no manifest.json: it is no edition")
	}
	return f, nil
}

func readAll(root *os.Root, name string) ([]byte, error) {
	file, err := edition.OpenPlain(root, name)
	if err != nil {
		return nil, fmt.Errorf("audit: open %s: %w", name, err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, largestFile+1))
	if err != nil {
		return nil, fmt.Errorf("audit: read %s: %w", name, err)
	}
	if len(data) > largestFile {
		return nil, fmt.Errorf("audit: %s is larger than %d bytes", name, largestFile)
	}
	return data, nil
}

func parseManifest(data []byte) (*edition.Manifest, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var m edition.Manifest
	if err := d.Decode(&m); err != nil {
		return nil, errors.New("audit: manifest.json is not a manifest; hint: name a folder that entscope wrote, whole")
	}
	if m.Version != 1 || tables[m.Kind] == nil && m.Kind != edition.KindTable {
		return nil, errors.New("audit: manifest.json: unknown version or kind of edition")
	}
	return &m, nil
}

// checkFiles compares the folder with its manifest: sizes, hashes, missing and
// undeclared files.
func (a *auditor) checkFiles() {
	var wrong, missing []string
	declared := map[string]bool{"manifest.json": true}
	for _, want := range a.manifest.Files {
		declared[want.Name] = true
		data, ok := a.content[want.Name]
		if !ok {
			missing = append(missing, want.Name)
			continue
		}
		sum := sha256.Sum256(data)
		if hex.EncodeToString(sum[:]) != want.SHA256 || int64(len(data)) != want.Bytes {
			wrong = append(wrong, want.Name)
			a.altered[want.Name] = true
		}
	}
	a.claim("hash", "Chaque fichier est celui que le manifeste décrit (taille et empreinte SHA-256).", Proved,
		int64(len(a.manifest.Files)),
		len(wrong) == 0 && len(missing) == 0, outcome("Toutes les empreintes sont identiques.",
			named("altérés", wrong), named("absents", missing)), num("fichiers", int64(len(a.manifest.Files))),
		num("altérés", int64(len(wrong))), num("absents", int64(len(missing))))
	var extra []string
	for _, name := range a.names {
		if !declared[name] {
			extra = append(extra, name)
		}
	}
	extra = append(extra, a.odd...)
	a.claim("undeclared", "Le dossier ne contient rien d’autre que les fichiers déclarés.", Proved, int64(len(a.names)),
		len(extra) == 0,
		outcome("Aucun fichier de plus.", named("non déclarés", extra)), num("non déclarés", int64(len(extra))))
}

// checkSchema compares each Parquet file with the approved row: same columns,
// same types, no other, and as many rows as the manifest says.
func (a *auditor) checkSchema() {
	var unknown, columns, rows, unreadable []string
	seen := map[string]bool{}
	approved := tables[a.manifest.Kind]
	for _, f := range a.manifest.Files {
		if f.Table == "" {
			if strings.HasSuffix(f.Name, ".parquet") {
				unknown = append(unknown, f.Name)
			}
			continue
		}
		row := approved[f.Table].row
		if row == nil || f.Name != f.Table+".parquet" || seen[f.Table] {
			unknown = append(unknown, f.Name)
			continue
		}
		seen[f.Table] = true
		data, ok := a.content[f.Name]
		if !ok || a.altered[f.Name] {
			continue // already a fault of the hashes: nothing in it is believed
		}
		file, err := openTable(data)
		if err != nil {
			unreadable = append(unreadable, f.Name)
			continue
		}
		if !sameColumns(file.Schema(), row) {
			columns = append(columns, f.Name)
			continue
		}
		if file.NumRows() != f.Rows {
			rows = append(rows, f.Name)
		}
		a.ready = append(a.ready, f.Table)
	}
	if a.manifest.Anonymity != nil && !seen[edition.TableParents] {
		columns = append(columns, edition.TableParents+" (promise sans table)")
	}
	ok := len(unknown)+len(columns)+len(rows)+len(unreadable) == 0
	a.claim("schema", "Les colonnes sont exactement celles du schéma approuvé ; aucun identifiant de ligne, aucun "+
		"pseudonyme.", Proved, int64(len(a.ready)), ok,
		outcome("Tables et colonnes conformes.", named("tables non approuvées", unknown), named("colonnes différentes",
			columns),
			named("nombre de lignes différent", rows), named("illisibles", unreadable)),
		num("tables", int64(len(a.ready))))
}

// openTable opens a file by its footer; bytes that no reader expects are an error.
func openTable(data []byte) (file *parquet.File, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("audit: a table cannot be opened")
		}
	}()
	return parquet.OpenFile(bytes.NewReader(data), int64(len(data)), parquet.SkipPageIndex(true),
		parquet.SkipBloomFilters(true))
}

// tableText is what a table says, a value or an entry of its metadata a line, and whether all of it could be read. Its
// bytes are no text: what compression makes of honest figures may look like a pseudonym.
func tableText(data []byte) (text string, whole bool) {
	defer func() { whole = recover() == nil && whole }()
	file, err := openTable(data)
	if err != nil {
		return "", false
	}
	var b strings.Builder
	for _, entry := range file.Metadata().KeyValueMetadata {
		fmt.Fprintf(&b, "%s\n%s\n", entry.Key, entry.Value)
	}
	buffer := make([]parquet.Row, 256)
	for _, group := range file.RowGroups() {
		rows := group.Rows()
		defer rows.Close()
		for left := group.NumRows(); err == nil; {
			var n int
			n, err = rows.ReadRows(edition.UpTo(left, buffer))
			left -= int64(n)
			for _, row := range buffer[:n] {
				for _, v := range row {
					if v.Kind() == parquet.ByteArray || v.Kind() == parquet.FixedLenByteArray {
						b.WriteString(v.String() + "\n")
					}
				}
			}
		}
		if err != io.EOF {
			return b.String(), false
		}
		err = nil
	}
	return b.String(), true
}

// sameColumns compares names and types of all columns, in any order.
func sameColumns(got *parquet.Schema, row reflect.Type) bool {
	want := parquet.SchemaOf(reflect.New(row).Interface())
	return strings.Join(leaves(got), "\n") == strings.Join(leaves(want), "\n")
}

func leaves(s *parquet.Schema) []string {
	var out []string
	for _, path := range s.Columns() {
		leaf, ok := s.Lookup(path...)
		if !ok {
			continue
		}
		out = append(out, strings.Join(path, ".")+" "+leaf.Node.Type().String()+fmt.Sprint(leaf.Node.Optional(),
			leaf.Node.Repeated()))
	}
	sort.Strings(out)
	return out
}

// stage writes the verified bytes of the ready tables to a private folder, so
// that the engine reads what was hashed and nothing else.
func (a *auditor) stage(dir string) (map[string]string, error) {
	out := map[string]string{}
	for _, table := range a.ready {
		path := filepath.Join(dir, table+".parquet")
		if err := os.WriteFile(path, a.content[table+".parquet"], 0o600); err != nil {
			return nil, fmt.Errorf("audit: stage %s: %w", table, err)
		}
		out[table] = path
	}
	return out, nil
}

// outcome joins what is wrong, or says that nothing is.
func outcome(fine string, faults ...string) string {
	var parts []string
	for _, f := range faults {
		if f != "" {
			parts = append(parts, f)
		}
	}
	if len(parts) == 0 {
		return fine
	}
	return capitalised(strings.Join(parts, " ; ")) + "."
}

func named(what string, list []string) string {
	if len(list) == 0 {
		return ""
	}
	const most = 8
	shown := list
	if len(shown) > most {
		shown = shown[:most]
	}
	var names []string
	for _, name := range shown { // of a file, anybody's: a new line in it would say a claim of its own
		if strings.ContainsFunc(name, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Bidi_Control) }) {
			name = strconv.Quote(name)
		}
		names = append(names, name)
	}
	s := what + " : " + strings.Join(names, ", ")
	if len(list) > most {
		s += fmt.Sprintf(" et %d autres", len(list)-most)
	}
	return s
}

func capitalised(s string) string {
	for i, c := range s {
		return strings.ToUpper(string(c)) + s[i+len(string(c)):]
	}
	return s
}
