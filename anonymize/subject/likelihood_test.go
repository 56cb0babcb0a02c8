package subject

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/entscope/entscope/anonymize/perturb"
)

// likelihoods says how likely a sum is to leave as what it does, for who knows the design of the noise and no key.
type likelihoods struct {
	step  float64
	whole bool                        // the noise is taken for whole steps alone
	steps map[int64]map[int64]float64 // by whole steps of the sum, the chance of each noise
	table *perturb.Table
}

func newLikelihoods(t *testing.T, p perturb.Parameters, whole bool) *likelihoods {
	t.Helper()
	table, err := perturb.New(perturb.Design{Variance: p.Variance, Maximum: p.Maximum, Least: 1})
	if err != nil {
		t.Fatal(err)
	}
	return &likelihoods{p.Step, whole, map[int64]map[int64]float64{}, table}
}

// noise is the chance of each whole step of noise of a sum of so many steps.
func (l *likelihoods) noise(count int64) map[int64]float64 {
	count = min(count, 40) // from there on all rows are one
	if l.steps[count] == nil {
		l.steps[count] = map[int64]float64{}
		const draws = 1 << 14
		for i := range uint64(draws) {
			l.steps[count][l.table.Noise(count, i<<(64-14))] += 1.0 / draws
		}
	}
	return l.steps[count]
}

// of is the chance that a sum with this largest contribution leaves as got.
func (l *likelihoods) of(got, sum, largest int64) (p float64) {
	if sum <= 0 {
		if got == sum {
			return 1
		}
		return 0
	}
	step := l.step * float64(min(max(largest, 1), sum))
	count := float64(sum) / step
	for e, share := range l.noise(int64(count)) {
		half := step / 2 * math.Min(1, 2*math.Max(0, count+float64(e)))
		if l.whole {
			half = 0
		}
		p += share * rounded(float64(sum)+step*float64(e)-float64(got), half)
	}
	return p
}

// rounded is the chance that a number uniform within half of off, rounded by chance, is 0.
func rounded(off, half float64) float64 {
	upTo := func(x float64) float64 { // ∫ of 1 − |x| from −1
		switch {
		case x <= -1:
			return 0
		case x >= 1:
			return 1
		case x < 0:
			return (1 + x) * (1 + x) / 2
		}
		return 1 - (1-x)*(1-x)/2
	}
	half = math.Max(half, 1e-6)
	return (upTo(off+half) - upTo(off-half)) / (2 * half)
}

// shipped is a builder with the noise of the embedded policies.
func shipped(t *testing.T) (*Builder, perturb.Parameters) {
	t.Helper()
	p := perturb.Parameters{Variance: 9, Maximum: 8, Least: 5, Step: 0.4}
	b := &Builder{o: Options{Key: testKey(t), Perturbation: &p}}
	if err := b.prepareNoise(); err != nil {
		t.Fatal(err)
	}
	return b, p
}

// Who knows what all persons of a cell bring but one, and takes the likelihood of each value of that one from the sum
// and the squares that leave, names nobody: not the value, nor that it is 0, nor that it is not. Nor does who looks for
// sums a whole number of steps from the truth.
func TestAllButOneTellNoValue(t *testing.T) {
	for name, whole := range map[string]bool{"the design": false, "whole steps": true} {
		t.Run(name, func(t *testing.T) { attackOne(t, whole) })
	}
}

