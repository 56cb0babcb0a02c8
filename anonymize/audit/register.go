package audit

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// entry is what the audit reads of a line of the register of releases. Its chain is a keyed
// hash that only the holder of the master key can check; that it is the one a release names
// anybody can.
type entry struct {
	Number int    `json:"number"`
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Made   string `json:"made"`
	Chain  string `json:"chain"`
	// Of an edition: none in lines that were written before families were booked, which tell all of them but where
	// Unnamed names another edition.
	Subject   string            `json:"subject"`
	Persons   bool              `json:"persons"`
	Families  []string          `json:"families"`
	Elsewhere map[string]string `json:"elsewhere"`
	Unnamed   string            `json:"unnamed"`
}

// tells reports whether the line is of an edition that tells anything of a family of the persons of a subject.
func (e entry) tells(family, subject string) bool {
	if e.Kind != edition.KindResearch || e.Subject != "" && e.Subject != subject {
		return false
	}
	if e.Subject == "" { // rows told in a column which addresses are known
		return e.Unnamed == "" || e.Persons && family == edition.FamilyContacts
	}
	return slices.Contains(e.Families, family)
}

// readRegister reads the lines of a register; ok is false when it is none.
func readRegister(text []byte) (lines []entry, ok bool) {
	for line := range bytes.Lines(text) {
		var e entry
		if json.Unmarshal(line, &e) != nil || e.Number != len(lines)+1 {
			return nil, false
		}
		lines = append(lines, e)
	}
	return lines, true
}

// ended reports whether a line after that of a release says that it never left, or that every copy of it was
// destroyed: what is audited is a copy that should not be there.
func ended(lines []entry, at int) bool {
	for _, later := range lines[at+1:] {
		if (later.Kind == "withdraw" || later.Kind == "recall") && later.Name == lines[at].Name &&
			later.Made == lines[at].Made {
			return true
		}
	}
	return false
}

// checkRegister claims that the register has the line of a release where the release says
// that it was entered, and none that takes it back. One that was cut back, or an older copy, has forgotten what left. What a
// line says is the word of who keeps the register: only the holder of the master key can check its chain, so that the claim
// fails or is not verified.
// name is that of its folder; a publication has none of its own.
func checkRegister(r *Report, kind, name string, b edition.Booking, text []byte) {
	if text == nil {
		return
	}
	lines, ok := readRegister(text)
	holds := ok && b.Lines >= 0 && b.Lines < len(lines) && lines[b.Lines].Kind == kind &&
		(name == "" || lines[b.Lines].Name == name)
	if holds && b.Lines > 0 {
		holds = lines[b.Lines-1].Chain == b.Head
	}
	why := "le registre a été raccourci, ou c’en est une copie plus ancienne ou un autre"
	if holds && ended(lines, b.Lines) {
		holds, why = false, "le registre dit qu’elle n’est jamais sortie, ou que toutes ses copies ont été détruites"
	}
	r.claim(kind, "register", "Le registre des diffusions porte cette diffusion à la ligne qu’elle dit, après la "+
		"même tête.", Attested, 1, holds, outcome("Il la porte.", differs(holds, why)), num("lignes", int64(len(lines))))
}

// checkBooked claims that the register has of an edition the families of what must not be known of a school that its tables
// tell, or a later edition would tell them of the same days too; and that of those that it leaves to an earlier one the
// register knows the same, and that this one tells them. Whether it leaves all to others that it must follows from schools
// that only the holder of the master key can read there.
func (a *auditor) checkBooked(r *Report, text []byte) {
	m := a.manifest
	lines, ok := readRegister(text)
	if at := m.Booking.Lines; !ok || m.Kind != edition.KindResearch || at < 0 || at >= len(lines) || lines[at].Subject == "" {
		return // checkRegister says what is wrong; an older line has none
	}
	line, before := lines[m.Booking.Lines], lines[:m.Booking.Lines]
	told := line.Subject == m.Subject
	for family, rows := range a.families {
		told = told && slices.Contains(line.Families, family) == (rows > 0)
	}
	same, there := maps.Equal(line.Elsewhere, m.Unnamed), true
	for family, name := range m.Unnamed {
		there = there && slices.ContainsFunc(before, func(e entry) bool {
			return e.Name == name && e.tells(family, m.Subject)
		})
	}
	r.claim(m.Kind, "register.unnamed", "Le registre dit de cette édition ce qu’elle dit de ce qui ne va sur aucune page "+
		"d’établissement, et quelle édition dit le reste.", Attested, 1, told && same && there,
		outcome("Il le dit.", differs(told, "ses tables disent autre chose"), differs(same, "le manifeste renvoie à d’autres"),
			differs(there, "une édition à laquelle il renvoie ne le dit pas")), num("familles", int64(len(line.Families))))
}
