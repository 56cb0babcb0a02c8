package kanon

import (
	"slices"
	"sync"
)

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
		g.leaves = g.keys
	} else {
		of = pr.placeWide(g, s)
	}
	of, others := of[:pr.rows], of[pr.rows:]
	g.rows = make([]int32, g.n)
	for _, c := range of {
		g.rows[c]++
	}
	for kind, ids := range pr.unitIDs {
		if ids == nil {
			g.units = append(g.units, unitCounts{single: g.rows, from: []int32{0}})
			continue
		}
		g.units = append(g.units, countUnits(ids, pr.persons[kind], of, g.n))
	}
	if pr.among != nil {
		counts := countUnits(pr.among.ids, pr.among.persons, others, g.n)
		g.population = &counts
	}
	for i := range pr.sensitive {
		g.values = append(g.values, pr.countValues(&pr.sensitive[i], of, g.n))
	}
	return g, of
}

// placeWide gives each row its class, by tuples of several words.
func (pr *problem) placeWide(g *grouping, s *scratch) []int32 {
	rows := len(pr.leaf[0])
	slots := s.tableFor(rows)
	of := make([]int32, rows)
	key := make([]uint64, pr.words)
	for row := range rows {
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
	of := make([]int32, len(packed))
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
	g.n = len(keys)
	var to []int32
	g.keys, to = pr.inOrder(keys)
	for row, c := range of {
		of[row] = to[c]
	}
	return of
}

// digit is the number of bits that one pass of inOrder sorts by.
const digit = 11

// inOrder sorts distinct keys of one word, and says where each has come to: from
// the lowest digit up, each pass keeping the order of the one before (Knuth,
// volume 3, §5.2.5).
func (pr *problem) inOrder(keys []uint64) (sorted []uint64, to []int32) {
	type entry struct {
		key uint64
		at  int32
	}
	from, into := make([]entry, len(keys)), make([]entry, len(keys))
	for i, key := range keys {
		from[i] = entry{key, int32(i)}
	}
	top := 0 // bits of a key
	for j := range pr.attrs {
		top = max(top, pr.attrs[j].shift+int(widthOf(&pr.attrs[j])))
	}
	var next [1 << digit]int32
	for shift := 0; shift < top; shift += digit {
		clear(next[:])
		for i := range from {
			next[from[i].key>>shift%(1<<digit)]++
		}
		sum := int32(0)
		for d, n := range next {
			next[d], sum = sum, sum+n
		}
		for i := range from {
			d := from[i].key >> shift % (1 << digit)
			into[next[d]] = from[i]
			next[d]++
		}
		from, into = into, from
	}
	sorted, to = make([]uint64, len(keys)), make([]int32, len(keys))
	for i, e := range from {
		sorted[i], to[e.at] = e.key, int32(i)
	}
	return sorted, to
}

// packRows packs the tuple of each row, in stripes on all threads.
func (pr *problem) packRows() []uint64 {
	rows := len(pr.leaf[0])
	packed := make([]uint64, rows)
	threads := max(1, pr.policy.Search.Threads)
	var wg sync.WaitGroup
	for w := range threads {
		from, end := rows*w/threads, rows*(w+1)/threads
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

// rowsByUnit lists the rows of each of n units: rows[at[u]:at[u+1]].
func rowsByUnit(ids []int32, n int) (at, rows []int32) {
	at = make([]int32, n+1)
	for _, u := range ids {
		at[u+1]++
	}
	for u := range n {
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

// countUnits counts n units of one kind in each class of their rows.
func countUnits(ids []int32, n int, of []int32, classes int) unitCounts {
	u := unitCounts{single: make([]int32, classes), from: []int32{0}}
	at, rows := rowsByUnit(ids, n)
	var list []int32
	for unit := range n {
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
		at, rows := rowsByUnit(pr.unitIDs[0], pr.persons[0])
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
