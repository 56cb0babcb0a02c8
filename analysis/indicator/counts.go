package indicator

import (
	"math"

	"github.com/entscope/entscope/analysis/question"
)

// counts is what a figure is made of: the exact integers the rules of package
// disclosure look at.
type counts struct {
	// cell names the cell; two results of one cell share its fate.
	cell     cellKey
	persons  int64
	schools  int64
	x, y     int64
	bearers  int64 // of persons, those who bring something to x; 0 is unknown
	perHead  bool  // y counts persons (or pairs), x some of them
	pairX    float64
	largestX float64 // no contribution to x is larger
	pairY    float64
	largestY float64
	topUnit  float64 // largest share of x or y one cluster holds
	parts    []counts
	apart    map[string]float64 // p-values against other groups of the grouping, see contrast
	noPerson bool               // a figure about feeds
	absent   bool               // the edition holds no row of the cell
	modelled bool               // the figure is not x/y
	value    float64            // of a modelled figure that is told
	step     float64            // of the published number, 0 before it is known
}

// cellKey is source × population × group.
type cellKey struct{ source, population, grouping, group string }

// crossed reports whether a grouping crosses two others.
func crossed(grouping string) bool { return len(question.GroupingOf(grouping).Crosses) > 0 }

// in names all the cells of one figure in a grouping.
func (k cellKey) in(grouping string) cellKey { return cellKey{k.source, k.population, grouping, ""} }

// bound sets what the largest contributors may hold: one at most the square root
// of the sum of squares, two together at most √(2Σx²). Both are upper bounds, so
// a rule that holds for them holds for the truth.
func (k *counts) bound(xx, yy int64) {
	k.largestX = math.Min(math.Sqrt(float64(xx)), float64(k.x))
	k.pairX = math.Min(math.Sqrt(2*float64(xx)), float64(k.x))
	k.largestY = math.Min(math.Sqrt(float64(yy)), float64(k.y))
	k.pairY = math.Min(math.Sqrt(2*float64(yy)), float64(k.y))
}