func attackOne(t *testing.T, whole bool) {
	t.Helper()
	b, p := shipped(t)
	l := newLikelihoods(t, p, whole)
	d := rand.New(rand.NewPCG(1, 2))
	const cells = 300
	var sure, exact, zeros, tried float64
	for c := range cells {
		units := make([]unit, 60)
		for i := range units {
			units[i] = unit{d.Uint32(), min(int64(math.Exp(d.NormFloat64()*1.2+2.2)), 250), 13}
			if d.IntN(4) == 0 {
				units[i].x = 0
			}
		}
		truth := int64(d.IntN(120))
		if c%4 == 0 {
			truth = 0
		}
		units[0].x, units[1].x = truth, 150+int64(d.IntN(100))
		row := b.leaving(tallyOf(units))
		posterior := map[int64]float64{}
		total := 0.0
		for x := range int64(121) {
			units[0].x = x
			tl := tallyOf(units)
			posterior[x] = l.of(row.Numerator, tl.Numerator, tl.topX) * l.of(row.SumXX, tl.SumXX, tl.topX*tl.topX)
			if x == 0 {
				posterior[x] *= 40 // a quarter do nothing
			}
			total += posterior[x]
		}
		if total == 0 {
			continue
		}
		tried++
		best := int64(0)
		for x, q := range posterior {
			if q > posterior[best] {
				best = x
			}
		}
		if best == truth && truth > 0 {
			exact++
		}
		if posterior[truth]/total > 0.95 {
			sure++
		}
		if told := posterior[0] / total; told > 0.95 || told < 0.02 {
			zeros++
		}
	}
	t.Logf("of %.0f cells: %.0f values named, %.0f for sure, %.0f times whether anything", tried, exact, sure, zeros)
	if tried < 0.9*cells && !whole {
		t.Errorf("%.0f of %d cells were explained", tried, cells)
	}
	if exact > 0.05*cells {
		t.Errorf("%.0f of %d values are named exactly", exact, cells)
	}
	if sure > 0 && !whole {
		t.Errorf("%.0f values are told for sure", sure)
	}
	if zeros > 0.05*cells && !whole { // who is wrong about the design is sure of much
		t.Errorf("of %.0f of %d it is told whether they did anything", zeros, cells)
	}
}

// Nor do columns together tell how many bring the same: each is a number of them that has noise of its own besides.
func TestAlikeTellNoNumber(t *testing.T) {
	b, _ := shipped(t)
	d := rand.New(rand.NewPCG(3, 2))
	const cells = 2000
	for _, each := range []int64{3, 13, 60} {
		// by what the ratios are off a whole: 0.4·e/n and its square's, of sd 1.2/n each
		var named float64
		for range cells {
			n := int64(30 + d.IntN(20))
			units := make([]unit, 70)
			for i := range units {
				units[i] = unit{key: d.Uint32(), y: 1 + int64(d.IntN(200))}
				if int64(i) < n {
					units[i].x = each
				}
			}
			exact := tallyOf(units)
			row := b.leaving(exact)
			leave := b.noise.Count(exact.members(1), n)
			best, bestOff := int64(0), math.Inf(1)
			for guess := leave - 8; guess <= leave+8; guess++ {
				off := 0.0
				for _, ratio := range []float64{float64(row.Numerator) / float64(leave*each),
					float64(row.SumXX) / float64(leave*each*each)} {
					steps := (ratio - 1) * float64(guess) / 0.4
					off += math.Abs(steps - math.Round(steps))
				}
				if off < bestOff {
					best, bestOff = guess, off
				}
			}
			if best == n {
				named++
			}
		}
		if named > 0.15*cells { // one in seventeen by chance, and the likely ones oftener
			t.Errorf("all bring %d: their number is named in %.0f of %d cells", each, named, cells)
		}
	}
}

// Nor what one alone brings: where the two columns are a multiple of what leaves of one bearer, no value fits better.
func TestOneBearerHasNoLattice(t *testing.T) {
	b, _ := shipped(t)
	d := rand.New(rand.NewPCG(7, 2))
	left, named := 0.0, 0.0
	for range 8000 {
		units := make([]unit, 60)
		for i := range units {
			units[i] = unit{key: d.Uint32(), y: 12}
		}
		units[0].x = 20 + int64(d.IntN(100))
		exact := tallyOf(units)
		row := b.leaving(exact)
		leave := b.noise.Count(exact.members(1), 1)
		if row.Numerator == 0 || leave == 0 {
			continue
		}
		left++
		best, bestOff := int64(0), math.Inf(1)
		for x := int64(20); x < 120; x++ {
			off := 0.0
			for _, steps := range []float64{(float64(row.Numerator)/float64(leave*x) - 1) / 0.4,
				(float64(row.SumXX)/float64(leave*x*x) - 1) / 0.4} {
				off += math.Abs(steps - math.Round(steps))
			}
			if off < bestOff {
				best, bestOff = x, off
			}
		}
		if best == units[0].x {
			named++
		}
	}
	t.Logf("of %.0f cells of one bearer %.0f name what they brought", left, named)
	if left < 500 {
		t.Errorf("%.0f cells left", left)
	}
	if named > 0.05*left {
		t.Errorf("%.0f of %.0f cells of one bearer name what they brought", named, left)
	}
}
