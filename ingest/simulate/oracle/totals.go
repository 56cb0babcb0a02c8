package oracle

func (t *Totals) add(measure, population string, g int, x, y float64) {
	k := ratio{measure, population}
	if t.x[k] == nil {
		t.x[k], t.y[k] = new([groupCount]float64), new([groupCount]float64)
	}
	t.x[k][g] += x
	t.y[k][g] += y
}

// Merge adds other, times sign, to t.
func (t *Totals) Merge(other *Totals, sign float64) {
	for k := range other.x {
		for g := range groupCount {
			t.add(k.measure, k.population, g, sign*other.x[k][g], sign*other.y[k][g])
		}
	}
	for g := range groupCount {
		t.visits[g] = mergeInto(t.visits[g], other.visits[g], sign)
		t.weekVisits[g] = mergeInto(t.weekVisits[g], other.weekVisits[g], sign)
		t.activeVisits[g] = mergeInto(t.activeVisits[g], other.activeVisits[g], sign)
		t.risk[g] = mergeInto(t.risk[g], other.risk[g], sign)
		t.events[g] = mergeInto(t.events[g], other.events[g], sign)
	}
}

func mergeInto(dst, src []float64, sign float64) []float64 {
	for i, v := range src {
		dst = bump(dst, i, sign*v)
	}
	return dst
}

func bump(dst []float64, i int, v float64) []float64 {
	for len(dst) <= i {
		dst = append(dst, 0)
	}
	dst[i] += v
	return dst
}
