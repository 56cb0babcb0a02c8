package subject

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/entscope/entscope/anonymize/edition"
)

// place is where a person counts: a school in a group and a period.
type place struct {
	group          string
	period, school int64
}

// sums are what the units of one place bring to one slot. Squares saturate.
type sums struct {
	persons, x, y, topX, topY int64
	xx, xy, yy                int64
	bins, keys                [16]uint32
}

// largestSquared is the largest number whose square is an int64.
const largestSquared = 3_037_000_499

func (s *sums) add(key uint32, x, y int64) {
	if s.persons == 0 {
		s.topX, s.topY = x, y
	}
	s.persons++
	s.x, s.y = s.x+x, s.y+y
	s.topX, s.topY = max(s.topX, x), max(s.topY, y)
	a, b := min(x, largestSquared), min(y, largestSquared)
	s.xx, s.xy, s.yy = saturate(s.xx, a*a), saturate(s.xy, a*b), saturate(s.yy, b*b)
	bin := 0 // where most are
	for bin < len(s.bins)-1 && x >= edition.HistogramEdges[bin+1] {
		bin++
	}
	s.bins[bin]++
	s.keys[bin] += key
}

func (s *sums) tally() tally {
	t := tally{SumRow: edition.SumRow{Persons: s.persons, Numerator: s.x, Denom: s.y,
		SumXX: s.xx, SumXY: s.xy, SumYY: s.yy}, topX: s.topX, topY: s.topY, keys: s.keys}
	for i, h := range histogram(&t.SumRow) {
		*h = int64(s.bins[i])
	}
	return t
}

// table is the cells of one family of measures by place, and the families behind them.
// Families do not add over schools: who is in a cell is kept by the number that the
// builder gives each family, once for the measures that count the same persons.
type table struct {
	b      *Builder
	like   map[string]string
	places map[place]int
	at     []place
	period map[string]int64 // of a group, where it has one
	slots  map[counted]int
	of     []counted
	cells  [][]*page  // by slot and place
	behind [][]uint64 // by slot of a measure that stands for others: place and family
	// families are those behind each place, of the same slots, once they were asked for.
	families [][]distinct
}

// page is the cells of neighbouring places, so that a slot grows without a copy and has none where nobody counts.
type page [64]sums

// cell is the cell of a slot and a place; nil where nobody counts.
func (t *table) cell(slot, place int) *sums {
	pages, at := t.cells[slot], place/len(page{})
	if at >= len(pages) || pages[at] == nil || pages[at][place%len(page{})].persons == 0 {
		return nil
	}
	return &pages[at][place%len(page{})]
}

// grown is the cell of a slot and a place, which is made where it is not there.
func (t *table) grown(slot, place int) *sums {
	at := place / len(page{})
	for at >= len(t.cells[slot]) {
		t.cells[slot] = append(t.cells[slot], nil)
	}
	if t.cells[slot][at] == nil {
		t.cells[slot][at] = &page{}
	}
	return &t.cells[slot][at][place%len(page{})]
}

// tally reads what every person brings to the measures of a family, in the groupings
// attributed last: one scan of each table that it is computed from.
func (b *Builder) tally(ctx context.Context, fam family) (*table, error) {
	if err := b.run.Make(ctx, fam.tables()...); err != nil {
		return nil, err
	}
	t := &table{b: b, like: fam.like, places: map[place]int{}, period: map[string]int64{}, slots: map[counted]int{}}
	for _, source := range fam.from {
		if err := t.scan(ctx, source); err != nil {
			return nil, fmt.Errorf("subject: measures of %s: %w", fam.name, err)
		}
	}
	for i, pairs := range t.behind {
		slices.Sort(pairs)
		t.behind[i] = slices.Compact(pairs)
	}
	t.families = make([][]distinct, len(t.of))
	return t, nil
}

// numbersAtOnce is about how many numbers of a scan are held at a time: the engine gives
// the rows of an answer when it has them all.
const numbersAtOnce = 2 << 20

