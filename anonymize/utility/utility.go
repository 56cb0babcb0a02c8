// Package utility says what protection costs: how wide intervals are after it, on those that
// unprotected numbers would give.
//
// A figure is a sum of x on a sum of y over clusters. Its interval is that of a ratio by
// clusters (linearised, Student's t with clusters − 1 degrees of freedom); the noise of cells
// is in what clusters differ by. Who protects adds each figure to a Comparison, before and
// after; Widths sums it up for the manifest. It is pure.
//
// Source: Cochran, Sampling Techniques, 1977, 6.3 (variance of a ratio).
package utility

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/entscope/entscope/anonymize/edition"
)

// Cluster is what one cluster brings to a figure.
type Cluster struct{ X, Y float64 }

// fewestClusters is the number of clusters below which no interval is given.
const fewestClusters = 10

// Width is that of the interval at 95 % of Σx/Σy; 0 when there is none: fewer than ten
// clusters, or all alike.
func Width(clusters []Cluster) float64 {
	var n, x, y, squares float64
	for _, c := range clusters {
		if c.Y > 0 {
			n, x, y = n+1, x+c.X, y+c.Y
		}
	}
	if n < fewestClusters {
		return 0
	}
	for _, c := range clusters {
		if c.Y > 0 {
			d := c.X - x/y*c.Y
			squares += d * d
		}
	}
	t := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(0.975)
	return 2 * t * math.Sqrt(n/(n-1)*squares) / y
}

// Comparison collects figures; its zero value is ready.
type Comparison struct {
	ratios []float64
	lost   int64
}

// Add compares a figure by its width before and after protection. One without an interval
// before is not compared.
func (c *Comparison) Add(before, after float64) {
	switch {
	case !(before > 0):
	case after > 0:
		c.ratios = append(c.ratios, after/before)
	default:
		c.lost++
	}
}

// Widths sums the figures up; nil when there was none to compare.
func (c *Comparison) Widths() *edition.Widths {
	figures := int64(len(c.ratios)) + c.lost
	if figures == 0 {
		return nil
	}
	w := &edition.Widths{Figures: about(figures), Lost: about(c.lost)}
	if left := len(c.ratios); left > 0 {
		slices.Sort(c.ratios)
		w.Median = hundredths(c.ratios[left/2])
	}
	var sum, within float64
	for _, ratio := range c.ratios {
		sum += ratio
		if ratio <= edition.WidthsWithin {
			within++
		}
	}
	w.Mean = hundredths(sum / math.Max(1, float64(len(c.ratios))))
	w.Within = hundredths(within / float64(figures))
	return w
}

// about is the next number of two digits and zeros, at least ten; 0 stays 0. Whether one figure more has a school in
// which somebody counts one person may decide.
func about(n int64) int64 {
	step := int64(10)
	for n > 100*step {
		step *= 10
	}
	return (n + step - 1) / step * step
}

func hundredths(x float64) float64 { return math.Round(x*100) / 100 }
