package utility

import (
	"math"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// TestWidth: the interval of a mean is the textbook's, and there is none of few clusters.
func TestWidth(t *testing.T) {
	var clusters []Cluster
	for i := range 10 {
		clusters = append(clusters, Cluster{X: float64(i), Y: 1})
	}
	// R: diff(t.test(0:9)$conf.int) = 4.331701
	if got := Width(clusters); math.Abs(got-4.331701) > 1e-5 {
		t.Errorf("width of the mean of 0 to 9: %.6f", got)
	}
	if got := Width(clusters[:9]); got != 0 {
		t.Errorf("nine clusters: %g", got)
	}
	if got := Width(append(clusters[:9:9], Cluster{X: 9})); got != 0 {
		t.Errorf("a cluster of nobody counts: %g", got)
	}
	if got := Width(make([]Cluster, 20)); got != 0 {
		t.Errorf("nobody: %g", got)
	}
}

func TestComparison(t *testing.T) {
	for name, test := range map[string]struct {
		before, after []float64
		want          *edition.Widths
	}{
		"nothing":     {nil, nil, nil},
		"none before": {[]float64{0}, []float64{1}, nil},
		"the same":    {[]float64{2, 3}, []float64{2, 3}, &edition.Widths{Figures: 10, Median: 1, Mean: 1, Within: 1}},
		"wider, and lost": {[]float64{1, 1, 1, 1}, []float64{1, 1.5, 2, 0},
			&edition.Widths{Figures: 10, Lost: 10, Median: 1.5, Mean: 1.5, Within: .25}},
		"all lost": {[]float64{1}, []float64{0}, &edition.Widths{Figures: 10, Lost: 10}},
		"half lost": {[]float64{1, 1}, []float64{1, 0},
			&edition.Widths{Figures: 10, Lost: 10, Median: 1, Mean: 1, Within: .5}},
	} {
		var c Comparison
		for i := range test.before {
			c.Add(test.before[i], test.after[i])
		}
		switch got := c.Widths(); {
		case got == nil || test.want == nil:
			if got != test.want {
				t.Errorf("%s: %v, want %v", name, got, test.want)
			}
		case *got != *test.want:
			t.Errorf("%s: %+v, want %+v", name, *got, *test.want)
		}
	}
}

// TestAbout: numbers leave as the next of two digits, in tens at least.
func TestAbout(t *testing.T) {
	for n, want := range map[int64]int64{0: 0, 1: 10, 10: 10, 11: 20, 99: 100, 100: 100, 101: 110, 1076: 1100, 2400: 2400} {
		if got := about(n); got != want {
			t.Errorf("%d leaves as %d, want %d", n, got, want)
		}
	}
}
