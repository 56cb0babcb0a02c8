package directory

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/format/delimited"
)

// The CSVs of entcore's directory import (feeder; facts, section 2.4):
//
//	externalid;Prénom*;Nom*;Classe;Date de naissance*;…                       pupils
//	externalId;Prénom*;Nom*;telephone;…;email;…;Childexternalid*;Childexternalid;…   guardians
//
// with ";", in UTF-8 with BOMs or ISO-8859-1, headings that vary in case, accents
// and asterisks, and as many Childexternalid columns as a family has children.
// The other templates link by the children's names; they identify nobody to whom
// an account could belong and are refused. The file has no rank: every guardian
// whom a school imports is taken as a legal one, the first to name a child as
// the first.
const (
	importPupil    = "import/pupil"
	importGuardian = "import/parent"
)

var uaiInPath = regexp.MustCompile(`[0-9]{7}[A-Za-z]`)

func (b *builder) readImports() error {
	for _, path := range b.o.Imports {
		uai := []byte(strings.ToUpper(uaiInPath.FindString(path)))
		if len(uai) == 0 {
			return errors.New("imports: no UAI in the path of a file")
		}
		if err := b.read(path, "import", func(r io.Reader, counts *FileCounts) error { return b.readImport(uai, r, counts) }); err != nil {
			return err
		}
	}
	return nil
}

// importColumns are the columns of one file, -1 where there is none.
type importColumns struct {
	id, email int
	phones    []int
	classes   []int
	children  []int
	width     int
}

func bindImport(fields [][]byte) (importColumns, error) {
	c := importColumns{id: -1, email: -1, width: len(fields)}
	for i, f := range fields {
		switch name := delimited.Fold(string(f)); {
		case name == "externalid":
			c.id = i
		case strings.HasPrefix(name, "childexternalid"):
			c.children = append(c.children, i)
		case name == "classe" || name == "classes":
			c.classes = append(c.classes, i)
		case name == "email" || name == "courriel":
			c.email = i
		case strings.HasPrefix(name, "telephone"):
			c.phones = append(c.phones, i)
		}
	}
	if c.id < 0 {
		return c, errors.New("not a template with identifiers (externalId)")
	}
	return c, nil
}

func (b *builder) readImport(uai []byte, r io.Reader, counts *FileCounts) error {
	text := bufio.NewReaderSize(r, xmlSniff)
	head, _ := text.Peek(xmlSniff)
	var in io.Reader = text
	if !utf8.Valid(cutRune(head)) {
		in = charmap.ISO8859_1.NewDecoder().Reader(text)
	} else {
		for range 4 { // entcore strips several BOMs
			if mark, _ := text.Peek(3); string(mark) == "\xef\xbb\xbf" {
				text.Discard(3)
			}
		}
	}
	scan := delimited.NewScanner(in, ';', '"')
	var columns importColumns
	for bound := false; scan.Scan(); {
		if scan.Reason() != "" {
			counts.reject(scan.Reason())
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
		if reason := b.importRow(uai, columns, scan.Fields()); reason != "" {
			counts.reject(reason)
		} else {
			counts.Used++
		}
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
	case len(id) == 0:
		return ingest.ReasonMissingField
	case len(id) > MaxID:
		return ingest.ReasonTooLong
	}
	if len(c.children) == 0 {
		person := b.person(importPupil, id, ingest.ProfilePupil)
		named := false
		for _, i := range c.classes {
			if class := at(i); len(class) > 0 && len(class) <= MaxID {
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
	p := &b.d.Persons[guardian]
	if c.email >= 0 {
		p.EmailKnown = known(p.EmailKnown, int64(btoi(len(at(c.email)) > 0)))
	}
	for _, i := range c.phones {
		p.PhoneKnown = known(p.PhoneKnown, int64(btoi(len(at(i)) > 0)))
	}
	for _, i := range c.children {
		if child := at(i); len(child) > 0 && len(child) <= MaxID {
			b.importLink(b.person(importPupil, child, ingest.ProfilePupil), guardian)
		}
	}
	return ""
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
