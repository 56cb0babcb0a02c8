// Package privacy is the table of the privacy models: what a policy may ask of a
// sensitive attribute in every class of a k-anonymous table.
//
// Each model is told here once, as data: its name in a policy and in a manifest,
// the range of its parameters, what it needs besides, how it is said to a reader.
// Package policy reads policies by it, kanon searches by it, risk measures by it, a
// manifest claims by it, and the audit recounts by it. Their arithmetic is theirs:
// kanon and the audit compute every model independently of each other, and a test
// ties them, model by model.
//
// The package is a leaf: it imports nothing of the house and computes nothing.
package privacy

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Model names a privacy model. With c(v) the distinct persons of a class that bear
// value v, n its distinct persons, C(v) and N the same of the whole table: share(v)
// = c(v)/n is what an attacker learns of a person, weight(v) = c(v)/Σc is the
// distribution. Both are the same when each person bears one value.
type Model string

// The models. Bound is the l, t, β, δ or α of a policy.
const (
	// DistinctL: at least Bound different values (Machanavajjhala 2007).
	DistinctL Model = "distinct_l"
	// EntropyL: the Shannon entropy of weight is at least ln(Bound) (same source).
	EntropyL Model = "entropy_l"
	// RecursiveCL: with the counts c sorted down, c1 < C·(c_l + c_(l+1) + …), l =
	// Bound, strictly (same source).
	RecursiveCL Model = "recursive_cl"
	// TEqual: the equal-distance EMD of weight from that of the whole table,
	// ½Σ|p−q|, is at most Bound (Li 2007).
	TEqual Model = "t_equal"
	// TOrdered: the ordered EMD, Σ|cumulated difference| ÷ (values − 1), is at most
	// Bound (Li 2007).
	TOrdered Model = "t_ordered"
	// THierarchical: the EMD over a tree, where moving across a node of height h
	// costs h ÷ height of the tree, is at most Bound (Li 2007, §5.3).
	THierarchical Model = "t_hierarchical"
	// Beta: basic β-likeness, share/Share − 1 ≤ Bound for every value (Cao and
	// Karras 2012).
	Beta Model = "beta"
	// BetaEnhanced: the gain is at most min(Bound, −ln Share) (same source).
	BetaEnhanced Model = "beta_enhanced"
	// BetaRare: basic β-likeness of one value alone, for a rare binary, whose absence
	// tells nothing and where l cannot hold.
	BetaRare Model = "beta_rare"
	// Delta: δ-disclosure privacy, |ln(share/Share)| ≤ Bound for every value that
	// occurs in the class (Brickell and Shmatikov 2008; like ARX and pycanon, values
	// that do not occur are left out, else every value would have to).
	Delta Model = "delta"
	// Alpha: (α,k)-anonymity, share ≤ Bound for every value, or for one alone
	// (Wong 2006).
	Alpha Model = "alpha"
)

// Use says whether a model takes a further parameter.
type Use int

// The uses.
const (
	Never Use = iota
	May
	Must
)

// Rule is one line of the table.
type Rule struct {
	Model Model
	// Key is the key of the bound in a policy, Variant what else there chooses the
	// model: the distance of t, or how beta is asked.
	Key, Variant string
	// Low and High bound the bound, both included; Low 0 is not. Whole asks for a
	// whole number. Range says so in words.
	Low, High float64
	Whole     bool
	Range     string
	// C is the constant of recursive diversity, Order the order of the values (of
	// numbers, their own when it is not given), Rare the one value bounded, Tree the
	// hierarchy of the distance.
	C, Order, Rare, Tree Use
	// AtLeast: the bound is the least that a class may achieve, else the most.
	AtLeast bool
	// Relative: a class is compared with the whole table.
	Relative bool
	// Monotone: each part of a class that fails fails as well, so that a finer table
	// keeps no row that a coarser one suppresses.
	Monotone bool
	// Measure is the name under which risk reports what a table achieves, "" for a
	// model that takes a choice of its user's.
	Measure string
	// Promise tells a bound, {bound}, {c} and {rare} standing for the parameters;
	// Meaning tells what the achieved number says.
	Promise, Meaning Text
}

// Text is a text in both languages.
type Text struct{ French, English string }

// anyPositive is the range of gains.
const anyPositive = math.MaxFloat64

var (
	distance = Text{
		"La plus grande distance entre un profil et l’ensemble : 0, le profil n’apprend rien ; 1, il apprend tout.",
		"the largest distance between a class and the whole table: at 0 a class tells nothing, at 1 everything"}
	gain = Text{
		"De combien le profil le plus marqué augmente la probabilité d’une valeur : 1 veut dire le double de " +
			"l’ensemble.",
		"by how much the most telling class raises the probability of a value: 1 is twice that of the whole table"}
)

