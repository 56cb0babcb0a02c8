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

// kept are the sensitive values of the kept classes of an outcome; of maps the
// classes of src to those of o. The second result is the same map without the
// classes that are not kept.
func (pr *problem) kept(src *grouping, of []int32, o *outcome, s *scratch) ([]valueCounts, []int32) {
	to := make([]int32, src.n)
	for i, class := range of {
		to[i] = -1
		if o.keep[class] {
			to[i] = class
		}
	}
	values := make([]valueCounts, len(pr.sensitive))
	for i := range values {
		values[i] = src.values[i].rollUp(to, o.grouping.n, true, s)
	}
	return values, to
}

// released is the distribution over the classes of src that to keeps.
func (pr *problem) released(src *grouping, to []int32, o *outcome, s *scratch) []reference {
	_, gone := pr.suppressed(o.grouping, o.keep)
	return pr.references(src, to, int64(pr.persons[0])-gone, s)
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
