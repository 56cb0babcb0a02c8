package national

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/source"
)

// maxRefused is the share of its rows that a file may lose, one in so many.
const maxRefused = 100

// of are the inputs of a kind that are not the bytes of another.
func (b *builder) of(k Kind) (some []*Input) {
	for _, in := range b.inputs {
		if in.Kind == k && !in.twice {
			some = append(some, in)
		}
	}
	return some
}

// measured reads the files of a kind of the DNMA and writes its table, an empty one
// where there is no file.
func (b *builder) measured(ctx context.Context, k Kind) (err error) {
	s, err := newSpill(b.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	inputs := b.of(k)
	for i, in := range inputs {
		if err := b.decode(ctx, in, i, s); err != nil {
			return fmt.Errorf("%s: %w", in.Name, err)
		}
	}
	var m *merged
	err = b.file(string(k)+".parquet", func(out io.Writer) error {
		buffered := bufio.NewWriterSize(out, 1<<20)
		if m, err = merge(ctx, buffered, k, s, ranks(inputs), b.job.Threads); err != nil {
			return err
		}
		return buffered.Flush()
	})
	if err != nil {
		return err
	}
	b.manifest.Tables[string(k)] = m.rows
	b.weeks[k] = m.weeks
	for i, in := range inputs {
		f := m.fates[i]
		in.Repeated, in.Superseded = f.repeated, f.superseded
		if f.contrary > 0 {
			line := f.firstContrary.Line
			if in.before != nil {
				line += in.before[f.firstContrary.block]
			}
			b.warn("%s: %d rows contradict another of the same school and week in the same file, "+
				"the first in line %d: the later row stands", in.Label, f.contrary, line)
		}
		if f.repeated > 0 {
			b.warn("%s: %d rows told twice: counted once", in.Label, f.repeated)
		}
		if n := f.superseded - f.contrary; n > 0 {
			b.warn("%s: %d rows of weeks of which a newer file has another version: the newer stands", in.Label, n)
		}
	}
	b.accountColumns(k, inputs, m)
	return nil
}

// decode reads one file and refuses it where its sums would be wrong.
func (b *builder) decode(ctx context.Context, in *Input, number int, s *spill) error {
	seen, err := in.decode(ctx, number, s, b.job.Threads)
	switch {
	case errors.Is(err, source.ErrCorrupt), errors.Is(err, source.ErrExpansion):
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	case err != nil:
		return err
	}
	for _, one := range seen {
		b.seen.add(one)
	}
	return in.settle()
}

// settle counts the rows of a file and refuses one that loses too many.
func (in *Input) settle() error {
	t := in.tally
	in.Accepted, in.Rows, in.Refused = t.accepted, t.accepted+t.refused(), t.rejects
	if t.refused()*maxRefused > in.Rows {
		first := t.reasons()[0]
		return fmt.Errorf("%w: %d of %d rows cannot be read; %s: %d, the first in line %d", ErrDamaged,
			t.refused(), in.Rows, first, t.rejects[first], t.first[first].Line)
	}
	if in.Rows == 0 {
		return fmt.Errorf("%w: no row under the headings", ErrDamaged)
	}
	return nil
}

// ranks orders the files of a kind from old to new: by the last week they speak of, and
// then by the number of rows, and then by content, so that the order of the command
// line does not matter.
func ranks(inputs []*Input) []int {
	order := make([]int, len(inputs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, c int) int {
		x, y := inputs[a].tally, inputs[c].tally
		return cmp.Or(cmp.Compare(x.last, y.last), cmp.Compare(x.accepted, y.accepted),
			strings.Compare(inputs[a].SHA256, inputs[c].SHA256))
	})
	rank := make([]int, len(inputs))
	for r, i := range order {
		rank[i] = r
	}
	return rank
}

// accountColumns says of each column of a table whether it was used, missing or unknown.
func (b *builder) accountColumns(k Kind, inputs []*Input, m *merged) {
	var rows []ColumnRow
	for i, c := range columnsOf(k) {
		row := ColumnRow{Table: string(k), Column: c.name, Status: "missing"}
		if slices.ContainsFunc(inputs, func(in *Input) bool { return in.layout.numbers[i] >= 0 }) {
			row.Status, row.Filled, row.Total = "used", m.filled[i], &m.total[i]
		}
		rows = append(rows, row)
	}
	unknown := map[string]*ColumnRow{}
	for _, in := range inputs {
		for _, name := range in.Unknown {
			if unknown[name] == nil {
				unknown[name] = &ColumnRow{Table: string(k), Column: name, Status: "unknown"}
			}
		}
		for position, e := range in.tally.extra {
			row := unknown[in.layout.names[position]]
			row.Filled += e.filled
			total := e.total
			if row.Total != nil {
				total += *row.Total
			}
			row.Total = &total
		}
	}
	for _, row := range unknown {
		rows = append(rows, *row)
	}
	slices.SortFunc(rows, func(a, c ColumnRow) int { return strings.Compare(a.Column, c.Column) })
	b.columns = append(b.columns, rows...)
	slices.SortStableFunc(b.columns, func(a, c ColumnRow) int { return strings.Compare(a.Table, c.Table) })
}

// readRegisters reads the IPS files, the annuaire and the calendar.
func (b *builder) readRegisters() error {
	r := &b.registers
	for _, k := range []Kind{IPS, Annuaire, Calendar} {
		for _, in := range b.of(k) {
			in.tally = newTally()
			if err := b.readRegister(in); err != nil {
				return fmt.Errorf("%s: %w", in.Name, err)
			}
			if err := in.settle(); err != nil {
				return fmt.Errorf("%s: %w", in.Name, err)
			}
			r.given[k] = true
		}
	}
	return nil
}

func (b *builder) readRegister(in *Input) error {
	d, err := in.text()
	if err != nil {
		return err
	}
	defer d.Close()
	r := &b.registers
	switch in.Kind {
	case Calendar:
		if r.holidays == nil {
			r.holidays = directory.NewHolidays(calendarFirst, calendarLast)
		}
		return readCalendar(d, in.layout, in.rows.Sep, r.holidays, in.tally)
	case IPS:
		rows, err := readRegister(d, in.layout, in.rows.Sep, in.tally)
		r.ips = append(r.ips, rows...)
		return err
	}
	rows, err := readRegister(d, in.layout, in.rows.Sep, in.tally)
	r.annuaire = append(r.annuaire, rows...)
	return err
}

// account says what a reader of the sums must know of each file.
func (b *builder) account() {
	for _, in := range b.inputs {
		if in.twice {
			b.warn("%s: the same bytes as another file: read once", in.Label)
			continue
		}
		t := in.tally
		for _, reason := range t.reasons() {
			b.warn("%s: %d rows refused, %s, the first in line %d",
				in.Label, t.rejects[reason], reason, t.first[reason].Line)
		}
		if in.open && t.refused() > 0 {
			b.warn("%s: its last row has no end: was the file cut in transfer?", in.Label)
		}
		if t.unread > 0 {
			b.warn("%s: %d durations cannot be read, the first in line %d: taken as not known",
				in.Label, t.unread, t.firstUnread.Line)
		}
		if t.inverted > 0 {
			b.warn("%s: %d rows have more users than visits: kept as they are", in.Label, t.inverted)
		}
		if t.exceeding > 0 {
			b.warn("%s: %d rows have profiles that add up to more than all visits: kept as they are",
				in.Label, t.exceeding)
		}
		b.accountHeadings(in)
	}
}

// accountHeadings warns of columns of numbers that are not as described. One of the 25
// services is absent from some files: that alone is only said.
func (b *builder) accountHeadings(in *Input) {
	if !slices.Contains(Measured, in.Kind) {
		return
	}
	if len(in.Unknown) > 0 {
		b.warn("%s: unknown columns, their values are not used: %s", in.Label, strings.Join(in.Unknown, ", "))
	}
	var numbers, absentItems []string
	of := map[string]int{}
	for i, c := range columnsOf(in.Kind) {
		if in.layout.numbers[i] < 0 {
			numbers = append(numbers, c.name)
			if of[c.item]++; of[c.item] == len(measures) {
				absentItems = append(absentItems, c.item)
			}
		}
	}
	if in.Kind == Services && len(absentItems) == 1 && len(numbers) == len(measures) || len(numbers) == 0 {
		return
	}
	b.warn("%s: columns that are not there: %s", in.Label, strings.Join(numbers, ", "))
}

func dateOf(day int32) string { return time.Unix(int64(day)*86400, 0).UTC().Format(time.DateOnly) }
