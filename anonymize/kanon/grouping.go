package kanon

import (
	"slices"
	"sync"
)

// grouping is the classes of one node of the lattice: rows with the same packed
// tuple, the units in each, and the sensitive values of the persons in each.
type grouping struct {
	levels []int
	n      int      // classes
	keys   []uint64 // problem.words per class
	rows   []int32
	units  []unitCounts
	keep   []bool        // memory of outcome.keep
	values []valueCounts // one per sensitive attribute; nil until asked for
}

// unitCounts counts the units of one kind. Units with one class are weights;
// units with several stand in lists, because they count in each class and once
// in a union: list u is class[from[u]:from[u+1]], distinct.
type unitCounts struct {
	single []int32
	from   []int32
	class  []int32
}

// valueCounts counts the persons of each (class, value). Those of persons with
// one class are value[at[c]:at[c+1]] with their counts; persons with several
// classes have lists of distinct pairs, in the order of unitCounts.
type valueCounts struct {
	at           []int32
	value, count []int32
	from         []int32
	class        []int32
	pairValue    []int32
}

// scratch is the memory that roll-ups share; one for each goroutine.
type scratch struct {
	slots   []int32
	to      []int32
	seen    []int32
	dense   []int32
	touch   []int32
	first   []int32
	members []int32
	steps   [][]int32
	spare   grouping
	key     []uint64
}

// table is an empty hash table of a size that is a power of two.
func (s *scratch) table(size int) []int32 {
	if cap(s.slots) < size {
		s.slots = make([]int32, size)
	}
	s.slots = s.slots[:size]
	clear(s.slots)
	return s.slots
}

// tableFor is an empty hash table for n keys.
func (s *scratch) tableFor(n int) []int32 {
	size := 16
	for size < 2*n {
		size *= 2
	}
	return s.table(size)
}

func grow(s []int32, n int) []int32 {
	if cap(s) < n {
		return make([]int32, n)
	}
	return s[:n]
}

func mix(x uint64) uint64 {
	x ^= x >> 32
	x *= 0x9e3779b97f4a7c15
	return x ^ x>>29
}

// place finds the class of a key or makes a new one.
func (g *grouping) place(slots []int32, key []uint64) int32 {
	mask := uint64(len(slots) - 1)
	h := uint64(0)
	for _, w := range key {
		h = mix(h ^ w)
	}
	for i := h & mask; ; i = (i + 1) & mask {
		id := slots[i]
		if id == 0 {
			g.keys = append(g.keys, key...)
			g.n++
			slots[i] = int32(g.n)
			return int32(g.n - 1)
		}
		at := int(id-1) * len(key)
		if slices.Equal(g.keys[at:at+len(key)], key) {
			return id - 1
		}
	}
}

// bottom groups the rows into distinct tuples at level 0.
func (pr *problem) bottom(s *scratch) *grouping {
	g, _ := pr.bottomOf(s)
	return g
}

// bottomOf also gives the class of each row.
func (pr *problem) bottomOf(s *scratch) (*grouping, []int32) {
	g := &grouping{levels: make([]int, len(pr.attrs))}
	var of []int32
	if pr.words == 1 {
		of = pr.placeNarrow(g, s)
	} else {
		of = pr.placeWide(g, s)
	}
	g.rows = make([]int32, g.n)
	for _, c := range of {
		g.rows[c]++
	}
	for kind := range pr.persons {
		g.units = append(g.units, pr.countUnits(kind, of, g))
	}
	for i := range pr.sensitive {
		g.values = append(g.values, pr.countValues(&pr.sensitive[i], of, g.n))
	}
	return g, of
}

// placeWide gives each row its class, by tuples of several words.
func (pr *problem) placeWide(g *grouping, s *scratch) []int32 {
	slots := s.tableFor(pr.rows)
	of := make([]int32, pr.rows)
	key := make([]uint64, pr.words)
	for row := range pr.rows {
		clear(key)
		for j := range pr.attrs {
			key[pr.attrs[j].word] |= uint64(pr.leaf[j][row]) << pr.attrs[j].shift
		}
		of[row] = g.place(slots, key)
	}
	return of
}

