package subject

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
)

// A row leaves with noise (package perturb), and with what its columns owe each
// other: shares of persons stay in what they are of, bins add up to the persons, a
// mean square is no less than the square of the mean. Floors are held by the exact
// counts and by those that leave.

// Perturbation says in the manifest how the cells were perturbed.
func (b *Builder) Perturbation() edition.Perturbation {
	if b.noise == nil {
		return edition.Perturbation{}
	}
	p := b.o.Perturbation
	return edition.Perturbation{
		Table: b.noise.ID(), Variance: p.Variance, Maximum: p.Maximum, Least: p.Least, Step: p.Step,
	}
}

// leaving is the row of a tally as it leaves.
func (b *Builder) leaving(t tally) edition.SumRow {
	m, ok := edition.FindMeasure(t.Measure)
	if !ok { // of another kind of measure another noise would leave
		panic(fmt.Sprintf("subject: a cell of no approved measure: %q", t.Measure))
	}
	t.Families = t.families.n
	if b.noise == nil {
		return t.SumRow
	}
	row := edition.SumRow{Grouping: t.Grouping, Group: t.Group, Cluster: t.Cluster, Schools: t.Schools,
		Measure: t.Measure, Population: t.Population, Persons: b.noise.Count(t.members(0), t.Persons)}
	row.Families = row.Persons // a number of its own would tell of each cell again
	if t.Population == edition.PopFamilies {
		row.Families = min(b.noise.Count(t.families.key, t.families.n), row.Persons)
	}
	if m.PerHead && !slices.Contains(edition.OfPairs, t.Population) {
		b.share(&row, t)
		return row
	}
	if b.amount(&row, t, m); row.Numerator == 0 {
		row.H00 = row.Persons
	} else if m.Bins {
		b.bins(&row, t)
	} else { // who brings nothing is told by no question
		row.H01 = row.Persons
	}
	return row
}

// share is a row whose x is 0 or 1, and y is 1 for everybody. Of those who
// bear the trait and those who do not, the fewer have noise of their own, and the
// others are the rest.
func (b *Builder) share(row *edition.SumRow, t tally) {
	bearers := distinct{t.Numerator, t.members(1)}
	others := distinct{t.Persons - t.Numerator, t.keys[0]}
	few := bearers
	if others.n < few.n {
		few = others
	}
	x := b.fewOf(few, row.Persons)
	if few == others && few != bearers {
		x = row.Persons - x
	}
	row.Numerator, row.SumXX, row.SumXY = x, x, x
	row.Denom, row.SumYY = row.Persons, row.Persons
	row.H00, row.H01 = row.Persons-x, x
}

// fewOf is the number of some among persons that leaves. Where the noise of both leaves
// less than the least for the rest, the rest is that least or nobody.
func (b *Builder) fewOf(some distinct, persons int64) int64 {
	return b.within(b.noise.Count(some.key, some.n), persons, int64(some.key))
}

// within keeps a part of a whole apart from it: the rest is 0 or the least, with the
// mean of what it was. A part above the whole is the whole.
func (b *Builder) within(part, whole int64, set ...int64) int64 {
	low, least := int64(0), int64(b.o.Perturbation.Least)
	if whole >= 2*least {
		low = whole - least
	}
	return min(b.noise.Between(part, low, whole, set...), whole)
}

// amount is the sums of a row whose x or y is more than a share of persons. A sum to which all bring nearly alike moves
// with them beside noise of its own: without theirs, a sum of weeks, say, would tell the persons more closely than their
// count does. Which noise a column has is declared with the measure: if it followed from what persons bring, a cell
// in which all bring the same would leave unlike one in which one person does not.
func (b *Builder) amount(row *edition.SumRow, t tally, m edition.Measure) {
	all := bringing{persons: distinct{t.Persons, t.members(0)}, of: t.Persons, leave: row.Persons}
	bearers := bringing{persons: distinct{t.Persons - t.H00, t.members(1)}, of: t.Persons, leave: row.Persons}
	if m.Ranked { // how many they are is no secret: a tenth of all
		bearers.leave = bearers.of
	} else {
		bearers.of, bearers.leave = bearers.persons.n, b.noise.Count(bearers.persons.key, bearers.persons.n)
	}
	if m.Others {
		t.topX = b.whole(t.topX)
	}
	counted := m.Kind == edition.KindShare
	if counted {
		row.Numerator = b.noise.Count(bearers.persons.key, t.Numerator)
		row.SumXX = row.Numerator
	} else {
		row.Numerator = b.orNone(bearers, perturb.Magnitude{Sum: t.Numerator, Squares: t.SumXX, Largest: t.topX})
		row.SumXX = b.sum(bearers, squares(t.SumXX, t.topX))
	}
	switch {
	case m.Each > 0:
		row.Denom, row.SumYY = m.Each*row.Persons, m.Each*m.Each*row.Persons
	case counted: // as many as have some y: a count, with noise of its own
		row.Denom = b.noise.Count(all.persons.key+ofDenominators, t.Denom)
		row.SumYY = row.Denom
	default:
		row.Denom = b.orNone(all, perturb.Magnitude{Sum: t.Denom, Squares: t.SumYY, Largest: t.topY})
		row.SumYY = b.sum(all, squares(t.SumYY, t.topY))
	}
	if row.Numerator < row.Denom {
		row.Numerator = b.within(row.Numerator, row.Denom, int64(bearers.persons.key), int64(all.persons.key),
			t.Numerator, t.Denom)
		if counted {
			row.SumXX = row.Numerator
		}
	}
	row.SumXX = squaresOf(row.Numerator, row.SumXX, row.Persons)
	row.SumYY = squaresOf(row.Denom, row.SumYY, row.Persons)
	if row.Numerator == 0 || row.Denom == 0 {
		row.SumXY = 0
		return
	}
	if m.Each > 0 {
		row.SumXY = times(m.Each, row.Numerator)
	} else {
		row.SumXY = b.sum(bearers, perturb.Magnitude{Key: ofProducts, Sum: t.SumXY, Squares: t.SumXY,
			Largest: times(t.topX, t.topY)})
	}
	row.SumXY = min(row.SumXY, geometric(row.SumXX, row.SumYY))
}

