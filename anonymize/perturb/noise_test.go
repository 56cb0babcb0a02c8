package perturb

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"
)

var parameters = Parameters{Variance: 9, Maximum: 8, Least: 5, Step: 0.5}

// drawOf is a source of the tests, seeded.
func drawOf(seed uint64) func(parts ...int64) uint64 {
	return func(parts ...int64) uint64 {
		h := fnv.New64a()
		h.Write(binary.BigEndian.AppendUint64(nil, seed))
		for _, p := range parts {
			h.Write(binary.BigEndian.AppendUint64(nil, uint64(p)))
		}
		return rand.New(rand.NewPCG(h.Sum64(), seed)).Uint64()
	}
}

func noise(t *testing.T, seed uint64) *Noise {
	t.Helper()
	n, err := NewNoise(parameters, drawOf(seed))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The same persons have the same noise, whatever is asked of them; one person more
// or less draws again.
func TestSamePersonsSameNoise(t *testing.T) {
	n := noise(t, 1)
	if first, again := n.Count(77, 200), n.Count(77, 200); first != again {
		t.Error("two answers for one set")
	}
	differ := 0
	for key := uint32(0); key < 200; key++ {
		if n.Count(key, 200)-200 != n.Count(key+1, 201)-201 {
			differ++
		}
	}
	if differ < 150 {
		t.Errorf("one person more changed the noise in %d of 200 cells", differ)
	}
	if (*Noise)(nil).Count(1, 7) != 7 || (*Noise)(nil).Magnitude(Magnitude{Key: 1, Sum: 7, Squares: 7, Largest: 1}) != 7 {
		t.Error("no noise is not exact")
	}
}

// A draw in two scales would be solved for: another design has another draw.
func TestDesignsDoNotShareADraw(t *testing.T) {
	one := noise(t, 5)
	wider := parameters
	wider.Step *= 2
	two, err := NewNoise(wider, drawOf(5))
	if err != nil {
		t.Fatal(err)
	}
	twice := 0
	for key := range uint32(2000) {
		m := Magnitude{Key: key, Sum: 6000, Squares: 40_000, Largest: 100}
		if two.Magnitude(m)-6000 == 2*(one.Magnitude(m)-6000) {
			twice++
		}
	}
	if twice > 500 {
		t.Errorf("%d of 2000 noises are twice those of half the step", twice)
	}
}

// The mean is 0 and the spread is the design's, of counts and of magnitudes.
func TestMoments(t *testing.T) {
	const cells = 40_000
	n := noise(t, 2)
	for name, c := range map[string]struct {
		exact, unit int64
		answer      func(key uint32) int64
	}{
		"count of 100":   {100, 1, func(k uint32) int64 { return n.Count(k, 100) }},
		"count of 3":     {3, 1, func(k uint32) int64 { return n.Count(k, 3) }},
		"sum of many":    {9000, 50, func(k uint32) int64 { return n.Magnitude(Magnitude{Key: k, Sum: 9000, Squares: 40_000, Largest: 100}) }},
		"of one person":  {100, 50, func(k uint32) int64 { return n.Magnitude(Magnitude{Key: k, Sum: 100, Squares: 10_000, Largest: 100}) }},
		"of two persons": {120, 50, func(k uint32) int64 { return n.Magnitude(Magnitude{Key: k, Sum: 120, Squares: 10_400, Largest: 100}) }},
	} {
		var sum, squares float64
		for k := range uint32(cells) {
			got := c.answer(k)
			if got < 0 || c.unit == 1 && got > 0 && got < 5 {
				t.Fatalf("%s became %d", name, got)
			}
			d := float64(got-c.exact) / float64(c.unit)
			sum, squares = sum+d, squares+d*d
		}
		mean, v := sum/cells, squares/cells
		if math.Abs(mean) > 4*math.Sqrt(v/cells)+0.01 {
			t.Errorf("%s: mean %.3f", name, mean)
		}
		if v > 9.3 || v < 4 {
			t.Errorf("%s: variance %.2f", name, v)
		}
	}
}

// A known contribution must not give the draw of another measure of the same persons.
func TestMeasuresDoNotShareADraw(t *testing.T) {
	n := noise(t, 3)
	var same, cells int
	for key := range uint32(2000) {
		a := float64(n.Magnitude(Magnitude{Key: key, Sum: 6000, Squares: 40_000, Largest: 100})-6000) / 50
		b := float64(n.Magnitude(Magnitude{Key: key, Sum: 600, Squares: 600, Largest: 1})-600) / 0.5
		if cells++; a == b {
			same++
		}
	}
	if same > cells/4 {
		t.Errorf("%d of %d draws agree", same, cells)
	}
}

// Who knows the largest contribution knows no spacing of what a sum can leave as: between two steps it leaves anywhere.
func TestMagnitudesHaveNoLattice(t *testing.T) {
	n := noise(t, 6)
	const cells, step = 20_000, 500
	var tenths [10]int
	for key := range uint32(cells) {
		moved := n.Magnitude(Magnitude{Key: key, Sum: 60_000, Squares: 40_000_000, Largest: 1000}) - 60_000
		tenths[(moved%step+step)%step*10/step]++
	}
	for i, got := range tenths { // 2000 each; four standard deviations are 170
		if got < 1830 || got > 2170 {
			t.Errorf("%d of %d sums leave in tenth %d of a step", got, cells, i)
		}
	}
}

func TestSaturated(t *testing.T) {
	if got := noise(t, 4).Magnitude(Magnitude{Key: 1, Sum: math.MaxInt64, Squares: 1, Largest: math.MaxInt64 / 2}); got < 0 {
		t.Error(got)
	}
}