// Rules are all models, in the order of their documentation.
var Rules = []Rule{
	{Model: DistinctL, Key: "distinct_l", Low: 1, High: anyPositive, Range: "l must be set, and at least 1",
		AtLeast: true, Monotone: true, Measure: "l_distinct",
		Promise: Text{"au moins {bound} valeurs différentes", "at least {bound} different values"},
		Meaning: Text{"Le nombre de valeurs différentes dans le profil qui en a le moins : à 1, le profil suffirait " +
			"pour tout savoir.",
			"the number of different values in the class that has fewest: at 1 the class would tell everything"}},
	{Model: EntropyL, Key: "entropy_l", Low: 1, High: anyPositive, Range: "l must be set, and at least 1",
		AtLeast: true, Measure: "l_entropy",
		Promise: Text{"diversité d’au moins {bound}", "a diversity of at least {bound}"},
		Meaning: Text{"À combien de valeurs également réparties équivaut le profil le moins varié.",
			"how many equally frequent values the least diverse class is worth"}},
	{Model: RecursiveCL, Key: "recursive", Low: 1, High: anyPositive, Whole: true,
		Range: "recursive needs c > 0 and a whole l ≥ 1", C: Must, Measure: "recursive_c",
		Promise: Text{"valeur la plus fréquente inférieure à {c} fois le total des valeurs de rang {bound} et au-delà",
			"the most frequent value below {c} times the sum of those of rank {bound} and beyond"},
		Meaning: Text{"Combien de fois la valeur la plus fréquente dépasse les valeurs rares réunies, dans le profil " +
			"le plus marqué.",
			"how many times the most frequent value exceeds the rare ones together, in the most telling class"}},
	{Model: TEqual, Key: "t", Variant: "equal", High: 1, Range: "t must be set, in ]0, 1]",
		Relative: true, Measure: "t_equal",
		Promise: Text{"distance t d’au plus {bound}", "a distance t of at most {bound}"}, Meaning: distance},
	{Model: TOrdered, Key: "t", Variant: "ordered", High: 1, Range: "t must be set, in ]0, 1]",
		Order: Must, Relative: true, Measure: "t_ordered",
		Promise: Text{"distance t ordonnée d’au plus {bound}", "an ordered distance t of at most {bound}"},
		Meaning: distance},
	{Model: THierarchical, Key: "t", Variant: "hierarchical", High: 1, Range: "t must be set, in ]0, 1]",
		Tree: Must, Relative: true,
		Promise: Text{"distance t hiérarchique d’au plus {bound}", "a hierarchical distance t of at most {bound}"},
		Meaning: distance},
	{Model: Beta, Key: "beta", High: anyPositive, Range: "the bound must be set, and positive",
		Relative: true, Measure: "beta",
		Promise: Text{"gain β d’au plus {bound}", "a gain β of at most {bound}"}, Meaning: gain},
	{Model: BetaEnhanced, Key: "beta", Variant: "enhanced", High: anyPositive,
		Range: "the bound must be set, and positive", Relative: true,
		Promise: Text{"gain β d’au plus {bound}", "a gain β of at most {bound}"}, Meaning: gain},
	{Model: BetaRare, Key: "beta", Variant: "rare", High: anyPositive, Range: "the bound must be set, and positive",
		Rare: Must, Relative: true,
		Promise: Text{"gain β d’au plus {bound} sur « {rare} »", "a gain β of at most {bound} for {rare}"},
		Meaning: gain},
	{Model: Delta, Key: "delta", High: anyPositive, Range: "the bound must be set, and positive",
		Relative: true, Measure: "delta",
		Promise: Text{"gain δ d’au plus {bound}", "a gain δ of at most {bound}"},
		Meaning: Text{"Le plus grand écart, en logarithme, entre un profil et l’ensemble.",
			"the largest difference, in logarithms, between a class and the whole table"}},
	{Model: Alpha, Key: "alpha", High: 1, Range: "alpha must be set, in ]0, 1]",
		Rare: May, Measure: "alpha",
		Promise: Text{"part d’au plus {bound}", "a share of at most {bound}"},
		Meaning: Text{"La plus grande part d’un profil qui porte une même valeur.",
			"the largest share of a class that bears one value"}},
}

// Of gives the rule of a model, false when there is none.
func Of(m Model) (Rule, bool) {
	for _, r := range Rules {
		if r.Model == m {
			return r, true
		}
	}
	return Rule{}, false
}

// Loosest is the bound that every class meets whose measure is finite.
func (r Rule) Loosest() float64 {
	if r.AtLeast {
		return r.Low
	}
	return r.High
}

// Admits reports whether a bound, and the constant of a model that has one, are in
// their range.
func (r Rule) Admits(bound, c float64) bool {
	switch {
	case !(bound >= r.Low && bound <= r.High) || r.Low == 0 && bound == 0:
		return false
	case r.Whole && bound != math.Trunc(bound):
		return false
	}
	return r.C == Never || c > 0 && c <= math.MaxFloat64
}

// Fill writes the parameters into a promise; number writes a bound as its language does.
func Fill(promise string, number func(float64) string, bound, c float64, rare string) string {
	return strings.NewReplacer("{bound}", number(bound), "{c}", number(c), "{rare}", rare).Replace(promise)
}

// English writes the promise of a model, such as "at least 3 different values".
func (m Model) English(bound, c float64, rare string) string {
	r, ok := Of(m)
	if !ok {
		return string(m)
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	return Fill(r.Promise.English, number, bound, c, fmt.Sprintf("%q", rare))
}
