package disclosure

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Ledger is what earlier releases published, cell by cell, with exact counts: it
// belongs to the operator and stays in the restricted zone. Two releases that
// speak of nearly the same persons are a subtraction: what one person did is
// their difference.
type Ledger struct {
	cells map[string]Entry
}

// Entry is one published cell: its persons, its part and the period it covers.
type Entry struct {
	Key     string `json:"key"` // what the cell is, without its period
	Release string `json:"release"`
	Start   string `json:"start"` // ISO dates, both included
	End     string `json:"end"`
	Persons int64  `json:"persons"`
	Part    int64  `json:"part"`
	Counted bool   `json:"counted"`
}

// overlaps reports whether two entries share a day: different periods of the
// same persons are not nested and cannot be subtracted.
func (e Entry) overlaps(o Entry) bool { return e.Start <= o.End && o.Start <= e.End }

// Near reports whether publishing now beside what the ledger holds would give
// away a small difference: another release, an overlapping period, and two
// numbers of persons (or of the part, over the same start: a cumulative count)
// that differ by 1 to Policy.Differencing.Minimum − 1.
func (l Ledger) Near(now Entry, p Policy) bool {
	for _, earlier := range l.cells {
		if earlier.Key != now.Key || earlier.Release == now.Release || !earlier.overlaps(now) {
			continue
		}
		if p.small(now.Persons-earlier.Persons) ||
			now.Counted && earlier.Start == now.Start && p.small(now.Part-earlier.Part) {
			return true
		}
	}
	return false
}

func (p Policy) small(d int64) bool {
	if d < 0 {
		d = -d
	}
	return d > 0 && d < p.Differencing.Minimum
}

// Add records a published cell.
func (l *Ledger) Add(e Entry) {
	if l.cells == nil {
		l.cells = map[string]Entry{}
	}
	l.cells[e.Release+"\x00"+e.Key] = e
}

// Clone returns a copy that Add does not share.
func (l Ledger) Clone() Ledger { return Ledger{maps.Clone(l.cells)} }

// Write writes the ledger as JSON in a fixed order.
func (l Ledger) Write(w io.Writer) error {
	entries := make([]Entry, 0, len(l.cells))
	for _, k := range slices.Sorted(maps.Keys(l.cells)) {
		entries = append(entries, l.cells[k])
	}
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	if err := e.Encode(struct {
		Cells []Entry `json:"cells"`
	}{entries}); err != nil {
		return fmt.Errorf("disclosure: write ledger: %w", err)
	}
	return nil
}

// maxLedger bounds the ledger that is read: a million cells.
const maxLedger = 256 << 20

// ReadLedger reads what Write wrote.
func ReadLedger(r io.Reader) (Ledger, error) {
	var file struct {
		Cells []Entry `json:"cells"`
	}
	d := json.NewDecoder(io.LimitReader(r, maxLedger))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return Ledger{}, fmt.Errorf("disclosure: read ledger: %w", err)
	}
	var l Ledger
	for i, e := range file.Cells {
		if e.Key == "" || e.Release == "" || e.Persons < 0 || e.Part < 0 {
			return Ledger{}, fmt.Errorf("disclosure: read ledger: entry %d is incomplete", i+1)
		}
		l.Add(e)
	}
	return l, nil
}
