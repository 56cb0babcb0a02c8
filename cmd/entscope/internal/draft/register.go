package draft

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/tabular"
)

// column is what a column of a table holds.
type column struct {
	filled int64
	words  map[string]int64 // at most maxWords and one
	fits   []int64          // how many values fit each of layouts
	digits int64            // values that are whole numbers
	ids    map[uint64]bool
}

// asRegister recognises a table as the register that takes most of its columns, with values that are of the kind that
// each field asks for. Two that take as many are doubtful: neither is taken.
func (f *File) asRegister(path string, t *table) (bool, error) {
	named := registerOf(path)
	var best, second *register.Register
	most, next := 0, 0
	var taken map[string]int
	columns := make([]*column, len(t.headings))
	if err := t.profile(path, columns); err != nil {
		return false, err
	}
	for _, r := range register.All() {
		fields, ok := t.takes(r, columns)
		if !ok || len(fields) < 3 && named != r.Name {
			continue
		}
		score := len(fields)
		if named == r.Name {
			score += 3
		}
		switch {
		case score > most:
			second, next = best, most
			best, most, taken = r, score, fields
		case score > next:
			second, next = r, score
		}
	}
	switch {
	case best == nil:
		return false, nil
	case next == most:
		f.Doubt = fmt.Sprintf("the register %s or %s: write it under [registers], see entscope help registers",
			best.Name, second.Name)
		return false, nil
	}
	f.Kind, f.register = Register, best
	f.Seen = fmt.Sprintf("%d rows with the columns of this register, %s, delimiter %q", t.rows, t.charset, t.delimiter)
	t.columns, t.values, t.dates = taken, map[string]map[string]int64{}, map[string]string{}
	f.table, f.accounts = t, map[uint64]bool{}
	for i := range best.Fields {
		field := &best.Fields[i]
		at, ok := taken[field.Name]
		if !ok {
			continue
		}
		switch field.Type {
		case register.Words, register.Profile, register.Level:
			t.values[field.Name] = columns[at].words
		case register.Day, register.Instant, register.Until:
			layout, either := columns[at].layout()
			t.dates[field.Name], t.either = layout, t.either || either
		case register.Parent, register.Pupil, register.Person:
			maps.Copy(f.accounts, columns[at].ids)
		}
	}
	if t.either {
		f.Doubt = eitherDoubt
	}
	return true, nil
}

// registerOf is the register that a file is named after, "" if it is after none.
func registerOf(path string) string {
	stem, _, _ := strings.Cut(Key(strings.Split(filepath.Base(path), ".")[0]), "!")
	for key, name := range words()["register"] {
		if strings.Contains(stem, key) {
			return name
		}
	}
	return ""
}

// takes finds the columns of a register's fields: by their headings, where the values are of the field's kind.
func (t *table) takes(r *register.Register, columns []*column) (taken map[string]int, ok bool) {
	taken = map[string]int{}
	used := map[int]bool{}
	checks := r.Tabular()
	for i := range r.Fields {
		f := &r.Fields[i]
		for at, heading := range t.headings {
			_, known := meaning("register."+f.Name, heading)
			if used[at] || !known && Key(heading) != Key(f.Name) || !columns[at].holds(f, &checks[i]) {
				continue
			}
			taken[f.Name], used[at] = at, true
			break
		}
		if _, ok := taken[f.Name]; f.Required && !ok {
			return nil, false
		}
	}
	some := func(name string) bool { _, ok := taken[name]; return ok }
	return taken, len(r.SomeOf) == 0 || slices.ContainsFunc(r.SomeOf, some)
}

// holds reports whether most values of a column are what a field takes.
func (c *column) holds(f *register.Field, of *tabular.Field) bool {
	if c.filled == 0 {
		return !f.Required
	}
	switch f.Type {
	case register.Day, register.Instant, register.Until:
		layout, _ := c.layout()
		ofInstants := strings.Contains(layout, "15")
		return layout != "" && (f.Type == register.Until || ofInstants == (f.Type == register.Instant))
	case register.Integer:
		return c.digits*100 >= c.filled*95
	case register.Flag, register.Words, register.Profile, register.Level:
		if len(c.words) > maxWords {
			return of.Check == nil
		}
		if of.Check == nil {
			return true
		}
		var fit int64
		for word, n := range c.words {
			if wordOf(f, of, word) != "" {
				fit += n
			}
		}
		return fit*2 >= c.filled
	}
	return true
}

// wordOf is the word of a field that a value means; "" for one that nobody knows.
func wordOf(f *register.Field, of *tabular.Field, value string) string {
	switch {
	case of.Check == nil || of.Check(value) == nil:
		return value
	case f.Type == register.Profile:
		if word, ok := meaning("profile", value); ok {
			return word
		}
	default:
		if word, ok := meaning("value."+f.Name, value); ok && of.Check(word) == nil {
			return word
		}
	}
	return ""
}

