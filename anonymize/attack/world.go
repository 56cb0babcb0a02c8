package attack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/kanon"
)

// world is what attackers see: the released rows, and how a value that they know
// reads there.
type world struct {
	original *kanon.Table
	released *kanon.Table
	quasi    map[string]func(value string) string // generalisation
}

func newWorld(t *kanon.Table, p *kanon.Policy, twin *Twin) (*world, error) {
	w := &world{original: t, released: twin.Released, quasi: map[string]func(string) string{}}
	for _, q := range p.QuasiIdentifiers {
		level, ok := twin.Levels[q.Name]
		if !ok || level > q.Hierarchy.MaxLevel() {
			return nil, fmt.Errorf("attack: the twin does not say to which level %q was generalised", q.Name)
		}
		h := q.Hierarchy
		w.quasi[q.Name] = func(value string) string {
			leaf, ok := h.Leaf(value)
			if !ok {
				return value
			}
			return h.Label(level, h.Code(level, leaf))
		}
	}
	return w, nil
}

// partition splits known columns into quasi-identifiers and behaviours, those that
// the release has.
func (w *world) partition(known []string) (quasi, behaviours []string) {
	for _, name := range known {
		switch {
		case w.released.Column(name) == nil:
		case w.quasi[name] != nil:
			quasi = append(quasi, name)
		default:
			behaviours = append(behaviours, name)
		}
	}
	return quasi, behaviours
}

// seen is how the columns of an original row read in the release.
func (w *world) seen(row int, names []string) string {
	var b strings.Builder
	for _, name := range names {
		value := w.original.Column(name).Text(row)
		if generalise := w.quasi[name]; generalise != nil {
			value = generalise(value)
		}
		b.WriteString(value)
		b.WriteByte(0)
	}
	return b.String()
}

// shown is the same of a released row.
func (w *world) shown(row int, names []string) string {
	var b strings.Builder
	for _, name := range names {
		b.WriteString(w.released.Column(name).Text(row))
		b.WriteByte(0)
	}
	return b.String()
}

// infers guesses a secret as the commonest among the released rows that agree with
// what is known; where none agrees, with the quasi-identifiers alone, and then any.
func (w *world) infers(known []string, secret string) func(row int) bool {
	quasi, behaviours := w.partition(known)
	guesses := []struct {
		names []string
		best  map[string]string
	}{{names: append(slices.Clone(quasi), behaviours...)}, {names: quasi}, {}}
	for i := range guesses {
		guesses[i].best = w.commonest(guesses[i].names, secret)
	}
	column := w.original.Column(secret)
	return func(row int) bool {
		for _, g := range guesses {
			if best, ok := g.best[w.seen(row, g.names)]; ok {
				return best == column.Text(row)
			}
		}
		return false
	}
}

// commonest is the commonest value of a column for each combination of others.
func (w *world) commonest(names []string, secret string) map[string]string {
	counts := map[string]map[string]int{}
	column := w.released.Column(secret)
	if column == nil {
		return nil
	}
	for row := range w.released.Rows() {
		key := w.shown(row, names)
		if counts[key] == nil {
			counts[key] = map[string]int{}
		}
		counts[key][column.Text(row)]++
	}
	best := make(map[string]string, len(counts))
	for key, values := range counts {
		n := 0
		for value, c := range values {
			if c > n || c == n && value < best[key] {
				best[key], n = value, c
			}
		}
	}
	return best
}

// links joins two sources through the one released row that agrees with both: the
// quasi-identifiers in one, behaviours in the other.
func (w *world) links(quasi, behaviours []string) func(row int) bool {
	names := append(slices.Clone(quasi), behaviours...)
	rows := holders(w.released, func(row int) string { return w.shown(row, names) })
	return func(row int) bool { return rows[w.seen(row, names)] == 1 }
}

// singlesOut takes each profile that one released row alone shows for the claim that
// one person has it. The claim holds where one of the persons bears it.
func (w *world) singlesOut(known []string, persons []int) func(row int) bool {
	quasi, behaviours := w.partition(known)
	names := append(quasi, behaviours...)
	rows := holders(w.released, func(row int) string { return w.shown(row, names) })
	bearers := holdersAmong(w.original, persons, func(row int) string { return w.seen(row, names) })
	return func(row int) bool {
		key := w.seen(row, names)
		return rows[key] == 1 && bearers[key] == 1
	}
}

// holds says that somebody is in the release where a row of it agrees with all that is
// known of them.
func (w *world) holds(known []string) func(row int) bool {
	quasi, behaviours := w.partition(known)
	names := append(quasi, behaviours...)
	rows := holders(w.released, func(row int) string { return w.shown(row, names) })
	return func(row int) bool { return rows[w.seen(row, names)] > 0 }
}
