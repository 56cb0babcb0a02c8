package directory

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// Onde (first degree) and the templates of entcore's administration page name
// people and have no identifiers:
//
//	"Nom Elève";"Nom d'usage Elève";"Prénom Elève";"Date naissance";…;"Niveau";"Classe";…     pupils, Onde
//	Prénom*;Nom*;Date de naissance*;Classes*                                                  pupils, entcore
//	…;Nom usage responsable;Nom responsable;Prénom responsable;…;
//	  Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants;[×3]             guardians, Onde
//	Nom*;Prénom*;…;Nom de l'élève;Prénom de l'élève;Classes de l'élève;[×3]                   guardians
//
// (facts, section 2.4; edificeio/entcore, ProfileColumnsMapper 068efbc). A person
// is then known by a hash of school, names and birth date, or for a guardian of
// names and contacts, and a guardian's child is the one pupil of the school who
// has these names in this class. Two who have them are told apart by the usual
// name or by nothing: then nobody is linked. Names are folded, hashed and
// forgotten row by row; the hashes stay in memory.

// nameKey stands for names in a school.
type nameKey [16]byte

func newNameKey(kind string, parts ...[]byte) nameKey {
	h := sha256.New()
	h.Write([]byte(kind))
	for _, p := range parts {
		h.Write([]byte{0})
		h.Write([]byte(strings.ReplaceAll(tabular.Fold(string(p)), "-", "")))
	}
	return nameKey(h.Sum(nil)[:16])
}

// id is the identifier of a person who has none.
func (k nameKey) id() []byte { return []byte(hex.EncodeToString(k[:])) }

// What a nameKey can stand for other than a person.
const (
	nobody  = int32(-1)
	several = int32(-2)
)

// names finds persons by their names.
type names struct {
	bearers map[nameKey]int32
	// unknown counts the names that were asked for and that nobody bears,
	// ambiguous those that two persons bear.
	unknown, ambiguous int64
}

// bear notes that a person bears names; two persons with the same are several.
func (n *names) bear(k nameKey, person int32) {
	if n.bearers == nil {
		n.bearers = map[nameKey]int32{}
	}
	if other, ok := n.bearers[k]; ok && other != person {
		person = several
	}
	n.bearers[k] = person
}

func (n *names) bearer(k nameKey) int32 {
	if person, ok := n.bearers[k]; ok {
		return person
	}
	return nobody
}

// count books an answer that is no person.
func (n *names) count(answer int32) {
	switch answer {
	case nobody:
		n.unknown++
	case several:
		n.ambiguous++
	}
}

// nameColumns are the columns of a template without identifiers; the k-th child
// of a row is at the k-th of each list.
type nameColumns struct {
	last, usual, first, birth, level                int
	childLast, childUsual, childFirst, childClasses []int
	contacts                                        []int // what tells homonyms without an e-mail address apart
}

// bind takes a heading, folded, and reports whether it is one of names.
func (c *nameColumns) bind(i int, heading string) bool {
	switch heading {
	case "nom", "nomeleve", "nomresponsable", "nomdefamille":
		c.last = i
	case "nomdusage", "nomusage", "nomdusageresponsable", "nomusageresponsable":
		c.usual = i
	case "prenom", "prenomresponsable":
		c.first = i
	case "datedenaissance", "datenaissance":
		c.birth = i
	case "niveau":
		c.level = i
	case "nomdeleleve", "nomenfant", "nomdefamilleenfant", "nomfamilleenfant", "nomdefamilleeleve":
		c.childLast = append(c.childLast, i)
	case "nomdusageenfant", "nomusageenfant":
		c.childUsual = append(c.childUsual, i)
	case "prenomdeleleve", "prenomenfant":
		c.childFirst = append(c.childFirst, i)
	case "classesdeleleve", "classesenfants", "classeenfant", "classesenfant", "classeseleves":
		c.childClasses = append(c.childClasses, i)
	case "nomdusageeleve": // of the pupil, or of the guardian's child: see template
		c.childUsual = append(c.childUsual, i)
	case "prenomeleve":
		c.childFirst = append(c.childFirst, i)
	case "adresse", "adresse1", "adresseresponsable", "cp", "codepostal", "cpresponsable":
		c.contacts = append(c.contacts, i)
	default:
		return false
	}
	return true
}

// template tells what the columns make: pupils, guardians or nothing.
func (c *nameColumns) template() (pupils, guardians bool) {
	if c.first < 0 && len(c.childFirst) == 1 {
		c.first, c.childFirst = c.childFirst[0], nil
		if len(c.childUsual) == 1 {
			c.usual = c.childUsual[0]
		}
	}
	if c.last < 0 || c.first < 0 {
		return false, false
	}
	n := len(c.childFirst)
	if n == 0 {
		return c.birth >= 0, false
	}
	if len(c.childUsual) != n {
		c.childUsual = nil
	}
	return false, len(c.childLast) == n && (len(c.childClasses) == 0 || len(c.childClasses) == n)
}

