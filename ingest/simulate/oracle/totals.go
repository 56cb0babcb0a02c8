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
	for k, n := range other.labels {
		t.addTo(k.measure, k.population, k.grouping, k.value, sign*n[0], sign*n[1])
	}
	for curve, of := range other.waits {
		if t.waits[curve] == nil {
			t.waits[curve] = new([groupCount]wait)
		}
		for g := range groupCount {
			w := &t.waits[curve][g]
			w.events, w.left = mergeInto(w.events, of[g].events, sign), mergeInto(w.left, of[g].left, sign)
		}
	}
	for name, of := range other.spreads {
		if t.spreads[name] == nil {
			t.spreads[name] = new([groupCount][]float64)
		}
		for g := range groupCount {
			t.spreads[name][g] = mergeInto(t.spreads[name][g], of[g], sign)
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

// spread adds a person's value to a distribution.
func (t *Totals) spread(name string, g int, value float64) {
	if t.spreads[name] == nil {
		t.spreads[name] = new([groupCount][]float64)
	}
	t.spreads[name][g] = bump(t.spreads[name][g], max(0, int(value)), 1)
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
