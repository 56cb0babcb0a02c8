package stats

import (
	"math"
	"testing"
)

// Twelve units, six times, six treated from time 3: testdata/series.R, seed 4.
func panelOf() Panel {
	y := []float64{2.6, 2.47, 2.85, 4.79, 6.08, 5.17, 1.36, 1.47, 3.6, 4.02, 5.47, 5.75, 3.48, 2.91, 4.75, 6.2, 4.66, 7.13, 2.75, 3.95, 2.44, 3.51,
		6.16, 5.19, 3.41, 4.87, 3.77, 5.4, 7.68, 6.82, 3.98, 1.3, 2.47, 4.23, 5.49, 5.31, 1.44, -0.78, 0.66, 1, 1.84, 2.65, 3.76, 1.49, 1.83, 3.38,
		2.83, 4.64, 2.83, 5.26, 3.18, 6.86, 5.23, 5.16, 3.38, 4.97, 4.9, 4.51, 5.14, 4.79, 1.61, 3.05, 3.89, 3.1, 4, 3.4, 1.22, 2.26, 3.9, 2.7, 2.64, 2.04}
	p := Panel{Y: y}
	for i := range y {
		u, t := i/6, i%6
		p.Unit, p.Time, p.Treated = append(p.Unit, u), append(p.Time, t), append(p.Treated, u < 6 && t >= 3)
	}
	return p
}

func TestDifferenceInDifferences(t *testing.T) {
	p := panelOf()
	e := DifferenceInDifferences(p, 0.95)
	nearAll(t, "CR2", []float64{e.Value, e.SE, e.DF}, []float64{1.53166666666667, 0.332849741801437, 10})
	if !(e.Low < 1.5 && 1.5 < e.High) {
		t.Errorf("%+v", e)
	}
	s := StaggeredEffect(p, 0.95)
	near(t, "cohort effect", s.Value, 1.58833333333333)

	study := EventStudy(p, 3, 2, 0.95)
	got := []float64{study[0].Value, study[1].Value, study[3].Value, study[4].Value, study[5].Value}
	nearAll(t, "event study", got, []float64{0.303333333333335, -0.133333333333332, 0.846666666666667, 2.05666666666667, 1.86166666666667})
	if study[2].HasInterval() || study[2].Value != 0 {
		t.Errorf("reference: %+v", study[2])
	}
}

// A constant effect that starts at three dates on common trends: the cohort
// estimate finds it, and the two-way one is warned of.
func TestStaggered(t *testing.T) {
	var p Panel
	for u := range 20 {
		for w := range 10 {
			start := []int{3, 5, 8, 99}[u%4]
			effect := 0.0
			if w >= start {
				effect = 0.2 * float64(w-start+1) // grows: the two-way estimate is biased
			}
			p.Y = append(p.Y, float64(u)+0.5*float64(w)+effect)
			p.Unit, p.Time, p.Treated = append(p.Unit, u), append(p.Time, w), append(p.Treated, w >= start)
		}
	}
	want, n := 0.0, 0.0
	for _, start := range []int{3, 5, 8} {
		for w := start; w < 10; w++ {
			want, n = want+0.2*float64(w-start+1), n+1
		}
	}
	near(t, "cohorts", StaggeredEffect(p, 0.95).Value, want/n)
	two := DifferenceInDifferences(p, 0.95)
	wantWarning(t, two.Warnings, "3 dates of treatment")
	if math.Abs(two.Value-want/n) < 0.05 {
		t.Errorf("the two-way estimate %v is right after all", two.Value)
	}
}