// namedPupil books a pupil who is known by names.
func (b *builder) namedPupil(uai []byte, c importColumns, at func(int) []byte) ingest.Reason {
	last, usual, first := at(c.names.last), at(c.names.usual), at(c.names.first)
	if len(last) == 0 || len(first) == 0 {
		return ingest.ReasonMissingField
	}
	person := b.person(importPupil, newNameKey("pupil", uai, last, first, isoDay(at(c.names.birth))).id(),
		ingest.ProfilePupil)
	b.d.Persons[person].own = true
	level := at(c.names.level)
	bear := func(class []byte) {
		b.names.bear(newNameKey("pupil in class", uai, last, first, class), person)
		if len(usual) > 0 && !bytes.Equal(usual, last) {
			b.names.bear(newNameKey("pupil in class", uai, usual, first, class), person)
		}
	}
	named := false
	for _, i := range c.classes {
		class := at(i)
		if len(class) == 0 || len(class) > ingest.MaxID {
			continue
		}
		named = true
		bear(class)
		if len(level) > 0 {
			b.memberOf(person, uai, level, class, -1, -1)
		} else {
			b.memberOf(person, uai, class, class, -1, -1) // "CM2 B": the level shows in the name
		}
	}
	bear(nil) // for a guardian's row without the class
	if !named {
		b.memberOf(person, uai, level, nil, -1, -1)
	}
	return ""
}

// namedGuardian books a guardian who is known by names, and the links to the
// children who can be told. A row none of whose children can is refused.
func (b *builder) namedGuardian(uai []byte, c importColumns, at func(int) []byte) ingest.Reason {
	last, usual, first := at(c.names.last), at(c.names.usual), at(c.names.first)
	if len(last) == 0 {
		last = usual
	}
	if len(last) == 0 || len(first) == 0 {
		return ingest.ReasonMissingField
	}
	var children []int32
	asked := 0
	for k := range c.names.childFirst {
		childLast, childFirst := at(c.names.childLast[k]), at(c.names.childFirst[k])
		var childUsual, class []byte
		if c.names.childUsual != nil {
			childUsual = at(c.names.childUsual[k])
		}
		if len(c.names.childClasses) > 0 {
			class = at(c.names.childClasses[k])
		}
		if len(childLast)+len(childUsual)+len(childFirst) == 0 {
			continue
		}
		asked++
		child := b.names.child(uai, childLast, childUsual, childFirst, class)
		if b.names.count(child); child >= 0 {
			children = append(children, child)
		}
	}
	switch {
	case asked == 0:
		return ingest.ReasonMissingField
	case len(children) == 0:
		return ingest.ReasonUnknownValue
	}
	parts := [][]byte{first, at(c.email)} // the same person in all schools
	if len(at(c.email)) == 0 {
		parts = append(parts, last, usual, uai)
		for _, i := range c.names.contacts {
			parts = append(parts, at(i))
		}
	}
	guardian := b.person(importGuardian, newNameKey("guardian", parts...).id(), ingest.ProfileParent)
	b.names.bear(newNameKey("guardian of", uai, last, first), guardian)
	if len(usual) > 0 && !bytes.Equal(usual, last) {
		b.names.bear(newNameKey("guardian of", uai, usual, first), guardian)
	}
	b.contactsOf(guardian, c, at)
	for _, child := range children {
		b.importLink(child, guardian)
	}
	return ""
}

// child is the pupil of names in a class, or where no class is given in the school.
func (n *names) child(uai, last, usual, first, class []byte) int32 {
	x, y := nobody, nobody
	if len(last) > 0 {
		x = n.bearer(newNameKey("pupil in class", uai, last, first, class))
	}
	if len(usual) > 0 {
		y = n.bearer(newNameKey("pupil in class", uai, usual, first, class))
	}
	switch {
	case x == y, y == nobody, y == several && x >= 0:
		return x
	case x == nobody, x == several:
		return y
	}
	return several
}

var dayFirst = regexp.MustCompile(`^([0-9]{2})/([0-9]{2})/([0-9]{4})$`)

// isoDay writes a day-first date as ISO, so that two exports agree.
func isoDay(date []byte) []byte {
	return dayFirst.ReplaceAll(date, []byte("$3-$2-$1"))
}

// namedPerson is whose account a row names by names: of a school, and for pupils
// in a class where the row has one.
func (b *builder) namedPerson(profile ingest.Profile, rows *tabular.Rows) int32 {
	uai := []byte(canonical(rows.Text(fSchool)))
	last, first := rows.Text(fLastName), rows.Text(fFirstName)
	person := nobody
	switch {
	case len(uai) == 0 || len(last) == 0 || len(first) == 0:
	case profile == ingest.ProfileParent:
		person = b.names.bearer(newNameKey("guardian of", uai, last, first))
	case profile == ingest.ProfilePupil:
		person = b.names.bearer(newNameKey("pupil in class", uai, last, first, rows.Text(fOfClass)))
	}
	b.names.count(person)
	return person
}
