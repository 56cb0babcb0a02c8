package disclosure

// Status is what became of a cell, in INSEE's letters.
type Status string

// Statuses.
const (
	Publishable Status = "V"
	Frequency   Status = "A" // too few persons
	Dominance   Status = "B" // one contributor or too few units carry the magnitude
	Secondary   Status = "D" // hidden to protect another cell
)

// Form says how a publishable cell may be shown.
type Form string

// Forms.
const (
	Plain Form = "plain" // the share of the rounded counts, or the magnitude
	Below Form = "below" // only « less than … »: the numerator is below Policy.Persons.Part
	Above Form = "above" // only « more than … »: the complement is
)

// Cell is one cell of a table of the release.
type Cell struct {
	// Persons counts the distinct persons of the cell, Floor the least it needs.
	Persons, Floor int64
	// Part is the numerator. When Counted is true it counts persons (or pairs of a
	// parent and a school) among Whole, which is Persons when it is 0: the cell is
	// a share. Otherwise it is a magnitude, and the caller says in which interval
	// what it publishes leaves it.
	Part, Whole       int64
	Counted           bool
	PartLow, PartHigh int64
	// Step is that of the share when it is not a whole percent of rounded counts; 0 is that one.
	Step float64
	// Modelled is the share that is told where a model gives it, with its Step, and not Part
	// over Whole, such as 1 − S(t) of Kaplan and Meier; 0 where none does.
	Modelled float64
	// Magnitudes: totals and upper bounds of the contributions to each. An empty
	// list skips the rules of magnitudes.
	Magnitudes []Magnitude
	// Units is how many schools contribute; 0 skips the rule (a school page is one
	// school). TopUnit is the largest share one of them holds, 0 to 1.
	Units   int64
	TopUnit float64
	// Unpublished marks a number that no page shows (a group without a row, the
	// schools too small to have a page) but that the equations may give away. What noise
	// leaves of an equation is one whose part lies from PartLow to PartHigh, math.MaxInt64
	// where nothing bounds it.
	Unpublished bool
	// Kept is what was decided on the cell when it left, or was held back, before this
	// release: it stays. Nil is a cell that nobody has decided on.
	Kept *Decision
	// Before is what another release decided on the same number, nil where none did. One that was
	// held back stays so. One that was told is known for good: it is hidden only where nothing
	// else can be, when what it would protect follows from that release already.
	Before *Decision
	// Theirs marks a cell that this release does not speak of, or that others answer for: what follows of it from what
	// they told is no reason to refuse.
	Theirs bool
}

// whole is what the part is a part of.
func (c Cell) whole() int64 {
	if c.Whole > 0 {
		return c.Whole
	}
	return c.Persons
}

// Magnitude is a total and what its largest contributors may hold at most.
type Magnitude struct {
	Total   float64
	Largest float64 // no contribution is larger
	Pair    float64 // no two contributions together are larger
}

// told reports whether another release has told the number of the cell.
func (c Cell) told() bool { return c.Before != nil && !c.Before.Hidden() }

// Decision is what Protect says of a cell.
type Decision struct {
	Status Status
	Form   Form
}

// Hidden reports whether nothing of the cell may be shown.
func (d Decision) Hidden() bool { return d.Status != Publishable }

// Field is which number of a cell an equation speaks of.
type Field int

// Fields.
const (
	PersonsOf Field = iota
	PartOf
)

// Term is one number of one cell, by the cell's position in the release.
type Term struct {
	Cell  int
	Field Field
}

// Equation says that the Parts add up to the Total. An attacker knows it.
type Equation struct {
	Total Term
	Parts []Term
}

// primary is the decision on a cell by itself.
func (p Policy) primary(c Cell) Decision {
	switch {
	case c.Persons < max(c.Floor, p.Persons.Minimum):
		return Decision{Frequency, Plain}
	case c.Units > 0 && c.Units < p.Magnitude.Units, p.dominated(c):
		return Decision{Dominance, Plain}
	}
	return Decision{Publishable, p.form(c)}
}

// form is that of a cell with enough persons: a bound where the part or its complement
// counts nearly nobody.
func (p Policy) form(c Cell) Form {
	switch {
	case c.Counted && c.Part < p.Persons.Part:
		return Below
	case c.Counted && c.whole()-c.Part < p.Persons.Part:
		return Above
	}
	return Plain
}

// dominated applies the (1, k) rule to units and the rules of exposed to persons.
func (p Policy) dominated(c Cell) bool {
	return c.TopUnit > p.Magnitude.DominancePercent/100 || p.exposed(c)
}

// exposed applies the (1, k) rule and the p % rule to persons: T − x₁ − x₂ ≥
// p/100·x₁, or the second contributor could estimate the first too well.
func (p Policy) exposed(c Cell) bool {
	k := p.Magnitude.DominancePercent / 100
	for _, m := range c.Magnitudes {
		if m.Total > 0 && (m.Largest > k*m.Total || m.Total-m.Pair < p.Magnitude.PPercent/100*m.Largest) {
			return true
		}
	}
	return false
}
