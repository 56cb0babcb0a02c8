package tabular

import (
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest"
)

// OnFault has f called for each record that is refused for a field, with the line of the record.
func (r *Rows) OnFault(f func(ingest.FieldFault, int64)) { r.fault = f }

// RefuseField is Refuse for what field i holds; near are the words it could have.
func (r *Rows) RefuseField(i int, reason ingest.Reason, near []string) {
	if r.fault != nil {
		text := string(r.Text(i))
		r.fault(ingest.FieldFault{
			Field: r.columns[i].Name, Reason: reason, Shape: ingest.Shape([]byte(text)),
			Near: vocabulary.Nearest(text, near),
		}, r.Line())
	}
	r.Refuse(reason)
}

// tell reports that a record is refused for field i.
func (r *Rows) tell(i int, record [][]byte, reason ingest.Reason) {
	if r.fault == nil {
		return
	}
	c := &r.columns[i]
	var text []byte
	if c.index >= 0 && c.index < len(record) {
		text = record[c.index]
	}
	r.fault(ingest.FieldFault{
		Field: c.Name, Reason: reason, Shape: ingest.Shape(text), Near: c.near(string(text)),
	}, r.Line())
}

// layouts are those met in exports of French schools, then those that put the month first.
var layouts = []string{
	"02/01/2006 15:04:05", "02/01/2006 15:04", "02/01/2006", "2006-01-02 15:04:05", "2006-01-02T15:04:05",
	"2006-01-02 15:04", "2006-01-02", "02-01-2006 15:04:05", "02-01-2006", "02.01.2006 15:04", "02.01.2006",
	"20060102150405", "20060102",
	"2006-01-02T15:04:05Z07:00", "02/01/06 15:04", "02/01/06", "01/02/2006 15:04:05", "01/02/2006 15:04", "01/02/2006",
}

// near is the word of the mapping, or the layout, that a value would fit.
func (c *column) near(text string) string {
	switch {
	case c.Kind == Date || c.Kind == DateTime || c.Kind == Until:
		for _, layout := range layouts {
			if timed := strings.Contains(layout, "15"); timed == (c.Kind == Date) {
				continue
			}
			if clock, err := newClock(layout, nil); err == nil && clock.fits([]byte(strings.TrimSpace(text))) {
				return layout
			}
		}
		return ""
	case c.values != nil:
		return vocabulary.Nearest(strings.TrimSpace(text), slices.Sorted(maps.Keys(c.values)))
	}
	return ""
}

// fits reports whether a text is a time of one of the layouts.
func (c *clock) fits(text []byte) bool {
	for _, l := range c.layouts {
		if _, ok := readPieces(l.pieces, text); ok {
			return true
		}
	}
	return false
}
