package release

import (
	"encoding/json"
	"fmt"
	"slices"
)

// KindNational is a publication of editions of several controllers.
const KindNational = "national"

// National is a publication of the editions of several controllers (entscope combine) that has left, or is about to:
// in the register of who combines, whose master key is none of the controllers'. It has no census, since who combines
// has no person: what it may leave beside is known by the study keys and the schools of its editions.
type National struct {
	Name, Study string
	Start, End  string // ISO dates, both included
	Made        string // what its figures follow from
	// Keys are the check values of the study keys of its editions, Schools the codes of their schools.
	Keys, Schools []string
}

// label of what is sealed of a national publication.
const nationalCells = "release/national"

// territories are what is kept, sealed, of the editions of a national publication.
type territories struct {
	Keys    []string `json:"keys"`
	Schools []string `json:"schools"`
}

// AdmitNational refuses a national publication beside one that has left with a day, and a study key or a school, of
// both: a territory less, a revised edition, other rules. Their difference is of one territory or of those who changed,
// and no census says of how many. The same again is no other. The error wraps ErrNear.
func (r *Register) AdmitNational(n National) error {
	for _, e := range r.entries {
		if e.Kind != KindNational || e.Made == n.Made || r.fate(e) != "" || e.End < n.Start || n.End < e.Start {
			continue
		}
		text, err := r.key.Open(nationalCells, e.Cells)
		if err != nil {
			return fmt.Errorf("release: line %d: %w: %w", e.Number, err, ErrDamaged)
		}
		var p territories
		if err := json.Unmarshal(text, &p); err != nil {
			return fmt.Errorf("release: line %d: %w: %w", e.Number, err, ErrDamaged)
		}
		if common(p.Keys, n.Keys) || common(p.Schools, n.Schools) {
			return fmt.Errorf("release: %s, of %s to %s, has left of some of these territories and days, of other editions, "+
				"publications, rules or software: %w; ways on: combine the same again, take every copy of it back and say so "+
				"(entscope releases recall), or wait for a period that has no day of it", e.Name, e.Start, e.End, ErrNear)
		}
	}
	return nil
}

// BookNational enters a national publication; one that stands there is not entered again.
func (r *Register) BookNational(n National) error {
	if _, known := r.booked(KindNational, n.Name, n.Made); known {
		return nil
	}
	text, err := json.Marshal(territories{n.Keys, n.Schools})
	if err != nil {
		return fmt.Errorf("release: national publication: %w", err)
	}
	sealed, err := r.key.Seal(nationalCells, text)
	if err != nil {
		return err
	}
	return r.append(Entry{Kind: KindNational, Name: n.Name, Study: n.Study, Start: n.Start, End: n.End, Made: n.Made,
		Cells: sealed}, nil)
}

// common reports whether a text is in both lists.
func common(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}
