package kanon

// references are the distributions of the sensitive attributes over the classes
// of src that to does not map to a negative number.
func (pr *problem) references(src *grouping, to []int32, persons int64, s *scratch) []reference {
	one := make([]int32, src.n)
	for c := range one {
		one[c] = min(to[c], 0)
	}
	var out []reference
	for i := range src.values {
		all := src.values[i].rollUp(one, 1, true, s)
		total := make([]int64, len(pr.sensitive[i].values))
		for n, v := range all.value {
			total[v] = int64(all.count[n])
		}
		out = append(out, newReference(total, persons))
	}
	return out
}

// kept are the sensitive values of the kept classes of an outcome, in the memory of the
// scratch; of maps the classes of src to those of o. The second result is the same map without the
// classes that are not kept.
func (pr *problem) kept(src *grouping, of []int32, o *outcome, s *scratch) ([]valueCounts, []int32) {
	to := make([]int32, src.n)
	for i, class := range of {
		to[i] = -1
		if o.keep[class] {
			to[i] = class
		}
	}
	for len(s.flat) < len(pr.sensitive) {
		s.flat = append(s.flat, valueCounts{})
	}
	for i := range pr.sensitive {
		if v, values := &src.values[i], len(pr.sensitive[i].values); v.single() && o.grouping.n*values <= maxMatrix {
			v.flat(to, o.grouping.n, values, s, &s.flat[i])
		} else {
			s.flat[i] = v.rollUp(to, o.grouping.n, true, s)
		}
	}
	return s.flat[:len(pr.sensitive)], to
}

// released is the distribution over the classes of src that to keeps; values are those of the
// kept classes of o, and of some that no longer are.
func (pr *problem) released(src *grouping, to []int32, values []valueCounts, o *outcome, s *scratch) []reference {
	_, gone := pr.suppressed(o.grouping, o.keep)
	persons := int64(pr.persons[0]) - gone
	if !pr.plain() {
		return pr.references(src, to, persons, s)
	}
	var out []reference
	for i := range values {
		v, total := &values[i], make([]int64, len(pr.sensitive[i].values))
		for class, kept := range o.keep {
			if kept {
				for n := v.at[class]; n < v.at[class+1]; n++ {
					total[v.value[n]] += int64(v.count[n])
				}
			}
		}
		out = append(out, newReference(total, persons))
	}
	return out
}

// classK is the least number of distinct units of any kind in each class.
func (pr *problem) classK(g *grouping) []int32 {
	k := g.units[0].counts(g.n)
	for kind := 1; kind < len(g.units); kind++ {
		other := g.units[kind].counts(g.n)
		least := make([]int32, g.n)
		for i := range least {
			least[i] = min(k[i], other[i])
		}
		k = least
	}
	return k
}

// mapped reports whether k-map is asked.
func (pr *problem) mapped() bool { return pr.among != nil && pr.among.KMap > 0 }

// hidden says of each class whether k persons, and as many of the population as k-map asks,
// share it; a class within one that is not is none either. Out may be nil.
func (pr *problem) hidden(g *grouping, out []bool) []bool {
	if out == nil {
		out = make([]bool, g.n)
	}
	for i, k := range pr.classK(g)[:g.n] {
		out[i] = k >= int32(pr.policy.K)
	}
	if pr.mapped() {
		for i, n := range g.population.counts(g.n)[:g.n] {
			out[i] = out[i] && n >= int32(pr.among.KMap)
		}
	}
	return out
}
