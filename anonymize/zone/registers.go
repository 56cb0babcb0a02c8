package zone

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest/register"
)

// Registers are the rows of the registers on their way from the files to the zone. Identifiers are hashed as a row is
// taken; persons stay numbers of the directory, whose keys WritePeople knows. A register of many rows is spilled to
// disk, the others are held.
type Registers struct {
	disk   durable.Disk
	dir    string
	key    *pseudonym.StudyKey
	tables map[string]*registerTable
}

// NewRegisters prepares for the registers of the zone in dir; Close removes what is spilled there, unlisted by any
// manifest.
func NewRegisters(disk durable.Disk, dir string, k *pseudonym.StudyKey) (*Registers, error) {
	r := &Registers{disk: disk, dir: filepath.Join(dir, partialDir, "registers"), key: k,
		tables: map[string]*registerTable{}}
	if err := errors.Join(disk.RemoveAll(r.dir), disk.MkdirAll(r.dir, 0o700)); err != nil {
		return nil, fmt.Errorf("zone: registers: %w", err)
	}
	return r, nil
}

// Add takes a row: it is the add of register.Read.
func (r *Registers) Add(of *register.Register, row *register.Row) error {
	t := r.tables[of.Name]
	if t == nil {
		t = newRegisterTable(of, r.key)
		if of.Many {
			t.spill = &spill{disk: r.disk, dir: filepath.Join(r.dir, of.Name), width: len(of.Columns) + 1}
		}
		r.tables[of.Name] = t
	}
	values := t.pseudonymised(row)
	if t.spill == nil {
		t.rows = append(t.rows, values)
		return nil
	}
	if err := t.spill.add(pseudonym.Bucket(values[t.checked], 8), values); err != nil {
		return fmt.Errorf("zone: %s: %w", of.Name, err)
	}
	return nil
}

// Close removes what was spilled.
func (r *Registers) Close() error { return r.disk.RemoveAll(r.dir) }

// pseudonymised are the values of a row, without any identifier.
func (t *registerTable) pseudonymised(row *register.Row) []int64 {
	values := append(slices.Clone(row.Values), 0)
	for i, c := range t.Columns {
		text := row.Texts[i]
		switch {
		case c.Kind == register.Identifier && text != nil:
			sum := t.hashers[i].Sum(text)
			values[i] = pseudonym.PersonKey(sum)
			if i == t.checked {
				values[len(t.Columns)] = int64(binary.BigEndian.Uint64(sum[8:]))
			}
		case c.Kind == register.Identifier:
			values[i] = 0
		case text != nil:
			values[i] = -t.numbered(i, string(text))
		}
	}
	for i, c := range t.Columns {
		if c.Kind == register.Identifier && row.Texts[i] == nil && c.Same >= 0 {
			values[i] = values[c.Same]
		}
	}
	return values
}

// numbered is the number of a text in a column.
func (t *registerTable) numbered(column int, text string) int64 {
	if t.texts[column] == nil {
		t.texts[column] = map[string]int64{}
	}
	n, ok := t.texts[column][text]
	if !ok {
		n = int64(len(t.texts[column])) + 1
		t.texts[column][text] = n
	}
	return n
}

// ranked numbers texts by their order, 1, 2 …
func (t *registerTable) ranked(rows [][]int64) {
	for c := range t.Columns {
		t.sorted[c] = slices.Sorted(maps.Keys(t.texts[c]))
		rank := make([]int64, len(t.sorted[c])+1)
		for i, text := range t.sorted[c] {
			rank[t.texts[c][text]] = int64(i) + 1
		}
		for _, row := range rows {
			if len(rank) > 1 && row[c] < 0 {
				row[c] = rank[-row[c]]
			}
		}
	}
}

// keyed gives persons their keys.
func (t *registerTable) keyed(rows [][]int64, person []int64) {
	for c, column := range t.Columns {
		if column.Kind != register.Somebody {
			continue
		}
		for _, row := range rows {
			if row[c] < 0 {
				row[c] = 0
			} else {
				row[c] = person[row[c]]
			}
		}
	}
}

