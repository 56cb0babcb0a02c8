package kanon

import (
	"slices"
)

// classOf fills c with the persons of one class by value, of counts that were
// rolled up flat.
func (v *valueCounts) classOf(i int32, persons int64, c *class) {
	c.values, c.count = v.value[v.at[i]:v.at[i+1]], v.count[v.at[i]:v.at[i+1]]
	c.n, c.sum = persons, 0
	for _, n := range c.count {
		c.sum += int64(n)
	}
}

// single says that no person is in several classes.
func (v *valueCounts) single() bool { return len(v.from) == 1 }

// maxMatrix bounds the matrix of classes and values in which counts are added up.
const maxMatrix = 1 << 22

// flat is rollUp to n classes, final, of counts of single persons of few values: in a matrix,
// and in the memory of out.
func (v *valueCounts) flat(to []int32, n, values int, s *scratch, out *valueCounts) {
	s.matrix = grow(s.matrix, n*values)
	m := s.matrix
	clear(m)
	for c, class := range to {
		if class >= 0 {
			row := m[int(class)*values : int(class+1)*values]
			for i := v.at[c]; i < v.at[c+1]; i++ {
				row[v.value[i]] += v.count[i]
			}
		}
	}
	out.at, out.value, out.count, out.from = append(out.at[:0], 0), out.value[:0], out.count[:0], v.from
	for class := range n {
		for value, count := range m[class*values : (class+1)*values] {
			if count > 0 {
				out.value, out.count = append(out.value, int32(value)), append(out.count, count)
			}
		}
		out.at = append(out.at, int32(len(out.value)))
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

// list fills in the values that there are, of the counts of all.
func (c *class) list(counts []int32) {
	c.values, c.count = c.values[:0], c.count[:0]
	for value, count := range counts {
		if count > 0 {
			c.values, c.count = append(c.values, int32(value)), append(c.count, count)
		}
	}
}
