package audit

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go/format"

	"github.com/entscope/entscope/anonymize/edition"
)

// An edition is closed when every byte of it is known: its manifest and what explains it
// follow from the manifest's own fields, and a table is what the writer of editions makes
// of the rows in it. So nothing rides along: no page behind another, no key of metadata,
// no file, no field that nobody reads. The writer is shared as a form of bytes; what the
// rows say is recounted by the audit's own statements.

// checkClosed looks at the bytes of an edition before anything in it is believed, and
// keeps of the approved tables those that are closed.
func (a *auditor) checkClosed() {
	a.claim("closed.manifest", "Le manifeste ne contient que les champs connus, écrits d’une seule façon.", Proved, 1,
		a.canonical && soundPlan(a.manifest.Plan) && soundCounts(a.manifest) && soundForms(a.manifest),
		outcome("Chaque octet du manifeste vient de ses champs.", differs(a.canonical,
			"le manifeste n’est pas écrit comme "+
				"le serait un manifeste de ces valeurs"), differs(soundCounts(a.manifest),
			"un compte de la zone y est, ou un nombre de personnes qui ne peut être bruité"),
			differs(soundForms(a.manifest), "un texte n’y a pas la forme d’une empreinte, d’un jour, d’un mot ou d’un "+
				"nom de diffusion")))
	a.checkFileNames()
	a.checkDescriptions()
	a.checkNotes()
	a.checkBytes()
}

// soundCounts reports whether the manifest names those counts of the zone that were made twice by known names alone (a
// name says what it says); whether the persons in scope are numbers that noise leaves; and whether no other number of
// the persons taken out stands beside them.
func soundCounts(m *edition.Manifest) bool {
	for _, n := range []int64{m.Population.Persons, m.Population.Children, m.Population.Families} {
		if n < 0 || n > 0 && n < int64(m.Perturbation.Least) {
			return false
		}
	}
	if an := m.Anonymity; an != nil && an.SuppressedRows != an.SuppressedPersons {
		return false
	}
	for i, name := range m.Recounted {
		if !slices.Contains(recountedCounts, name) || slices.Contains(m.Recounted[:i], name) {
			return false
		}
	}
	return true
}

// checkFileNames: the files are those of this kind of edition, all of them, declared in
// their order, and no other.
func (a *auditor) checkFileNames() {
	want := []string{"CODEBOOK.fr.md", "datapackage.json"}
	for table := range tables[a.manifest.Kind] {
		want = append(want, table+".parquet")
	}
	slices.Sort(want)
	var missing, others []string
	var declared []string
	for _, f := range a.manifest.Files {
		declared = append(declared, f.Name)
		if !slices.Contains(want, f.Name) {
			others = append(others, f.Name)
		}
	}
	for _, name := range want {
		if !slices.Contains(declared, name) {
			missing = append(missing, name)
		}
	}
	ok := slices.Equal(want, declared)
	a.claim("closed.files", "L’édition contient tous les fichiers de son genre, et aucun autre.", Proved,
		int64(len(declared)), ok,
		outcome("Ce sont eux.", named("manquent", missing), named("en trop", others),
			differs(ok || len(missing)+len(others) > 0, "déclarés deux fois ou dans un autre ordre")), num("fichiers",
			int64(len(declared))))
}

// checkDescriptions: codebook and data package are what the manifest makes of them.
func (a *auditor) checkDescriptions() {
	want, err := a.manifest.Descriptions()
	var others []string
	if err != nil {
		others = append(others, "descriptions")
	}
	for _, name := range sortedKeys(want) {
		if !bytes.Equal(a.content[name], want[name]) {
			others = append(others, name)
		}
	}
	a.claim("closed.descriptions", "Le dictionnaire et le descripteur des tables sont ceux que l’audit refait du "+
		"manifeste.", Proved, int64(len(want)),
		len(others) == 0, outcome("Identiques, octet pour octet.", named("différents", others)), num("comparés",
			int64(len(want))))
}