// placeNarrow does it for tuples of one word. Classes are numbered in the order
// of their keys, so that those that merge first are neighbours.
func (pr *problem) placeNarrow(g *grouping, s *scratch) []int32 {
	packed := pr.packRows()
	slots, keys := s.table(1<<12), []uint64(nil)
	of := make([]int32, pr.rows)
	for row, key := range packed {
		mask := uint64(len(slots) - 1)
		for at := key * fibonacci >> 32; ; at++ {
			id := slots[at&mask]
			if id == 0 {
				keys = append(keys, key)
				slots[at&mask], of[row] = int32(len(keys)), int32(len(keys)-1)
				if 2*len(keys) > len(slots) {
					slots = s.rehash(keys, 4*len(slots))
				}
				break
			}
			if keys[id-1] == key {
				of[row] = id - 1
				break
			}
		}
	}
	g.keys, g.n = slices.Clone(keys), len(keys)
	slices.Sort(g.keys)
	slots = s.rehash(g.keys, len(slots))
	mask := uint64(len(slots) - 1)
	to := make([]int32, g.n)
	for old, key := range keys {
		at := key * fibonacci >> 32
		for g.keys[slots[at&mask]-1] != key {
			at++
		}
		to[old] = slots[at&mask] - 1
	}
	for row, c := range of {
		of[row] = to[c]
	}
	return of
}

// packRows packs the tuple of each row, in stripes on all threads.
func (pr *problem) packRows() []uint64 {
	packed := make([]uint64, pr.rows)
	threads := max(1, pr.policy.Search.Threads)
	var wg sync.WaitGroup
	for w := range threads {
		from, end := pr.rows*w/threads, pr.rows*(w+1)/threads
		wg.Add(1)
		go func() {
			defer wg.Done()
			stripe := packed[from:end]
			for j := range pr.attrs {
				shift := pr.attrs[j].shift & 63
				for i, leaf := range pr.leaf[j][from:end] {
					stripe[i] |= uint64(leaf) << shift
				}
			}
		}()
	}
	wg.Wait()
	return packed
}

// merge gives the classes to which of maps those of src, without their keys.
func (pr *problem) merge(src *grouping, of []int32, n int, s *scratch) *grouping {
	g := &grouping{n: n, rows: make([]int32, n), levels: make([]int, len(pr.attrs))}
	s.to = of
	for c, to := range of {
		g.rows[to] += src.rows[c]
	}
	pr.mergeUnits(src, g, s)
	return g
}

// rowsOf lists the rows of each unit of a kind: rows[at[u]:at[u+1]].
func (pr *problem) rowsOf(kind int) (at, rows []int32) {
	ids := pr.unitIDs[kind]
	at = make([]int32, pr.persons[kind]+1)
	for _, u := range ids {
		at[u+1]++
	}
	for u := range pr.persons[kind] {
		at[u+1] += at[u]
	}
	next := slices.Clone(at)
	rows = make([]int32, len(ids))
	for row, u := range ids {
		rows[next[u]] = int32(row)
		next[u]++
	}
	return at, rows
}

func (pr *problem) countUnits(kind int, of []int32, g *grouping) unitCounts {
	if pr.unitIDs[kind] == nil {
		return unitCounts{single: g.rows, from: []int32{0}}
	}
	u := unitCounts{single: make([]int32, g.n), from: []int32{0}}
	at, rows := pr.rowsOf(kind)
	var list []int32
	for unit := range pr.persons[kind] {
		list = list[:0]
		for _, row := range rows[at[unit]:at[unit+1]] {
			list = append(list, of[row])
		}
		slices.Sort(list)
		list = slices.Compact(list)
		if len(list) == 1 {
			u.single[list[0]]++
			continue
		}
		u.class = append(u.class, list...)
		u.from = append(u.from, int32(len(u.class)))
	}
	return u
}

