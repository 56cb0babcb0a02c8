package release

import "fmt"

// Own is a researcher's own table that has left, or is about to.
type Own struct {
	Name    string // of its folder
	Figures string // tables of the same figures are protected together
	Made    string // what it is made from
	Cells   []byte // what it told and held back
}

// label of what is sealed of an own table.
const ownCells = "release/own-cells"

// OwnTables are the own tables of some figures that have left and were not taken back, the
// oldest first. What left once leaves again as it was: beside those before that of the same making.
func (r *Register) OwnTables(figures, made string) (out []Own, err error) {
	for _, e := range r.entries {
		if e.Kind != KindOwn || e.Study != figures || r.fate(e) != "" {
			continue
		}
		if e.Made == made {
			break
		}
		cells, err := r.key.Open(ownCells, e.Cells)
		if err != nil {
			return nil, fmt.Errorf("release: line %d: %w: %w", e.Number, err, ErrDamaged)
		}
		out = append(out, Own{e.Name, e.Study, e.Made, cells})
	}
	return out, nil
}

// BookOwn enters an own table; one that stands there is not entered again.
func (r *Register) BookOwn(t Own) error {
	if _, known := r.booked(KindOwn, t.Name, t.Made); known {
		return nil
	}
	sealed, err := r.key.Seal(ownCells, t.Cells)
	if err != nil {
		return err
	}
	return r.append(Entry{Kind: KindOwn, Name: t.Name, Study: t.Figures, Made: t.Made, Cells: sealed}, nil)
}
