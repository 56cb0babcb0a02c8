package kanon

import (
	"slices"
)

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
	if src.population != nil {
		counts := src.population.rollUp(g.n, s)
		g.population = &counts
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
	out.population = g.population
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
	out := unitCounts{single: make([]int32, n)}
	for c, w := range u.single {
		out.single[s.to[c]] += w
	}
	s.seen = grow(s.seen, n)
	clear(s.seen)
	list, from := s.list[:0], append(s.from[:0], 0)
	for unit := range len(u.from) - 1 {
		start := len(list)
		for _, c := range u.class[u.from[unit]:u.from[unit+1]] {
			if to := s.to[c]; s.seen[to] != int32(unit+1) {
				s.seen[to] = int32(unit + 1)
				list = append(list, to)
			}
		}
		if len(list) == start+1 {
			out.single[list[start]]++
			list = list[:start]
			continue
		}
		from = append(from, int32(len(list)))
	}
	s.list, s.from = list, from
	out.class, out.from = slices.Clone(list), slices.Clone(from)
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