// scan reads one source, a range of families at a time: keys are pseudonyms, hence
// uniform.
func (t *table) scan(ctx context.Context, source from) error {
	s := newScan(source, t.b.graph)
	read := func(rec arrow.Record) error { return t.read(s, rec) }
	if !t.b.engine.Bounded() { // its answers come as they are made
		all := slice{low: math.MinInt64, high: math.MaxInt64}
		return t.b.run.Ask(ctx, source.Table, s.sql, all.keys(), read)
	}
	var rows int64
	if err := t.b.run.Ask(ctx, source.Table, s.count, nil, func(rec arrow.Record) error {
		for _, n := range rec.Column(0).(*array.Int64).Int64Values() {
			rows += n
		}
		return nil
	}); err != nil {
		return err
	}
	parts := rows * int64(4*s.texts+s.numbers) / numbersAtOnce
	for _, part := range divide(math.MinInt64, math.MaxInt64, int(parts)+1, nil) {
		if err := t.b.run.Ask(ctx, source.Table, s.sql, part.keys(), read); err != nil {
			return err
		}
	}
	return nil
}

// read adds one batch of a scan.
func (t *table) read(s *scan, rec arrow.Record) error {
	texts := make([]*array.String, s.texts)
	numbers := make([]column, s.numbers)
	for i := range texts {
		texts[i] = rec.Column(i).(*array.String)
	}
	for i := range numbers {
		c := rec.Column(s.texts + i).(*array.Int64)
		if numbers[i].values = c.Int64Values(); c.NullN() > 0 {
			numbers[i].nulls = c
		}
	}
	rows := int(rec.NumRows())
	where := make([]int, rows)
	families := make([]uint32, rows)
	last, at := place{}, -1
	for i := range rows {
		p := place{texts[groupText].Value(i), numbers[periodNumber].values[i], numbers[schoolNumber].values[i]}
		if at < 0 || p != last {
			last, at = p, t.placeOf(p)
		}
		where[i] = at
		families[i] = t.b.familyOf(numbers[familyNumber].values[i])
	}
	for _, m := range s.rows {
		if err := t.add(m, texts, numbers, where, families); err != nil {
			return err
		}
	}
	return nil
}

// add adds what the rows of a batch bring to one measure.
func (t *table) add(m scanned, texts []*array.String, numbers []column, where []int, families []uint32) error {
	units := numbers[unitNumber].values
	at, last, slots := -1, counted{}, map[counted]int{} // by the text that names the measure
	standing := false
	for i := range where {
		if counts, ok := m.counts.of(numbers, i); !ok || counts == 0 {
			continue
		}
		population := texts[populationText].Value(i)
		switch {
		case population == "":
			population = m.population
		case m.population != "" && population != m.population:
			continue
		}
		text := ""
		if m.text >= 0 {
			text = texts[m.text].Value(i)
		}
		if is := (counted{text, population}); at < 0 || is != last {
			known := false
			if at, known = slots[is]; !known {
				name := m.measure
				if m.text >= 0 {
					name = m.before + text + m.after
				}
				var err error
				if at, err = t.slotOf(name, population); err != nil {
					return err
				}
				slots[is] = at
			}
			last, standing = is, t.like[t.of[at].measure] == t.of[at].measure
		}
		x, known := m.x.of(numbers, i)
		y, knownToo := m.y.of(numbers, i)
		if !known || !knownToo {
			return fmt.Errorf("a row of %s brings no number", t.of[at].measure)
		}
		t.grown(at, where[i]).add(uint32(units[i]), x, y)
		if standing {
			t.behind[at] = append(t.behind[at], uint64(where[i])<<32|uint64(families[i]))
		}
	}
	return nil
}

func (t *table) placeOf(p place) int {
	i, ok := t.places[p]
	if !ok {
		i = len(t.at)
		p.group = strings.Clone(p.group) // the batch is the engine's memory
		t.places[p], t.at, t.period[p.group] = i, append(t.at, p), p.period
	}
	return i
}