// whole is the contribution of which a step is this one.
func (b *Builder) whole(largest int64) int64 {
	return int64(math.Min(math.Ceil(float64(largest)/b.o.Perturbation.Step), math.MaxInt64/2))
}

// What is added to the key of persons, for a draw of its own.
const (
	ofDenominators = 0x9e3779b9 // a count of those who have some y, apart from that of all persons
	ofSquares      = 0x85ebca6b // a sum of squares, apart from the sum: of ones both are one number
	ofProducts     = 0xc2b2ae35 // and one of products
)

// bringing is persons who bring something, and how many leave of how many: of these or, where nearly all do, of all.
type bringing struct {
	persons   distinct
	leave, of int64
}

// sum is a sum over those who bring something as it leaves: as many as leave bring of it what those who are there do,
// beside the noise of the largest contribution. Whether they bring nearly alike decides nothing: one person may.
func (b *Builder) sum(of bringing, m perturb.Magnitude) int64 {
	m.Key += of.persons.key
	switch {
	case of.of > 0 && of.leave <= 0:
		return 0
	case of.of > 0:
		m.Times = float64(of.leave) / float64(of.of)
	}
	return b.noise.Magnitude(m)
}

// squares is a sum of squares of contributions of which this is the largest.
func squares(sum, largest int64) perturb.Magnitude {
	return perturb.Magnitude{Key: ofSquares, Sum: sum, Squares: sum, Largest: times(largest, largest)}
}

// orNone is a sum that leaves as 0 or as the least at least.
func (b *Builder) orNone(of bringing, m perturb.Magnitude) int64 {
	return b.noise.Between(b.sum(of, m), 0, int64(b.o.Perturbation.Least), int64(of.persons.key), m.Sum, m.Squares)
}

// eachOnce is persons and what they bring as they leave, where everybody brings 1 at
// least. What is more than that has noise of its own: a sum cut off at the persons
// would be too large.
func (b *Builder) eachOnce(persons distinct, sum perturb.Magnitude) (n, total int64) {
	sum.Sum -= persons.n
	n = b.noise.Count(persons.key, persons.n)
	return n, n + b.noise.Magnitude(sum)
}

// bins are the persons of a row by bin of x. Each has noise of its own; what they
// lack of the persons of the row, or have too much, falls to the largest.
func (b *Builder) bins(row *edition.SumRow, t tally) {
	least := int64(b.o.Perturbation.Least)
	exact, out := histogram(&t.SumRow), histogram(row)
	order := make([]int, len(out))
	lacking := row.Persons
	for i, h := range exact {
		order[i] = i
		*out[i] = b.noise.Count(t.keys[i], *h)
		lacking -= *out[i]
	}
	slices.SortStableFunc(order, func(i, j int) int { return int(*exact[j] - *exact[i]) })
	largest := func() *int64 { // of those that leave: what falls to a bin of nobody would leave as a few alone
		for _, i := range order {
			if *out[i] >= least {
				return out[i]
			}
		}
		return out[order[0]]
	}
	if lacking >= 0 {
		*largest() += lacking
		return
	}
	for _, i := range order { // down to the least
		lower := max(lacking, min(0, least-*out[i]))
		*out[i], lacking = *out[i]+lower, lacking-lower
	}
	for k := len(order) - 1; k > 0 && lacking < 0; k-- { // or to nobody, the smallest first
		lacking += *out[order[k]]
		*out[order[k]] = 0
	}
	*largest() += lacking
}

// times is a product that stops at the largest integer.
func times(a, b int64) int64 {
	if b != 0 && a > math.MaxInt64/b {
		return math.MaxInt64
	}
	return a * b
}

// meanSquare is one more than the least that a sum of squares of n numbers with this sum, none below 0, can be. It is
// of integers: the ranks of a region of 400,000 have squares that a float rounds below it.
func meanSquare(sum, n int64) int64 {
	if n <= 0 {
		return 0
	}
	high, low := bits.Mul64(uint64(sum), uint64(sum))
	if high >= uint64(n) {
		return math.MaxInt64
	}
	least, rest := bits.Div64(high, low, uint64(n))
	if least >= math.MaxInt64-1 {
		return math.MaxInt64
	}
	return int64(least + min(rest, 1) + 1)
}

// squaresOf is a sum of squares beside the sum of n persons: no less than the mean square asks and, of nobody, none,
// since one would tell that somebody was there.
func squaresOf(sum, squares, n int64) int64 {
	if sum == 0 {
		return 0
	}
	return max(squares, meanSquare(sum, n))
}

// geometric is the most that a sum of products can be, given the sums of squares.
func geometric(xx, yy int64) int64 {
	return int64(math.Floor(math.Sqrt(float64(xx)) * math.Sqrt(float64(yy)) * (1 - 1e-12)))
}