// countValues counts distinct persons by (class, value), in one pass over the
// persons; pr.sensitive's totals are filled by totals.
func (pr *problem) countValues(v *attributeValues, of []int32, n int) valueCounts {
	c := valueCounts{from: []int32{0}}
	var pairs []uint64 // of persons with one class
	if pr.unitIDs[0] == nil {
		for row, class := range of {
			pairs = append(pairs, uint64(class)<<32|uint64(v.codes[row]))
		}
	} else {
		at, rows := pr.rowsOf(0)
		var list []uint64
		for unit := range pr.persons[0] {
			list = list[:0]
			for _, row := range rows[at[unit]:at[unit+1]] {
				list = append(list, uint64(of[row])<<32|uint64(v.codes[row]))
			}
			slices.Sort(list)
			list = slices.Compact(list)
			if list[0]>>32 == list[len(list)-1]>>32 {
				pairs = append(pairs, list...)
				continue
			}
			for _, p := range list {
				c.class = append(c.class, int32(p>>32))
				c.pairValue = append(c.pairValue, int32(uint32(p)))
			}
			c.from = append(c.from, int32(len(c.class)))
		}
	}
	c.fill(pairs, n)
	return c
}

// fill counts sorted pairs into the lists of each class.
func (c *valueCounts) fill(pairs []uint64, n int) {
	slices.Sort(pairs)
	c.at = make([]int32, n+1)
	for i := 0; i < len(pairs); {
		j := i
		for j < len(pairs) && pairs[j] == pairs[i] {
			j++
		}
		c.value = append(c.value, int32(uint32(pairs[i])))
		c.count = append(c.count, int32(j-i))
		c.at[pairs[i]>>32+1]++
		i = j
	}
	for class := range n {
		c.at[class+1] += c.at[class]
	}
}

// rollUp merges the classes of src into those of a coarser node, in the memory of
// g. The map from classes of src to the new ones is in s.to until the next use of
// s. Sensitive values are not rolled up.
func (pr *problem) rollUp(src *grouping, levels []int, s *scratch, g *grouping) *grouping {
	g.levels = append(g.levels[:0], levels...)
	g.keys, g.rows, g.units, g.values, g.n = g.keys[:0], g.rows[:0], g.units[:0], nil, 0
	s.to = grow(s.to, src.n)
	pr.steps(src.levels, levels, s)
	if pr.words == 1 {
		pr.mergeNarrow(src, g, s)
	} else {
		pr.mergeWide(src, g, s)
	}
	pr.mergeUnits(src, g, s)
	return g
}

func (pr *problem) mergeUnits(src, g *grouping, s *scratch) {
	for kind := range src.units {
		if pr.unitIDs[kind] == nil {
			g.units = append(g.units, unitCounts{single: g.rows, from: []int32{0}})
			continue
		}
		g.units = append(g.units, src.units[kind].rollUp(g.n, s))
	}
}

// steps prepares the map of codes of each attribute, nil where nothing changes.
func (pr *problem) steps(from, to []int, s *scratch) {
	s.steps = s.steps[:0]
	for j := range pr.attrs {
		var step []int32
		if from[j] != to[j] {
			step = pr.attrs[j].between(from[j], to[j])
		}
		s.steps = append(s.steps, step)
	}
}

// clone copies a grouping into memory of its own size.
func (g *grouping) clone() *grouping {
	out := &grouping{n: g.n, levels: slices.Clone(g.levels), keys: slices.Clone(g.keys), rows: slices.Clone(g.rows)}
	for _, u := range g.units {
		if len(u.single) > 0 && &u.single[0] == &g.rows[0] {
			u.single = out.rows
		}
		out.units = append(out.units, u) // rollUp makes the others anew each time
	}
	return out
}