func (t *table) slotOf(measure, population string) (int, error) {
	i, ok := t.slots[counted{measure, population}]
	if !ok {
		if _, ok := t.like[measure]; !ok {
			return 0, fmt.Errorf("a measure is not of the family: %s", measure)
		}
		i = len(t.of)
		s := counted{strings.Clone(measure), strings.Clone(population)}
		t.slots[s], t.of = i, append(t.of, s)
		t.cells, t.behind = append(t.cells, nil), append(t.behind, nil)
	}
	return i, nil
}

// familyOf numbers the families as they come.
func (b *Builder) familyOf(key int64) uint32 {
	n, ok := b.numbers.of[key]
	if !ok {
		n = uint32(len(b.numbers.keys))
		b.numbers.of[key], b.numbers.keys = n, append(b.numbers.keys, uint32(key))
	}
	return n
}

// each hands over the cells, with the families behind each.
func (t *table) each(f func(periodKey, tally)) {
	for slot, s := range t.of {
		for i, p := range t.at {
			if cell := t.cell(slot, i); cell != nil {
				f(periodKey{cellKey{p.group, s.measure, s.population}, p.period, p.school}, t.tallyOf(cell, slot, i))
			}
		}
	}
}

// tallyOf is a cell, of a slot and a place, with the families behind it.
func (t *table) tallyOf(cell *sums, slot, place int) tally {
	all := cell.tally()
	all.Measure, all.Population = t.of[slot].measure, t.of[slot].population
	standing, ok := t.slots[counted{t.like[t.of[slot].measure], t.of[slot].population}]
	if !ok {
		return all
	}
	if t.families[standing] == nil {
		t.families[standing] = t.familiesBehind(standing)
	}
	all.families = t.families[standing][place]
	return all
}

// byMeasure are the slots in the order of their measures and populations.
func (t *table) byMeasure() []int {
	order := make([]int, len(t.of))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(t.of[i].measure, t.of[j].measure), cmp.Compare(t.of[i].population, t.of[j].population))
	})
	return order
}

// member is a place of a table that counts in a group of a grouping. alone says that it is of families of its
// one school.
type member struct {
	place int
	alone bool
}

// cellsOf are the cells of a slot by school, over those of some places that anybody counts in.
func (t *table) cellsOf(slot int, members []member) (cells []cell) {
	at := map[int64]int{}
	for _, m := range members {
		from := t.cell(slot, m.place)
		if from == nil {
			continue
		}
		school := t.at[m.place].school
		i, ok := at[school]
		if !ok {
			i = len(cells)
			at[school], cells = i, append(cells, cell{school: school})
		}
		part := t.tallyOf(from, slot, m.place)
		cells[i].tally.add(&part)
		if m.alone {
			cells[i].alone = cells[i].alone.plus(part.families)
		}
	}
	return cells
}

// familiesBehind counts the families of each place.
func (t *table) familiesBehind(at int) []distinct {
	families := make([]distinct, len(t.at))
	for _, pair := range t.behind[at] {
		place := &families[pair>>32]
		*place = place.plus(distinct{1, t.b.numbers.keys[uint32(pair)]})
	}
	return families
}

// in are the families of one place.
func (t *table) in(at, place int) []uint64 {
	pairs := t.behind[at]
	low, _ := slices.BinarySearch(pairs, uint64(place)<<32)
	high, _ := slices.BinarySearch(pairs, uint64(place+1)<<32)
	return pairs[low:high]
}

// together counts the distinct families of a cell of several schools. Its group is of
// one period.
func (t *table) together(k cellKey, schools []int64) distinct {
	at, ok := t.slots[counted{t.like[k.measure], k.population}]
	if !ok {
		return distinct{}
	}
	var all []uint32
	for _, s := range schools {
		if i, ok := t.places[place{k.group, t.period[k.group], s}]; ok {
			for _, pair := range t.in(at, i) {
				all = append(all, uint32(pair))
			}
		}
	}
	slices.Sort(all)
	var sum distinct
	for _, n := range slices.Compact(all) {
		sum = sum.plus(distinct{1, t.b.numbers.keys[n]})
	}
	return sum
}
