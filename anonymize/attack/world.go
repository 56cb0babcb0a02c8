package attack

import (
	"slices"

	"github.com/entscope/entscope/anonymize/kanon"
)

// view is some rows of a table as attackers read them.
type view struct {
	table *kanon.Table
	rows  []int                                // nil is all
	read  map[string]func(value string) string // how a column's values read; those of no other change
}

func (v view) len() int {
	if v.rows != nil {
		return len(v.rows)
	}
	return v.table.Rows()
}

// row is the row of the table at which the i-th of the view stands.
func (v view) row(i int) int {
	if v.rows != nil {
		return v.rows[i]
	}
	return i
}

// persons are who the rows are of; nil where each row is a person of its own.
func (v view) persons() []int64 {
	if len(v.table.Units) == 0 {
		return nil
	}
	ids := make([]int64, v.len())
	seen := make(map[int64]bool, len(ids))
	for i := range ids {
		ids[i] = v.table.Units[0].IDs[v.row(i)]
		seen[ids[i]] = true
	}
	if len(seen) == len(ids) {
		return nil
	}
	return ids
}

// world is what attackers see: the released rows, and how what they know of the
// persons attacked reads there.
type world struct {
	targets, released              view
	targetPersons, releasedPersons []int64
	quasi                          map[string]bool
	columns                        map[string]*column
	// chain is how the rows agree in more and more columns, the last that were asked for:
	// attacks in a row ask for many of the same.
	chain []agreement
	pairs *pairs
}

// agreement numbers targets and released rows from 0 to below n by what they show in a column
// and in those before it in a chain.
type agreement struct {
	column      string
	seen, shown []int32
	n           int
}

// column is a column of a world by code: rows agree where their codes do.
type column struct {
	seen, shown []int32 // of the targets, and of the released rows
	codes       int
}

func newWorld(targets, released view, quasi map[string]bool, p *pairs) *world {
	return &world{targets: targets, released: released, quasi: quasi, columns: map[string]*column{}, pairs: p,
		targetPersons: targets.persons(), releasedPersons: released.persons()}
}

// world is the world of a release of the table t under the policy p. A quasi-identifier
// without a level, or with one that its hierarchy does not have, is not read there.
func (c *campaign) world(t *kanon.Table, p *kanon.Policy, release Twin) *world {
	read, quasi := map[string]func(string) string{}, map[string]bool{}
	for _, q := range p.QuasiIdentifiers {
		level, ok := release.Levels[q.Name]
		if !ok || level > q.Hierarchy.MaxLevel() {
			continue
		}
		h := q.Hierarchy
		quasi[q.Name] = true
		read[q.Name] = func(value string) string {
			leaf, ok := h.Leaf(value)
			if !ok {
				return value
			}
			return h.Label(level, h.Code(level, leaf))
		}
	}
	return newWorld(view{t, c.persons, read}, view{table: release.Released}, quasi, &c.pairs)
}

// partition splits known columns into quasi-identifiers and behaviours, those that
// the release has.
func (w *world) partition(known []string) (quasi, behaviours []string) {
	for _, name := range known {
		switch {
		case w.released.table.Column(name) == nil:
		case w.quasi[name]:
			quasi = append(quasi, name)
		default:
			behaviours = append(behaviours, name)
		}
	}
	return quasi, behaviours
}

// column gives the codes of a column that both have.
func (w *world) column(name string) *column {
	if c := w.columns[name]; c != nil {
		return c
	}
	code := map[string]int32{}
	c := &column{seen: coded(w.targets, name, code), shown: coded(w.released, name, code)}
	c.codes = len(code)
	w.columns[name] = c
	return c
}

// coded gives the codes of a view's column, in and for the texts of code.
func coded(v view, name string, code map[string]int32) []int32 {
	c := v.table.Column(name)
	of := make([]int32, len(c.Values))
	for i, text := range c.Values {
		if read := v.read[name]; read != nil {
			text = read(text)
		}
		if _, ok := code[text]; !ok {
			code[text] = int32(len(code))
		}
		of[i] = code[text]
	}
	out := make([]int32, v.len())
	for i := range out {
		out[i] = of[c.Codes[v.row(i)]]
	}
	return out
}

// alike numbers targets and released rows from 0 to below n: those with one number agree
// in all of the columns. The numbers are the world's and are not changed.
func (w *world) alike(names []string) (seen, shown []int32, n int) {
	if len(names) == 0 {
		return make([]int32, w.targets.len()), make([]int32, w.released.len()), 1
	}
	for at, name := range names {
		switch {
		case at < len(w.chain) && w.chain[at].column == name:
			continue
		case at < len(w.chain):
			w.chain = w.chain[:at]
		}
		before := agreement{n: 1}
		if at > 0 {
			before = w.chain[at-1]
		} else {
			before.seen, before.shown = make([]int32, w.targets.len()), make([]int32, w.released.len())
		}
		w.chain = append(w.chain, w.pairs.agreement(before, name, w.column(name)))
	}
	last := w.chain[len(names)-1]
	return last.seen, last.shown, last.n
}

// widest is the most pairs that are numbered by an array.
const widest = 1 << 22

// pairs is memory for what is kept of each pair of a number and a code; all 0 between two uses.
type pairs struct{ of []int32 }

// wide gives room for so many pairs, nil where they are too many for an array.
func (p *pairs) wide(n int) []int32 {
	if n > widest {
		return nil
	}
	if n > len(p.of) {
		p.of = make([]int32, n)
	}
	return p.of[:n]
}

