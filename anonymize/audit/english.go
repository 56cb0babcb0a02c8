package audit

import (
	_ "embed" // the titles
	"strings"
	"sync"
)

//go:embed titles.en.tsv
var englishTitles string

// titles are the English titles, by what an id ends with after its product, or with it
// where two products mean different things by one word.
var titles = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(englishTitles) {
		if id, title, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); ok {
			out[id] = title
		}
	}
	return out
})

// English is the title in English; what a claim promises in numbers is in its numbers.
// A title that has no English is given in French.
func (c Claim) English() string {
	_, id, _ := strings.Cut(c.ID, ".")
	for _, key := range []string{c.ID, id} {
		if title, ok := titles()[key]; ok {
			return title
		}
	}
	first, _, _ := strings.Cut(id, ".") // of sensitive.1.visits.t_ordered, arithmetic.sums
	if title, ok := titles()[first]; ok {
		return title
	}
	return c.Title
}

// English is the kind of a claim in English.
func (p Proof) English() string {
	return map[Proof]string{
		Proved: "proved by the files", Attested: "attested", Unverifiable: "beyond what files show",
	}[p]
}