// checkNotes: a sentence of the manifest is one of the known ones.
func (a *auditor) checkNotes() {
	unknown := int64(0)
	for i, note := range a.manifest.Notes {
		if !knownNote(note) || slices.Contains(a.manifest.Notes[:i], note) {
			unknown++
		}
	}
	a.claim("closed.notes", "Les remarques du manifeste sont des phrases connues, avec des nombres d’établissements "+
		"ou de contenus.", Proved, 1+int64(len(a.manifest.Notes)),
		unknown == 0, faults(unknown), num("remarques", int64(len(a.manifest.Notes))))
}

// knownNote reports whether a note is one of edition.Notes, numbers filled in.
func knownNote(note string) bool {
	for _, known := range edition.Notes {
		pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(known), "%d", "[1-9][0-9]{0,5}") + "$"
		if regexp.MustCompile(pattern).MatchString(note) {
			return true
		}
	}
	return false
}

// checkBytes: each approved table is encoded again from its rows and compared. What
// differs is not read further.
func (a *auditor) checkBytes() {
	var foreign, others, closed []string
	for _, table := range a.ready {
		data := a.content[table+".parquet"]
		if err := ourFooter(data); err != nil {
			foreign = append(foreign, table+" ("+err.Error()+")")
			continue
		}
		if !tables[a.manifest.Kind][table].same(data, a.manifest.Metadata(table)) {
			others = append(others, table)
			continue
		}
		closed = append(closed, table)
	}
	a.claim("closed.footers", "Les tables n’emploient que la compression, les types et les codages que entscope écrit.",
		Proved, int64(len(a.ready)+len(others)+len(foreign)),
		len(foreign) == 0, outcome("Aucun autre.", named("en cause", foreign)), num("tables", int64(len(a.ready))))
	a.claim("closed.tables", "Chaque table, réécrite à partir de ses seules lignes, redonne le même fichier : rien "+
		"n’y est caché.", Proved, int64(len(closed)+len(others)),
		len(others) == 0, outcome("Identiques, octet pour octet.", named("différentes", others)), num("comparées",
			int64(len(closed)+len(others))))
	a.ready = closed
}

// largestTable bounds what the pages of one table say that they hold.
const largestTable = 1 << 32

// ourFooter refuses a file by its footer alone, before a page of it is opened: another
// compression, type or encoding than those written here, or pages of impossible sizes.
func ourFooter(data []byte) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("pied illisible")
		}
	}()
	file, err := openTable(data)
	if err != nil {
		return errors.New("pied illisible")
	}
	size := int64(0)
	for _, group := range file.Metadata().RowGroups {
		for _, column := range group.Columns {
			m := column.MetaData
			if column.FilePath != "" || m.Codec != format.Zstd {
				return errors.New("compression ou fichier d’ailleurs")
			}
			if !slices.Contains([]format.Type{format.Int32, format.Int64, format.ByteArray}, m.Type) {
				return fmt.Errorf("type %s", m.Type)
			}
			for _, e := range m.Encoding {
				if !slices.Contains([]format.Encoding{format.Plain, format.RLE, format.RLEDictionary}, e) {
					return fmt.Errorf("codage %s", e)
				}
			}
			if m.TotalUncompressedSize < 0 || m.NumValues < 0 {
				return errors.New("tailles impossibles")
			}
			size += m.TotalUncompressedSize
			if size > largestTable {
				return errors.New("plus grand que 4 Gio")
			}
		}
	}
	return nil
}

// encodesSame decodes the rows of a table, encodes them as an edition would, a batch at a time,
// and reports whether that gives the file.
func encodesSame[T any](data []byte, metadata map[string]string) (same bool) {
	defer func() {
		if recover() != nil { // of what cannot be decoded
			same = false
		}
	}()
	again := &expected{data}
	err := edition.EncodeAgain[T](again, data, metadata)
	return err == nil && len(again.left) == 0
}

// expected takes the bytes that it expects and no others.
type expected struct{ left []byte }

var errOther = errors.New("audit: another byte")

func (e *expected) Write(p []byte) (int, error) {
	if !bytes.HasPrefix(e.left, p) {
		return 0, errOther
	}
	e.left = e.left[len(p):]
	return len(p), nil
}
