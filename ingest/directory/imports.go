package directory

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/tabular"
)

// The CSVs of entcore's directory import (edificeio/entcore, feeder,
// ProfileColumnsMapper 068efbc; facts, section 2.4):
//
//	externalid;Prénom*;Nom*;Classe;Date de naissance*;…                       pupils
//	externalId;Prénom*;Nom*;telephone;…;email;…;Childexternalid*;Childexternalid;…   guardians
//
// with ";", in UTF-8 with BOMs or ISO-8859-1, headings that vary in case, accents
// and asterisks, and as many Childexternalid columns as a family has children.
// The templates without identifiers, Onde's among them, are read in names.go. No
// file has a rank: every guardian whom a school imports is taken as a legal one,
// the first to name a child as the first.
const (
	importPupil    = "import/pupil"
	importGuardian = "import/parent"
)

var uaiInPath = regexp.MustCompile(`[0-9]{7}[A-Za-z]`)

// readImports reads the pupils first, whom the guardians name.
func (b *builder) readImports(ctx context.Context) error {
	files := make([][]string, 2)
	for _, path := range b.o.Imports {
		guardians, err := b.isOfGuardians(path)
		if err != nil {
			return err
		}
		files[btoi(guardians)] = append(files[btoi(guardians)], path)
	}
	for _, path := range slices.Concat(files...) {
		uai := []byte(strings.ToUpper(uaiInPath.FindString(path)))
		if len(uai) == 0 {
			return errors.New("imports: no UAI in the path of a file")
		}
		read := func(r io.Reader, counts *FileCounts) error { return b.readImport(uai, r, counts) }
		if err := b.read(ctx, path, "import", read); err != nil {
			return err
		}
	}
	return nil
}

// isOfGuardians looks at the headings of a file; a file that is none of ours is
// refused when it is read.
func (b *builder) isOfGuardians(path string) (bool, error) {
	base := filepath.Base(path)
	r, err := b.open(path)
	if err != nil {
		return false, fmt.Errorf("open %s: %w", base, err)
	}
	defer r.Close()
	scan := tabular.NewScanner(importText(io.LimitReader(r, xmlSniff)), ';', '"')
	if !scan.Scan() {
		return false, scan.Err()
	}
	c, err := bindImport(scan.Fields())
	return err == nil && (len(c.children) > 0 || c.guardians), nil
}

// open opens a file to look at it.
func (b *builder) open(name string) (io.ReadCloser, error) {
	if b.o.Open != nil {
		return b.o.Open(name)
	}
	return source.Open(name)
}

// importText decodes a file: UTF-8 without its BOMs, else ISO-8859-15, of which
// ISO-8859-1 differs by eight signs that no heading holds.
func importText(r io.Reader) io.Reader {
	text := bufio.NewReaderSize(r, xmlSniff)
	head, _ := text.Peek(xmlSniff)
	if !utf8.Valid(cutRune(head)) {
		return charmap.ISO8859_15.NewDecoder().Reader(text)
	}
	for range 4 { // entcore strips several BOMs
		if mark, _ := text.Peek(3); string(mark) == "\xef\xbb\xbf" {
			text.Discard(3)
		}
	}
	return text
}

// importColumns are the columns of one file, -1 where there is none.
type importColumns struct {
	id, email int
	phones    []int
	classes   []int
	children  []int
	width     int
	names     nameColumns // where there are no identifiers
	pupils    bool        // by names
	guardians bool
}