// layout is the first layout that next to all values of a column fit; either, that day and month could be exchanged.
func (c *column) layout() (layout string, either bool) {
	best := 0
	for i, n := range c.fits {
		if n > c.fits[best] {
			best = i
		}
	}
	if len(c.fits) == 0 || c.fits[best]*100 < c.filled*95 {
		return "", false
	}
	return layouts[best], exchangeable(c.fits, best)
}

// profile reads the whole table: what each column holds.
func (t *table) profile(path string, columns []*column) error {
	d, err := source.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	for i := range columns {
		columns[i] = &column{words: map[string]int64{}, ids: map[uint64]bool{}}
	}
	scan := tabular.NewScanner(t.decoded(d), t.delimiter[0], '"')
	for first := true; scan.Scan(); first = false {
		row := scan.Fields()
		if first || t.isHeading(row) {
			continue
		}
		for i := range min(len(row), len(columns)) {
			columns[i].add(bytes.TrimSpace(row[i]))
		}
	}
	return scan.Err()
}

func (c *column) add(value []byte) {
	if len(value) == 0 {
		return
	}
	c.filled++
	if len(c.words) <= maxWords {
		c.words[string(value)]++
	}
	c.ids[maphash.Bytes(seed, value)] = true
	if _, ok := ingest.Digits(value); ok {
		c.digits++
	}
	if c.filled == 1 || c.fits != nil { // a column whose first value is no time holds none
		fits := tried(slices.Clone(c.fits), string(value))
		if c.filled == 1 && slices.Max(fits) == 0 {
			return
		}
		c.fits = fits
	}
}

// registers writes the registers, one section each.
func (w *writer) registers(files []*File, spaces map[*File]*namespace) {
	for _, r := range register.All() {
		var of, other []*File
		for _, f := range files {
			switch {
			case f.Kind != Register || f.register != r:
			case len(of) == 0 || of[0].same(f):
				of = append(of, f)
			default:
				other = append(other, f)
			}
		}
		if len(of) == 0 {
			continue
		}
		w.register(r, of, spaces)
		for _, f := range other {
			w.doubt(fmt.Sprintf("%s: %s has other columns, and a register is read one way: "+
				"bring it into the form of %s", r.Name, filepath.Base(f.Path), filepath.Base(of[0].Path)))
		}
	}
}

func (w *writer) register(r *register.Register, files []*File, spaces map[*File]*namespace) {
	f := files[0]
	t := f.table
	w.line("[registers.%s]  # %s", r.Name, oneLine(f.Seen))
	w.files(files)
	if named := len(f.accounts); named > 0 {
		if space, joined := nearest(f.accounts, spaces); space != "" {
			w.line("accounts = %q  # %d of the %d persons named are in its list", space, joined, named)
		} else {
			w.line("# accounts: %d of the %d persons named are in a list of accounts; "+
				"unset, they are the directory's own", joined, named)
		}
	}
	if f.Doubt != "" {
		w.doubt(r.Name + ": " + f.Doubt)
	}
	w.columns("registers."+r.Name+".csv", t, t.columns)
	checks := r.Tabular()
	days := map[string][]string{}
	for i := range r.Fields {
		field := &r.Fields[i]
		if layout := t.dates[field.Name]; layout != "" {
			key := "date"
			if field.Type == register.Instant || strings.Contains(layout, "15") {
				key = "datetime"
			}
			if !slices.Contains(days[key], layout) {
				days[key] = append(days[key], layout)
			}
		}
		w.registerWords(field, &checks[i], t.values[field.Name])
	}
	for _, key := range slices.Sorted(maps.Keys(days)) {
		w.line("%s = %s", key, quoted(strings.Join(days[key], "|")))
	}
	w.line("")
}

// registerWords writes what the values of a field mean, where the register does not know them itself.
func (w *writer) registerWords(f *register.Field, of *tabular.Field, counts map[string]int64) {
	var known, unknown []string
	own := true
	for _, raw := range slices.Sorted(maps.Keys(counts)) {
		word := wordOf(f, of, raw)
		if own = own && word == raw; word == "" {
			unknown = append(unknown, raw)
		} else {
			known = append(known, quoted(raw)+" = "+quoted(word))
		}
	}
	if !own && len(known) > 0 {
		w.line("values.%s = { %s }", f.Name, strings.Join(known, ", "))
	}
	if len(unknown) > 0 {
		w.doubt(fmt.Sprintf("values.%s: what %s means; see entscope help registers",
			f.Name, strings.Join(unknown, ", ")))
	}
}
