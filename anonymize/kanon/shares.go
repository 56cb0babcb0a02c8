package kanon

import (
	"math"

	"github.com/entscope/entscope/anonymize/privacy"
)

// shares are the bounds that a model sets the share of each value in a class: β-likeness,
// δ-disclosure and α say no more than that. Both are a little wide, by twice the Tolerance.
type shares struct {
	most  []float64
	least []float64 // of a value that the class holds
	// bounds are what they say of the lanes of classes of 0, 1 … rows, large those of another.
	bounds []laneBounds
	large  laneBounds
}

func newShares(m *model, ref *reference) *shares {
	s := &shares{bounds: make([]laneBounds, 1<<12)}
	for v := range ref.total {
		most, least := m.shareBounds(int32(v), ref)
		s.most, s.least = append(s.most, most), append(s.least, least)
	}
	return s
}

// shareBounds are the largest and the least share of a class that the bound allows a value.
func (m *model) shareBounds(v int32, ref *reference) (most, least float64) {
	bound, share := m.Bound+2*Tolerance, ref.share(v)
	if m.Rare != "" && v != m.rare {
		return 2, 0
	}
	switch m.Model {
	case privacy.Beta, privacy.BetaRare:
		return share * (1 + bound), 0
	case privacy.BetaEnhanced:
		return share * (1 + min(bound, -math.Log(share)+2*Tolerance)), 0
	case privacy.Delta:
		return share * math.Exp(bound), share * math.Exp(-bound)
	}
	return bound, 0 // α
}

// largest is the size of the largest part of which no value has more than its share: what that
// allows each falls with the size.
func (s *shares) largest(c *class) int64 {
	n := c.n
	for {
		allowed := int64(0)
		for i, v := range c.values {
			allowed += min(int64(c.count[i]), int64(s.most[v]*float64(n)+1e-6))
		}
		if allowed >= n {
			return n
		}
		n = allowed
	}
}

// verdict is what the counts alone say of a class.
type verdict int

const (
	unclear verdict = iota // so near a bound that rounding decides
	met
	failed
)

// judge compares the lanes of a class of n rows with the bounds, four at a time.
func (s *shares) judge(lanes []uint64, n int32) verdict {
	b := s.at(n)
	bad := uint64(0)
	most, least := b.most[:len(lanes)], b.least[:len(lanes)]
	for w, x := range lanes {
		atMost := most[w] | laneTop - x   // the top bit stays where x is no more
		atLeast := x | laneTop - least[w] // and here where it is no less
		held := x + laneTop - laneOnes    // and here where it is not 0
		bad |= (^atMost | held&^atLeast) & laneTop
	}
	switch {
	case bad != 0:
		return failed
	case b.near:
		return unclear
	}
	return met
}

// part is largest of the lanes of a class of n rows, or some size below least.
func (s *shares) part(lanes []uint64, n, least int32) int32 {
	for {
		sum := uint64(0)
		most := s.at(n).most[:len(lanes)]
		for w, x := range lanes {
			within := (most[w] | laneTop - x) & laneTop >> (laneBits - 1) * laneMask
			sum += x&within | most[w]&^within
		}
		allowed := int32(sum * laneOnes >> (64 - laneBits)) // no lane overflows: all together are n at most
		if allowed >= n || allowed < least {
			return min(allowed, n)
		}
		n = allowed
	}
}

// needs is the least size of a class that may hold so many of a value.
func (s *shares) needs(count, v int32) int32 {
	return int32(min(math.Ceil((float64(count)-2e-6)/s.most[v]), math.MaxInt32))
}

// laneBounds are the bounds of a class of some size.
type laneBounds struct {
	most, least []uint64
	near        bool // a count may be so near a bound that rounding decides
}

// at is the bounds of a class of n rows; those of small ones are kept.
func (s *shares) at(n int32) *laneBounds {
	if int(n) >= len(s.bounds) {
		s.large = s.lay(n, s.large)
		return &s.large
	}
	if s.bounds[n].most == nil {
		s.bounds[n] = s.lay(n, laneBounds{})
	}
	return &s.bounds[n]
}

// lay fills b with the bounds of a class of n rows.
func (s *shares) lay(n int32, b laneBounds) laneBounds {
	words := (len(s.most) + perWord - 1) / perWord
	b.most, b.least, b.near = zeros(b.most, words), zeros(b.least, words), false
	size := float64(n)
	wide := 1e-6 + 1e-8*size // by this a bound is wider than the model at most
	for v := range s.most {
		most, least := s.most[v]*size, s.least[v]*size
		high, low := math.Floor(min(most+1e-6, size)), math.Ceil(max(least-1e-6, 0))
		b.near = b.near || high > most-wide || low > 0 && low < least+wide
		b.most[v/perWord] |= uint64(high) << (v % perWord * laneBits)
		b.least[v/perWord] |= uint64(low) << (v % perWord * laneBits)
	}
	return b
}
