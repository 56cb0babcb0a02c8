package indicator

import (
	"github.com/entscope/entscope/anonymize/edition"
)

// groupings are those the approved list knows, without the whole population.
var groupings = edition.Wide[1:]

// perHead reports whether a source counts persons of whom something is true or not.
func perHead(source string) bool {
	s, _ := edition.FindMeasure(source)
	return s.PerHead
}