// step changes the code of one attribute in a packed tuple.
type step struct {
	codes []int32
	shift uint
	mask  uint64
}

// mergeNarrow is mergeWide for tuples of one word. Its inner loop is where a
// search spends its time.
func (pr *problem) mergeNarrow(src, g *grouping, s *scratch) {
	changes := make([]step, 0, 16)
	keep := ^uint64(0)
	for j, codes := range s.steps {
		if a := &pr.attrs[j]; codes != nil {
			keep &^= a.mask << a.shift
			changes = append(changes, step{codes, uint(a.shift), a.mask})
		}
	}
	bits := uint(8)
	slots := s.table(1 << bits)
	keys, rows := g.keys, g.rows
	last, lastKey := int32(-1), ^uint64(0)
	for c, old := range src.keys {
		key := old & keep
		for i := range changes {
			ch := &changes[i]
			key |= uint64(ch.codes[old>>(ch.shift&63)&ch.mask]) << (ch.shift & 63)
		}
		if key == lastKey && last >= 0 {
			rows[last] += src.rows[c]
			s.to[c] = last
			continue
		}
		mask := uint64(len(slots) - 1)
		at := key * fibonacci >> 32
		for {
			id := slots[at&mask]
			if id == 0 {
				last, lastKey = int32(len(keys)), key
				keys, rows = append(keys, key), append(rows, src.rows[c])
				slots[at&mask] = int32(len(keys))
				s.to[c] = int32(len(keys) - 1)
				if 2*len(keys) > len(slots) {
					slots = s.rehash(keys, 4*len(slots))
				}
				break
			}
			if keys[id-1] == key {
				last, lastKey = id-1, key
				rows[last] += src.rows[c]
				s.to[c] = last
				break
			}
			at++
		}
	}
	g.keys, g.rows, g.n = keys, rows, len(keys)
}

// fibonacci spreads packed tuples over the upper bits (Knuth, volume 3, §6.4).
const fibonacci = 0x9e3779b97f4a7c15

// rehash gives a larger table that holds the keys.
func (s *scratch) rehash(keys []uint64, size int) []int32 {
	slots := s.table(size)
	mask := uint64(size - 1)
	for i, key := range keys {
		at := key * fibonacci >> 32
		for slots[at&mask] != 0 {
			at++
		}
		slots[at&mask] = int32(i + 1)
	}
	return slots
}

func (pr *problem) mergeWide(src, g *grouping, s *scratch) {
	if cap(s.key) < pr.words {
		s.key = make([]uint64, pr.words)
	}
	key, slots := s.key[:pr.words], s.tableFor(src.n)
	for c := range src.n {
		copy(key, src.keys[c*pr.words:])
		for j, codes := range s.steps {
			if codes == nil {
				continue
			}
			a := &pr.attrs[j]
			old := key[a.word] >> a.shift & a.mask
			key[a.word] = key[a.word]&^(a.mask<<a.shift) | uint64(codes[old])<<a.shift
		}
		to := g.place(slots, key)
		if int(to) == len(g.rows) {
			g.rows = append(g.rows, 0)
		}
		g.rows[to] += src.rows[c]
		s.to[c] = to
	}
}

func (u *unitCounts) rollUp(n int, s *scratch) unitCounts {
	out := unitCounts{single: make([]int32, n), from: []int32{0}}
	for c, w := range u.single {
		out.single[s.to[c]] += w
	}
	s.seen = grow(s.seen, n)
	clear(s.seen)
	for unit := range len(u.from) - 1 {
		start := len(out.class)
		for _, c := range u.class[u.from[unit]:u.from[unit+1]] {
			if to := s.to[c]; s.seen[to] != int32(unit+1) {
				s.seen[to] = int32(unit + 1)
				out.class = append(out.class, to)
			}
		}
		if len(out.class) == start+1 {
			out.single[out.class[start]]++
			out.class = out.class[:start]
			continue
		}
		out.from = append(out.from, int32(len(out.class)))
	}
	return out
}