// checkKeys refuses two identifiers of one key, and one whose key is 0, "none"; rows are in the order of their keys.
func (t *registerTable) checkKeys(rows [][]int64) error {
	if t.checked < 0 {
		return nil
	}
	check := len(t.Columns)
	for i, row := range rows {
		same := i > 0 && rows[i-1][t.checked] == row[t.checked]
		if row[t.checked] == 0 || same && rows[i-1][check] != row[check] {
			return ErrCollision
		}
	}
	return nil
}

// order orders rows by Order. It does not tell the order in which a register was read.
func (t *registerTable) order(rows [][]int64) {
	type by struct {
		column int
		sign   int
	}
	var order []by
	for _, name := range t.Order {
		column, sign := strings.TrimPrefix(name, "-"), 1
		if column != name {
			sign = -1
		}
		order = append(order, by{t.Column(column), sign})
	}
	slices.SortFunc(rows, func(a, b []int64) int {
		for _, o := range order {
			if a[o.column] != b[o.column] {
				return o.sign * cmp.Compare(a[o.column], b[o.column])
			}
		}
		return 0
	})
}

// latest drops each row that the next one makes out of date: what was open when a register was exported and had ended
// in a later export. Days unknown sort first.
func (t *registerTable) latest(rows [][]int64) [][]int64 {
	kept := rows[:0]
	for i, row := range rows {
		if i+1 == len(rows) || !t.outdated(row, rows[i+1]) {
			kept = append(kept, row)
		}
	}
	return kept
}

func (t *registerTable) outdated(row, next []int64) bool {
	for _, name := range t.Order {
		c := t.Column(strings.TrimPrefix(name, "-"))
		if row[c] < 0 && slices.Contains(t.Open, name) {
			return true
		}
		if row[c] != next[c] {
			return false
		}
	}
	return false
}

// distinct keeps the first row of each key; without Key, of rows that are the same.
func (t *registerTable) distinct(rows [][]int64) [][]int64 {
	if t.Key == nil {
		return slices.CompactFunc(rows, slices.Equal)
	}
	var key []int
	for _, name := range t.Key {
		key = append(key, t.Column(name))
	}
	return slices.CompactFunc(rows, func(a, b []int64) bool {
		for _, c := range key {
			if a[c] != b[c] {
				return false
			}
		}
		return true
	})
}

// registers write the table of every register; one that the study does not have is empty.
func (w *peopleWriter) registers(ctx context.Context) error {
	for _, of := range register.All() {
		if err := w.register(ctx, w.taken.of(of, w.k)); err != nil {
			return fmt.Errorf("%s: %w", of.Name, err)
		}
	}
	return nil
}

// of are the rows of a register, none if r has taken none.
func (r *Registers) of(of *register.Register, k *pseudonym.StudyKey) *registerTable {
	if r != nil && r.tables[of.Name] != nil {
		return r.tables[of.Name]
	}
	return newRegisterTable(of, k)
}

func (w *peopleWriter) register(ctx context.Context, t *registerTable) error {
	out, err := newRowTable(w.disk, w.dir, t)
	if err != nil {
		return err
	}
	defer out.discard()
	add := func(rows [][]int64) error {
		if rows, err = t.table(rows, w.person); err != nil {
			return err
		}
		for _, row := range rows {
			if err := out.add(ctx, t.parquetRow(row)); err != nil {
				return err
			}
		}
		return nil
	}
	if t.spill == nil {
		err = add(t.rows)
	} else {
		err = t.spill.each(add)
	}
	if err != nil {
		return err
	}
	f, err := out.close(ctx)
	if err != nil {
		return err
	}
	w.out.Files = append(w.out.Files, f)
	return nil
}

// table makes the rows of the table of rows as they were taken; person are the keys of persons.
func (t *registerTable) table(rows [][]int64, person []int64) ([][]int64, error) {
	t.ranked(rows)
	t.keyed(rows, person)
	rows = t.once(rows)
	t.order(rows)
	if err := t.checkKeys(rows); err != nil {
		return nil, err
	}
	if t.Once != nil {
		return rows, nil
	}
	return t.distinct(t.latest(rows)), nil
}