// agreement gives each pair of a number and a code of one more column a number of its own.
func (p *pairs) agreement(before agreement, name string, c *column) agreement {
	out := agreement{column: name, seen: make([]int32, len(before.seen)), shown: make([]int32, len(before.shown))}
	from, with := [2][]int32{before.seen, before.shown}, [2][]int32{c.seen, c.shown}
	next := int32(0)
	of := p.wide(before.n * c.codes)
	if of == nil {
		of := map[int64]int32{}
		for part, list := range [2][]int32{out.seen, out.shown} {
			for i, code := range with[part] {
				pair := int64(from[part][i])*int64(c.codes) + int64(code)
				number, ok := of[pair]
				if !ok {
					number = next
					of[pair] = number
					next++
				}
				list[i] = number
			}
		}
		out.n = int(next)
		return out
	}
	for part, list := range [2][]int32{out.seen, out.shown} {
		for i, code := range with[part] {
			pair := int(from[part][i])*c.codes + int(code)
			if of[pair] == 0 {
				next++
				of[pair] = next
			}
			list[i] = of[pair] - 1
		}
	}
	for part := range with {
		for i, code := range with[part] {
			of[int(from[part][i])*c.codes+int(code)] = 0
		}
	}
	out.n = int(next)
	return out
}

// holders counts the distinct persons of the rows with each number.
func holders(numbers []int32, n int, persons []int64) []int32 {
	count := make([]int32, n)
	if persons == nil {
		for _, number := range numbers {
			count[number]++
		}
		return count
	}
	type bearer struct {
		number int32
		person int64
	}
	seen := map[bearer]bool{}
	for i, number := range numbers {
		if b := (bearer{number, persons[i]}); !seen[b] {
			seen[b] = true
			count[number]++
		}
	}
	return count
}

// infers guesses a secret as the commonest among the released rows that agree with
// what is known; where none agrees, with the quasi-identifiers alone, and then any.
func (w *world) infers(known []string, secret string) []bool {
	hits := make([]bool, w.targets.len())
	if w.released.table.Column(secret) == nil || w.released.len() == 0 {
		return hits
	}
	quasi, behaviours := w.partition(known)
	truth := w.column(secret)
	open := make([]bool, len(hits))
	for i := range open {
		open[i] = true
	}
	for _, names := range [][]string{append(slices.Clone(quasi), behaviours...), quasi, nil} {
		seen, shown, n := w.alike(names)
		best := w.pairs.commonest(shown, n, truth)
		for i, number := range seen {
			if open[i] && best[number] >= 0 {
				open[i], hits[i] = false, best[number] == truth.seen[i]
			}
		}
	}
	return hits
}

// commonest is the commonest code of a column among the released rows with each number, the
// first of equals; -1 where there is no row.
func (p *pairs) commonest(shown []int32, n int, c *column) []int32 {
	best, most := make([]int32, n), make([]int32, n)
	for number := range best {
		best[number] = -1
	}
	take := func(number, code, k int32) {
		if k > most[number] || k == most[number] && code < best[number] {
			best[number], most[number] = code, k
		}
	}
	count := p.wide(n * c.codes)
	if count == nil {
		count := map[int64]int32{}
		for row, number := range shown {
			count[int64(number)*int64(c.codes)+int64(c.shown[row])]++
		}
		for row, number := range shown {
			take(number, c.shown[row], count[int64(number)*int64(c.codes)+int64(c.shown[row])])
		}
		return best
	}
	for row, number := range shown {
		count[int(number)*c.codes+int(c.shown[row])]++
	}
	for row, number := range shown {
		pair := int(number)*c.codes + int(c.shown[row])
		if count[pair] > 0 { // the first row of the pair
			take(number, c.shown[row], count[pair])
			count[pair] = 0
		}
	}
	return best
}

// links joins what is known of each person from two sources, such as quasi-identifiers and
// behaviours, through the one released row that agrees with all of it.
func (w *world) links(known []string) []bool {
	quasi, behaviours := w.partition(known)
	seen, shown, n := w.alike(append(quasi, behaviours...))
	rows := holders(shown, n, w.releasedPersons)
	hits := make([]bool, len(seen))
	for i, number := range seen {
		hits[i] = rows[number] == 1
	}
	return hits
}

// linksTo joins the released rows to those of a table that others hold, where one row of
// each agrees with what is known.
func (w *world) linksTo(second view, names []string) []bool {
	there := newWorld(w.targets, second, w.quasi, w.pairs).links(names)
	here := w.links(names)
	for i := range here {
		here[i] = here[i] && there[i]
	}
	return here
}

// singlesOut takes each profile that one released row alone shows for the claim that
// one person has it. The claim holds where one of the persons attacked bears it.
func (w *world) singlesOut(known []string) []bool {
	quasi, behaviours := w.partition(known)
	seen, shown, n := w.alike(append(quasi, behaviours...))
	rows, bearers := holders(shown, n, w.releasedPersons), holders(seen, n, w.targetPersons)
	hits := make([]bool, len(seen))
	for i, number := range seen {
		hits[i] = rows[number] == 1 && bearers[number] == 1
	}
	return hits
}

// holds says that somebody is in the release where a row of it agrees with all that is
// known of them.
func (w *world) holds(known []string) []bool {
	quasi, behaviours := w.partition(known)
	seen, shown, n := w.alike(append(quasi, behaviours...))
	rows := holders(shown, n, w.releasedPersons)
	hits := make([]bool, len(seen))
	for i, number := range seen {
		hits[i] = rows[number] > 0
	}
	return hits
}