// counts are the distinct units of one kind in each class.
func (u *unitCounts) counts(n int) []int32 {
	if len(u.class) == 0 {
		return u.single
	}
	out := slices.Clone(u.single[:n])
	for _, c := range u.class {
		out[c]++
	}
	return out
}

// classOf fills c with the persons of one class by value, of counts that were
// rolled up flat.
func (v *valueCounts) classOf(i int32, persons int64, c *class) {
	c.values, c.count = v.value[v.at[i]:v.at[i+1]], v.count[v.at[i]:v.at[i+1]]
	c.n, c.sum = persons, 0
	for _, n := range c.count {
		c.sum += int64(n)
	}
}

// rollUp merges value counts along the map to n classes; classes that are mapped
// to a negative number are left out. Flatten counts persons of several classes in
// each of them, which is final: flat counts cannot be rolled up again.
func (v *valueCounts) rollUp(to []int32, n int, flatten bool, s *scratch) valueCounts {
	out := valueCounts{from: []int32{0}}
	var single []uint64 // pairs of one person each
	var list []uint64
	for unit := range len(v.from) - 1 {
		list = list[:0]
		for i := v.from[unit]; i < v.from[unit+1]; i++ {
			if class := to[v.class[i]]; class >= 0 {
				list = append(list, uint64(class)<<32|uint64(v.pairValue[i]))
			}
		}
		slices.Sort(list)
		list = slices.Compact(list)
		switch {
		case len(list) == 0:
		case flatten || list[0]>>32 == list[len(list)-1]>>32:
			single = append(single, list...)
		default:
			for _, p := range list {
				out.class = append(out.class, int32(p>>32))
				out.pairValue = append(out.pairValue, int32(uint32(p)))
			}
			out.from = append(out.from, int32(len(out.class)))
		}
	}
	slices.Sort(single)
	v.merge(&out, to, n, single, s)
	return out
}

// merge fills the lists of each class from those of its sources and from pairs,
// which are sorted.
func (v *valueCounts) merge(out *valueCounts, to []int32, n int, pairs []uint64, s *scratch) {
	first, members := bucket(to, n, s)
	out.at = make([]int32, n+1)
	out.value = make([]int32, 0, len(v.value)/2+len(pairs))
	out.count = make([]int32, 0, cap(out.value))
	for class := range n {
		touched := s.touch[:0]
		add := func(value, count int32) {
			if int(value) >= len(s.dense) {
				s.dense = append(s.dense, make([]int32, int(value)+1-len(s.dense))...)
			}
			if s.dense[value] == 0 {
				touched = append(touched, value)
			}
			s.dense[value] += count
		}
		for _, c := range members[first[class]:first[class+1]] {
			for i := v.at[c]; i < v.at[c+1]; i++ {
				add(v.value[i], v.count[i])
			}
		}
		for len(pairs) > 0 && int(pairs[0]>>32) == class {
			add(int32(uint32(pairs[0])), 1)
			pairs = pairs[1:]
		}
		slices.Sort(touched)
		for _, value := range touched {
			out.value, out.count = append(out.value, value), append(out.count, s.dense[value])
			s.dense[value] = 0
		}
		s.touch = touched
		out.at[class+1] = int32(len(out.value))
	}
}

// bucket lists the sources of each of n classes, in their order:
// members[first[c]:first[c+1]].
func bucket(to []int32, n int, s *scratch) (first, members []int32) {
	s.first = grow(s.first, n+2)
	clear(s.first)
	for _, c := range to {
		if c >= 0 {
			s.first[c+2]++
		}
	}
	for c := range n {
		s.first[c+2] += s.first[c+1]
	}
	s.members = grow(s.members, len(to))
	for i, c := range to {
		if c >= 0 {
			s.members[s.first[c+1]] = int32(i)
			s.first[c+1]++
		}
	}
	return s.first[:n+1], s.members
}