func bindImport(fields [][]byte) (importColumns, error) {
	c := importColumns{id: -1, email: -1, width: len(fields),
		names: nameColumns{last: -1, usual: -1, first: -1, birth: -1, level: -1}}
	for i, f := range fields {
		name := tabular.Fold(string(f))
		c.names.bind(i, name)
		switch {
		case name == "externalid" || name == "id":
			c.id = i
		case strings.HasPrefix(name, "childexternalid") || name == "childid" || name == "idenfant":
			c.children = append(c.children, i)
		case name == "classe" || name == "classes" || name == "libelleclasse" || name == "classeouregroupement":
			c.classes = append(c.classes, i)
		case name == "email" || name == "courriel":
			c.email = i
		case strings.HasPrefix(name, "telephone"):
			c.phones = append(c.phones, i)
		}
	}
	if c.id < 0 {
		if c.pupils, c.guardians = c.names.template(); !c.pupils && !c.guardians {
			return c, errors.New("neither identifiers (externalId) nor the names of a template")
		}
	}
	return c, nil
}

func (b *builder) readImport(uai []byte, r io.Reader, counts *FileCounts) error {
	scan := tabular.NewScanner(importText(r), ';', '"')
	var columns importColumns
	for bound := false; scan.Scan(); {
		if scan.Reason() != "" {
			counts.reject(scan.Reason())
			counts.Cut = scan.OpenEnded()
			continue
		}
		if !bound {
			var err error
			if columns, err = bindImport(scan.Fields()); err != nil {
				return err
			}
			bound = true
			counts.Ignored++
			continue
		}
		reason := b.importRow(uai, columns, scan.Fields())
		if reason != "" {
			counts.reject(reason)
		} else {
			counts.Used++
		}
		counts.Open = scan.OpenEnded()
		counts.Cut = counts.Open && (reason != "" || len(scan.Fields()) < columns.width)
	}
	return scan.Err()
}

func (b *builder) importRow(uai []byte, c importColumns, row [][]byte) ingest.Reason {
	at := func(i int) []byte {
		if i < 0 || i >= len(row) {
			return nil
		}
		return bytes.TrimSpace(row[i])
	}
	id := at(c.id)
	switch {
	case len(row) > c.width:
		return ingest.ReasonFields
	case c.pupils:
		return b.namedPupil(uai, c, at)
	case c.guardians:
		return b.namedGuardian(uai, c, at)
	case len(id) == 0:
		return ingest.ReasonMissingField
	case len(id) > ingest.MaxID:
		return ingest.ReasonTooLong
	}
	if len(c.children) == 0 {
		person := b.person(importPupil, id, ingest.ProfilePupil)
		b.d.Persons[person].own = true
		named := false
		for _, i := range c.classes {
			if class := at(i); len(class) > 0 && len(class) <= ingest.MaxID {
				b.memberOf(person, uai, class, class, -1, -1) // "6eA", "CM2 B": the level shows in the name
				named = true
			}
		}
		if !named {
			b.memberOf(person, uai, nil, nil, -1, -1)
		}
		return ""
	}
	guardian := b.person(importGuardian, id, ingest.ProfileParent)
	b.contactsOf(guardian, c, at)
	for _, i := range c.children {
		if child := at(i); len(child) > 0 && len(child) <= ingest.MaxID {
			b.importLink(b.person(importPupil, child, ingest.ProfilePupil), guardian)
		}
	}
	return ""
}

// contactsOf notes whether a guardian has an address and a number.
func (b *builder) contactsOf(guardian int32, c importColumns, at func(int) []byte) {
	p := &b.d.Persons[guardian]
	p.own = true
	if c.email >= 0 {
		p.EmailKnown = known(p.EmailKnown, int64(btoi(len(at(c.email)) > 0)))
	}
	for _, i := range c.phones {
		p.PhoneKnown = known(p.PhoneKnown, int64(btoi(len(at(i)) > 0)))
	}
}

// importLink gives the first guardian of a child rank 1 and the others rank 2.
func (b *builder) importLink(child, guardian int32) {
	if b.links.find([2]int32{child, guardian}) >= 0 {
		return
	}
	rank := int8(2)
	if !b.hasFirst[child] {
		b.hasFirst[child] = true
		rank = 1
	}
	b.link(child, guardian, rank)
}
