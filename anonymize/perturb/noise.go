package perturb

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
)

// Parameters say what the noise of an edition is like. The zero value is no noise.
type Parameters struct {
	Variance float64 // of a count, in persons²; 0 leaves everything exact
	Maximum  int     // largest noise of a count, in persons
	Least    int     // least count of persons that a result may be, but 0
	Step     float64 // of a magnitude, as a fraction of the largest contribution; in ]0, 1]
}

// Off says that nothing is perturbed.
func (p Parameters) Off() bool { return p.Variance == 0 }

// Noise perturbs the cells of one study key. Nil perturbs nothing. It is not for
// concurrent use when its source is not.
type Noise struct {
	counts, steps *Table
	step          float64
	draw          func(parts ...int64) uint64
	// known are counts that were asked for last, each at a place that its key gives: the same persons stand in many
	// cells, one soon after the other.
	known []known
}

// known is the noise of a count and the key of its units. The zero value is of no count.
type known struct {
	count, noise int64
	key          uint32
}

// knownCounts is how many counts are remembered, a power of two.
const knownCounts = 1 << 15

// The uses of a draw: two uses of one key have unrelated noise.
const (
	drawCount = iota + 1
	drawMagnitude
	drawPart
	drawWhole
	drawBetween
)

// NewNoise solves the tables of p. draw is uniform over 64 bits, a secret function of
// its arguments and their number.
func NewNoise(p Parameters, draw func(parts ...int64) uint64) (*Noise, error) {
	if p.Off() {
		return nil, nil
	}
	if !(p.Step > 0 && p.Step <= 1) {
		return nil, fmt.Errorf("perturb: step %g is not in ]0, 1]", p.Step)
	}
	counts, err := New(Design{p.Variance, p.Maximum, p.Least})
	if err != nil {
		return nil, err
	}
	steps, err := New(Design{p.Variance, p.Maximum, 1})
	if err != nil {
		return nil, err
	}
	n := &Noise{counts: counts, steps: steps, step: p.Step, known: make([]known, knownCounts)}
	// Another design draws for itself: of one draw in two scales the noise could be solved for.
	design := n.design()
	n.draw = func(parts ...int64) uint64 { return draw(append([]int64{design}, parts...)...) }
	return n, nil
}

// Count is a count of the units whose record keys add up to key.
func (n *Noise) Count(key uint32, count int64) int64 {
	if n == nil || count <= 0 {
		return count
	}
	k := &n.known[key%knownCounts]
	if k.count != count || k.key != key {
		*k = known{count, n.counts.Noise(count, n.draw(drawCount, int64(key))), key}
	}
	return count + k.noise
}

// Maximum is the largest noise of a count, in persons.
func (n *Noise) Maximum() int {
	if n == nil {
		return 0
	}
	return n.counts.design.Maximum
}

// Magnitude is a sum of contributions >= 0.
type Magnitude struct {
	Key     uint32 // of those who bring something
	Sum     int64
	Squares int64 // Σ of the squared contributions: tells apart sums of the same persons
	Largest int64 // contribution of one unit
	// Times multiplies the sum and its noise before they are made whole; 0 is 1. Whole numbers times a fraction lie
	// on a lattice, which tells the fraction.
	Times float64
}

// Magnitude moves a sum by steps of its largest contribution, and by a part of one, to a whole number >= 0. By whole
// steps alone who knows all contributions but one, and the largest, would be left with a few values of it, a step apart.
// The fraction of the noise is the chance of the next whole number: a sum of a few has the mean of what it was.
func (n *Noise) Magnitude(m Magnitude) int64 {
	if n == nil || m.Sum <= 0 {
		return m.Sum
	}
	step := n.step * float64(min(max(m.Largest, 1), m.Sum))
	count := float64(m.Sum) / step
	e := n.steps.Noise(int64(math.Min(count, 1<<40)), n.draw(drawMagnitude, int64(m.Key), m.Sum, m.Squares))
	noise := step * (float64(e) + n.part(count+float64(e), int64(m.Key), m.Sum, m.Squares))
	if m.Times > 0 {
		noise += (m.Times - 1) * (float64(m.Sum) + noise)
	}
	if noise > math.MaxInt64/4-float64(m.Sum)/4 {
		return m.Sum // a sum at the end of the range is a saturated one: it says nothing exact
	}
	whole := math.Floor(noise)
	if n.chance(noise-whole, drawWhole, int64(m.Key), m.Sum, m.Squares) {
		whole++
	}
	return max(0, m.Sum+int64(whole))
}

// part is uniform from −½ to ½; of less than half a step, from its negative to itself: a sum of parts has the mean of
// what it was, and nothing is below 0.
func (n *Noise) part(steps float64, of ...int64) float64 {
	u := float64(n.draw(append([]int64{drawPart}, of...)...)>>(64-53))/resolution - 0.5
	return u * math.Min(1, 2*math.Max(0, steps))
}

// Between moves a number that lies between two others to one of them, so that its mean
// stays: what is cut off to one side would add up over cells. set says whose number it
// is: the same persons go the same way for ever.
func (n *Noise) Between(v, low, high int64, set ...int64) int64 {
	switch {
	case v <= low || v >= high:
		return v
	case n.chance(float64(v-low)/float64(high-low), append([]int64{drawBetween, low, high}, set...)...):
		return high
	}
	return low
}

// chance is true as often as share says, the same for the same parts.
func (n *Noise) chance(share float64, parts ...int64) bool {
	return float64(n.draw(parts...)>>(64-53)) < share*resolution
}

// design identifies the tables and the step.
func (n *Noise) design() int64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %v", n.ID(), n.step))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// ID names the tables: 16 hexadecimal digits of the SHA-256 of their probabilities.
func (n *Noise) ID() string {
	h := sha256.New()
	for _, t := range []*Table{n.counts, n.steps} {
		for _, r := range t.rows {
			for i, v := range r.noise {
				h.Write(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(v)), r.upTo[i]))
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
