package audit

import (
	"bytes"
	"encoding/json"

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
