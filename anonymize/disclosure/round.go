package disclosure

import "math"

// RoundCount rounds a count to the nearest multiple of the base, halves up.
func (p Policy) RoundCount(n int64) int64 {
	b := p.Rounding.Base
	return (n + b/2) / b * b
}

// slack is how far a count may be from its rounded value.
func (p Policy) slack() int64 { return p.Rounding.Base / 2 }

// RoundShare is the whole percent of part in persons, as a fraction of 1,
// computed from the rounded counts.
func (p Policy) RoundShare(part, persons int64) float64 {
	n := p.RoundCount(persons)
	if n == 0 {
		return 0
	}
	q := math.Round(100 * float64(p.RoundCount(part)) / float64(n))
	return math.Min(q, 100) / 100
}

// RoundBounds rounds the bounds of a share of persons outward, from rounded
// counts: the count low·persons goes down to a multiple of the base over the
// largest persons its rounded value stands for, high·persons up over the smallest.
func (p Policy) RoundBounds(low, high float64, persons int64) (float64, float64) {
	b, n := float64(p.Rounding.Base), float64(p.RoundCount(persons))
	h := float64(p.slack())
	lower := math.Floor(low*float64(persons)/b) * b / (n + h)
	upper := 1.0
	if n > h {
		upper = math.Ceil(high*float64(persons)/b) * b / (n - h)
	}
	return RoundDown(math.Max(0, lower), 0.01), RoundUp(math.Min(1, upper), 0.01)
}

// Least is the smallest whole percent above every share that a part below
// Policy.Persons.Part may be, from the rounded persons: what « moins de » says.
func (p Policy) Least(persons int64) float64 {
	n := float64(p.RoundCount(persons) - p.slack())
	return math.Min(1, RoundUp(float64(p.Persons.Part)/math.Max(1, n), 0.01))
}

// Finest is the finest step of a figure, of a share a tenth of a percent.
const Finest = 0.001

// information is the step that an interval of a width asks for: the power of ten that is
// a tenth of it at most, so that rounding outward adds a fifth at most.
func information(width float64) float64 {
	return math.Max(Finest, math.Pow(10, math.Floor(math.Log10(width/10)+tiny)))
}

// ShareStep is the step of a share of persons and of its interval, 0.001 to 0.01. Where the
// cells are noisy it follows what is known: the least of 0.1, 0.2, 0.5 and 1 % that stands
// for StepPersons persons, and no finer than the width of the interval asks for. Without
// noise, or without an interval (width 0), it is a whole percent.
func (p Policy) ShareStep(persons int64, width float64, noisy bool) float64 {
	const whole = 0.01
	if !noisy || !(width > 0) {
		return whole
	}
	for _, step := range []float64{Finest, 2 * Finest, 5 * Finest} {
		if step*float64(persons) >= float64(p.Rounding.StepPersons) {
			return math.Min(whole, math.Max(step, information(width)))
		}
	}
	return whole
}

// Step is the step of a number x that is no share: the significant digits of the policy,
// and no finer than a hundredth. Where the cells are noisy and there is an interval it has
// NoisyDigits at most, and follows the width of the interval.
func (p Policy) Step(x, width float64, noisy bool) float64 {
	if !noisy || !(width > 0) {
		return math.Max(0.01, Step(x, p.Rounding.SignificantDigits))
	}
	return math.Max(Step(x, p.Rounding.NoisyDigits), information(width))
}

// tiny absorbs the noise of binary fractions when rounding outward.
const tiny = 1e-9

// RoundDown and RoundUp round to a multiple of step, towards −∞ and +∞.
func RoundDown(x, step float64) float64 { return decimal(math.Floor(x/step+tiny) * step) }

// RoundUp is the least multiple of step not below x.
func RoundUp(x, step float64) float64 { return decimal(math.Ceil(x/step-tiny) * step) }

// RoundNear is the nearest multiple of step.
func RoundNear(x, step float64) float64 { return decimal(math.Round(x/step) * step) }

// decimal removes the noise that a product with 0.01 leaves, and −0.
func decimal(x float64) float64 {
	const scale = 1e12
	if y := math.Round(x*scale) / scale; y != 0 && math.Abs(x) < 1e3 {
		return y
	} else if y == 0 {
		return 0
	}
	return x
}

// Step is the unit of the last of the given significant digits of x: 0.1 for
// 2.34 with two digits. Step(0) is 10^(1−digits).
func Step(x float64, digits int) float64 {
	e := 0.0
	if x != 0 {
		e = math.Floor(math.Log10(math.Abs(x)) + 1e-12)
	}
	return math.Pow(10, e-float64(digits)+1)
}

// knownPersons is what a published count of persons leaves open.
func (p Policy) knownPersons(c Cell) (low, high int64) {
	r := p.RoundCount(c.Persons)
	return max(0, r-p.slack()), r + p.slack()
}

// knownPart is what a published cell leaves open of its part: for a share of
// persons, every part whose rounded count gives the same whole percent of the
// rounded persons.
func (p Policy) knownPart(c Cell, d Decision) (low, high int64) {
	switch {
	case !c.Counted:
		return min(c.PartLow, c.Part), max(c.PartHigh, c.Part)
	case d.Form == Below:
		return 0, p.Persons.Part - 1
	case d.Form == Above:
		return max(0, c.whole()-p.Persons.Part+1), c.whole()
	}
	n, b := float64(p.RoundCount(c.whole())), float64(p.Rounding.Base)
	if c.Step > 0 { // the nearest multiple of a step, and no rounded counts
		share := c.Modelled
		if share == 0 {
			share = float64(c.Part) / float64(c.whole())
		}
		value, slack := RoundNear(share, c.Step), float64(p.slack())
		least := int64(math.Ceil(p.Least(c.whole()) * n))
		switch { // shown as a bound
		case value <= 0:
			return 0, max(least, c.Part)
		case value >= 1:
			return min(c.whole()-least, c.Part), c.whole()
		}
		// A part is a whole number: one that rounding outward grants a reader cannot rule out.
		low, high = int64(math.Ceil((value-c.Step/2)*(n-slack)-tiny)), int64(math.Floor((value+c.Step/2)*(n+slack)+tiny))
		return max(0, min(low, c.Part)), max(high, c.Part)
	}
	q := math.Round(100 * float64(p.RoundCount(c.Part)) / n)
	first := math.Ceil((q-0.5)/100*n/b-tiny) * b
	last := math.Floor((q+0.5)/100*n/b+tiny) * b
	low, high = int64(first)-p.slack(), int64(last)+p.slack()
	return max(0, min(low, c.Part)), max(high, c.Part)
}
