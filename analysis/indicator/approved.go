package indicator

import (
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// groupings are those the approved list knows, without the whole population.
var groupings = edition.Wide[1:]

// approved finds a measure of the edition's reviewed list.
func approved(name string) (edition.Measure, bool) {
	i := slices.IndexFunc(edition.Measures, func(m edition.Measure) bool { return m.Name == name })
	if i < 0 {
		return edition.Measure{}, false
	}
	return edition.Measures[i], true
}

// curve finds a life table of the edition's reviewed list.
func curve(name string) (edition.Curve, bool) {
	i := slices.IndexFunc(edition.Curves, func(c edition.Curve) bool { return c.Name == name })
	if i < 0 {
		return edition.Curve{}, false
	}
	return edition.Curves[i], true
}

// perHead reports whether a source counts persons of whom something is true or not.
func perHead(source string) bool {
	s, _ := approved(source)
	return s.PerHead
}
