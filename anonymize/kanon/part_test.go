package kanon

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/privacy"
)

// TestNoPartIsLarger tries every part of a small class: none that meets the model is larger
// than what parts says, which is less than the class where that fails and is told by counts.
func TestNoPartIsLarger(t *testing.T) {
	tight := map[privacy.Model]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := drawSensitive(t, "s")
		total, count := make([]int64, 4), make([]int32, 4)
		of := attributeValues{values: []string{"", "007", "7", "é"}}
		whole := int64(0)
		for v := range total {
			count[v] = int32(rapid.IntRange(0, 6).Draw(t, "in the class"))
			total[v] = int64(count[v]) + int64(rapid.IntRange(1, 9).Draw(t, "elsewhere"))
			whole += total[v]
		}
		ref := newReference(total, whole)
		m := newModel(&s, 0, of)
		c := classWith(count)
		if c.n == 0 || m.holds(m.measure(c, &ref)) {
			return
		}
		most := newParts(&m, &ref).largest(c)
		if most < c.n {
			tight[s.Model]++
		}
		part := make([]int32, len(count))
		for {
			if p := classWith(part); p.n > most && m.holds(m.measure(p, &ref)) {
				t.Fatalf("%s %v: the part %v of %v meets it, said at most %d", s.Model, s.Bound, part, count, most)
			}
			v := 0
			for ; v < len(part) && part[v] == count[v]; v++ {
				part[v] = 0
			}
			if v == len(part) {
				return
			}
			part[v]++
		}
	})
	for _, rule := range privacy.Rules {
		if tight[rule.Model] == 0 {
			t.Errorf("%s: no class is bounded: the test shows nothing", rule.Model)
		}
	}
}

func classWith(count []int32) *class {
	c := &class{}
	for v, n := range count {
		if n > 0 {
			c.values, c.count = append(c.values, int32(v)), append(c.count, n)
			c.sum, c.n = c.sum+int64(n), c.n+int64(n)
		}
	}
	return c
}

// TestUnionsHold: where two classes meet a model, and it is not δ, their union does.
func TestUnionsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSensitive(t, "s")
		if s.Model == privacy.Delta {
			return
		}
		total, counts := make([]int64, 4), [3][]int32{make([]int32, 4), make([]int32, 4), make([]int32, 4)}
		whole := int64(0)
		for v := range total {
			for i := range 2 {
				counts[i][v] = int32(rapid.IntRange(0, 9).Draw(t, "in a class"))
				counts[2][v] += counts[i][v]
			}
			total[v] = int64(counts[2][v]) + int64(rapid.IntRange(1, 9).Draw(t, "elsewhere"))
			whole += total[v]
		}
		ref, m := newReference(total, whole), newModel(&s, 0, attributeValues{values: []string{"", "007", "7", "é"}})
		var classes [3]*class
		for i := range counts {
			if classes[i] = classWith(counts[i]); classes[i].n == 0 {
				return
			}
		}
		holds := func(i int) bool { return m.holds(m.measure(classes[i], &ref)) }
		if holds(0) && holds(1) && !holds(2) {
			t.Fatalf("%s %v: %v and %v meet it, their union does not", s.Model, s.Bound, counts[0], counts[1])
		}
	})
}
