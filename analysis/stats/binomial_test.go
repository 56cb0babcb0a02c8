package stats

import (
	"math"
	"testing"
)

// glm(family = binomial) of R, and its sandwich written out: testdata/regression.R.
func TestBinomialClusters(t *testing.T) {
	x, cluster, _ := blockDesign()
	z, ones := make([]float64, len(x)), make([]float64, len(x))
	for i, y := range blockY {
		ones[i] = 1
		if y > 1 {
			z[i] = 1
		}
	}
	r := Binomial(z, ones, x, BinomialOptions{})
	nearAll(t, "coef", r.Coef, []float64{0.559710181574410, 0.727199479193244, -0.491088904918950})
	nearAll(t, "SE", r.SE, []float64{0.340217418169922, 0.401567115118086, 0.362509533079423})
	near(t, "logLik", r.LogLik, -29.5846332582002)
	for j, want := range [][]float64{{0.155420072440965, 0.0745737038384677},
		{-0.104957546534731, 0.0720145297477455}} {
		at, from := moved(x, j+1, 1e-4), moved(x, j+1, -1e-4)
		e := Standardised(r, LogitLink, at, from, nil, nil, 0.95)
		e.Value, e.SE = e.Value/2e-4, e.SE/2e-4 // a slope
		nearAll(t, "marginal effect", []float64{e.Value, e.SE}, want)
	}
	for v, want := range map[Variance][][]float64{
		CR0: {{0.440474621569248, 0.268880207854467, 0.541379532409596}, {11, 11, 11}},
		CR2: {{0.486579391601312, 0.305124756760259, 0.693130630512973},
			{7.88707577794928, 7.12363273337651, 3.86242487171753}},
		CR3: {{0.539983761206758, 0.351937116548869, 0.902675440003928},
			{7.57570870062591, 6.76324190777754, 3.07540384282663}},
	} {
		r := Binomial(z, ones, x, BinomialOptions{Cluster: cluster, Variance: v})
		nearAll(t, v.String(), r.SE, want[0])
		nearAll(t, v.String()+" df", r.DF, want[1])
	}
	e := r.Ratio(1, 0.95)
	nearAll(t, "odds ratio", []float64{e.Value, e.Low, e.High}, []float64{math.Exp(0.727199479193244),
		math.Exp(0.727199479193244 - 1.959963984540054*0.401567115118086),
		math.Exp(0.727199479193244 + 1.959963984540054*0.401567115118086)})
}

// datasets::UCBAdmissions: admitted and rejected, men then women, by department.
// Bickel, Hammel & O'Connell 1975 (Science 187).
var berkeley = [6][4]float64{{512, 313, 89, 19}, {353, 207, 17, 8}, {120, 205, 202, 391}, {138, 279, 131, 244},
	{53, 138, 94, 299}, {22, 351, 24, 317}}

func TestBinomialGrouped(t *testing.T) {
	var success, trials []float64
	var crude, full [][]float64
	for d, c := range berkeley {
		for s := range 2 {
			success, trials = append(success, c[2*s]), append(trials, c[2*s]+c[2*s+1])
			row := make([]float64, 7)
			row[0], row[1] = 1, float64(s)
			if d > 0 {
				row[1+d] = 1
			}
			crude, full = append(crude, row[:2]), append(full, row)
		}
	}
	r := Binomial(success, trials, crude, BinomialOptions{})
	nearAll(t, "crude", append(r.Coef, r.SE...),
		[]float64{-0.220134018863796, -0.610352376146394, 0.0387881025678397, 0.0638930471835374})
	r = Binomial(success, trials, full, BinomialOptions{})
	nearAll(t, "by department", []float64{r.Coef[1], r.SE[1], r.Coef[6], r.SE[6], r.LogLik},
		[]float64{0.0998700881593498, 0.0808464665169082, -3.3064800558871612, 0.1699818084716578, -44.5719797779028})
	if r.N != 4526 {
		t.Errorf("N = %d, want 4526", r.N)
	}
	e := Standardised(r, LogitLink, set(full, 1, 1), set(full, 1, 0), trials, nil, 0.95)
	if !(e.Low < e.Value && e.Value < e.High && e.Value > 0.01 && e.Value < 0.025) {
		t.Errorf("risk difference %+v", e)
	}
}

func TestBinomialCloglog(t *testing.T) {
	x := [][]float64{{1, 0, 0}, {1, 1, 0}, {1, 0, 1}, {1, 1, 1}}
	r := Binomial([]float64{5, 8, 12, 3}, []float64{100, 80, 60, 30}, x, BinomialOptions{Link: CloglogLink})
	nearAll(t, "cloglog", append(r.Coef, r.SE...),
		[]float64{-2.5986781686213045, 0.0179920020723627, 0.8904283293913013,
			0.328120859670687, 0.390554531311138, 0.381735211181112})
	near(t, "logLik", r.LogLik, -8.72943486481948)
}

func TestSeparation(t *testing.T) {
	x := [][]float64{{1, 0}, {1, 0}, {1, 1}, {1, 1}}
	r := Binomial([]float64{3, 4, 9, 9}, []float64{9, 9, 9, 9}, x, BinomialOptions{})
	wantWarning(t, r.Warnings, "separation: 2 of 4 rows are fitted with certainty")
}

// moved adds step to a column.
func moved(x [][]float64, j int, step float64) [][]float64 {
	out := make([][]float64, len(x))
	for i, row := range x {
		out[i] = append([]float64(nil), row...)
		out[i][j] += step
	}
	return out
}

// set gives a column one value.
func set(x [][]float64, j int, v float64) [][]float64 {
	out := moved(x, j, 0)
	for i := range out {
		out[i][j] = v
	}
	return out
}
