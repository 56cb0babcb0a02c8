package stats

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
)

// readTable reads a numeric CSV of testdata by column.
func readTable(t *testing.T, name string) map[string][]float64 {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string][]float64{}
	for _, row := range rows[1:] {
		for j, cell := range row {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			columns[rows[0][j]] = append(columns[rows[0][j]], v)
		}
	}
	return columns
}

// rowsOf joins columns to a design with a constant.
func rowsOf(columns ...[]float64) [][]float64 {
	x := make([][]float64, len(columns[0]))
	for i := range x {
		x[i] = []float64{1}
		for _, c := range columns {
			x[i] = append(x[i], c[i])
		}
	}
	return x
}

// MASS::quine, 146 pupils of Walgett (Aitkin 1978): testdata/counts.R holds the
// R code of every expected number here.
func TestCountsPlain(t *testing.T) {
	q := readTable(t, "quine.csv")
	r := Counts(CountData{Low: q["days"], High: q["days"], X: rowsOf(q["aboriginal"], q["male"])},
		CountModel{Poisson, PlainZero})
	nearAll(t, "Poisson", append(r.Coef, r.SE...), []float64{2.420154997213221, 0.556449037055238, 0.167825327990930,
		0.0384229408957910, 0.0418179271635901, 0.0408037345951377})
	near(t, "logLik", r.LogLik, -1231.78408162967)

	nb := Counts(CountData{Low: q["days"], High: q["days"],
		X: rowsOf(q["aboriginal"], q["male"], q["f1"], q["f2"], q["f3"], q["slow"])}, CountModel{NB2, PlainZero})
	nearAll(t, "glm.nb", nb.Coef[:7], []float64{2.3252082928912245, 0.5693716973581873, 0.0823202841457874,
		-0.4484281498775562, 0.0880801521139658, 0.3569009714294106, 0.2921091570337026})
	nearAll(t, "glm.nb SE", nb.SE[:7], []float64{0.229419468662632, 0.153333359282745, 0.159915014648278,
		0.239746592555298, 0.236193028653609, 0.248324362799483, 0.186474710100362})
	nearAll(t, "theta", []float64{nb.Theta, nb.ThetaSE, nb.LogLik},
		[]float64{1.27489264506228, 0.16103566171498, -546.575509144992})

	off := make([]float64, len(q["days"]))
	for i := range off {
		off[i] = math.Log(1 + q["f2"][i] + q["f3"][i])
	}
	r = Counts(CountData{Low: q["days"], High: q["days"], X: rowsOf(q["aboriginal"]), Offset: off},
		CountModel{Poisson, PlainZero})
	nearAll(t, "offset", r.Coef, []float64{2.10755150061173, 0.528098670681914})

	id := make([]int, len(q["days"]))
	for i := range id {
		id[i] = int(q["f1"][i] + 2*q["f2"][i] + 3*q["f3"][i] + 4*q["slow"][i] + 8*q["male"][i])
	}
	r = Counts(CountData{Low: q["days"], High: q["days"], X: rowsOf(q["aboriginal"]), Cluster: id, Variance: CR1},
		CountModel{Poisson, PlainZero})
	nearAll(t, "robust", r.SE, []float64{0.190231800670623, 0.229193577420882})
	if r.Clusters != 14 || r.DF[1] != 13 {
		t.Errorf("%d clusters, %v degrees of freedom", r.Clusters, r.DF)
	}
}

func TestCountsZeros(t *testing.T) {
	q := readTable(t, "quine.csv")
	x := rowsOf(q["aboriginal"])
	d := CountData{Low: q["days"], High: q["days"], X: x}
	zinb := Counts(d, CountModel{NB2, Inflated})
	nearAll(t, "ZINB", zinb.Coef,
		[]float64{2.523709604032218, 0.536889171271891, -4.199071592028864, 0.208680849551423})
	nearAll(t, "ZINB SE", zinb.SE,
		[]float64{0.116656077445930, 0.160222621508192, 1.836500013570601, 0.163654111619648}, 1e-5)
	near(t, "ZINB logLik", zinb.LogLik, -553.165600270198)
	d.Z = x
	zip := Counts(d, CountModel{Poisson, Inflated})
	nearAll(t, "ZIP", zip.Coef, []float64{2.609642196679798, 0.460460619155263, -2.154676972392432, -2.064830763049216})
	nearAll(t, "ZIP SE", zip.SE,
		[]float64{0.0326514343370778, 0.0418175803631237, 0.3734913090912908, 1.0743377998538985}, 1e-5)
	near(t, "ZIP logLik", zip.LogLik, -1146.85209126447)
	hurdle := Counts(d, CountModel{NB2, Hurdle})
	nearAll(t, "hurdle", hurdle.Coef,
		[]float64{2.563140154558504, 0.481001861166405, 2.154664962916798, 2.064842742271414, 0.250056429921692})
	nearAll(t, "hurdle SE", hurdle.SE,
		[]float64{0.112999217597936, 0.157448980777395, 0.373487284902826, 1.074336342269074, 0.157118241576294}, 1e-5)
	near(t, "hurdle logLik", hurdle.LogLik, -551.399761054201)
	near(t, "hurdle zeros", hurdle.Zeros, 9) // a saturated hurdle gives the zeros back
}

// binEdges are fixed bins as an edition has them; the last is open.
var binEdges = []float64{0, 1, 2, 3, 5, 8, 12, 18, 26, 38, 54, 78, 110, 158, 222, 318}

func TestCountsBinned(t *testing.T) {
	q := readTable(t, "quine.csv")
	weight := make([]float64, 2*len(binEdges)) // cells: aboriginal × bin
	for i, y := range q["days"] {
		k := len(binEdges) - 1
		for binEdges[k] > y {
			k--
		}
		weight[int(q["aboriginal"][i])*len(binEdges)+k]++
	}
	d := CountData{Weight: weight}
	for g := range 2 {
		for k := range binEdges {
			b := bin(binEdges, k)
			d.Low, d.High = append(d.Low, b.Low), append(d.High, b.High)
			d.X = append(d.X, []float64{1, float64(g)})
		}
	}
	nb := Counts(d, CountModel{NB2, PlainZero})
	nearAll(t, "binned NB", nb.Coef, []float64{2.480168836941455, 0.575263162485869, 0.177231924624238})
	nearAll(t, "binned NB SE", nb.SE, []float64{0.110895474092408, 0.159369722544589, 0.125716058839084}, 1e-5)
	near(t, "binned NB logLik", nb.LogLik, -329.577016157999)
	zinb := Counts(d, CountModel{NB2, Inflated})
	nearAll(t, "binned ZINB", zinb.Coef,
		[]float64{2.510213543874794, 0.551045357826452, -3.960248956349075, 0.260007254552112})
	nearAll(t, "binned ZINB SE", zinb.SE,
		[]float64{0.115513565122802, 0.158929182715426, 1.414728418412982, 0.164927859484406}, 1e-5)
	if nb.N != 146 {
		t.Errorf("N = %d", nb.N)
	}
}

func TestCountsFaults(t *testing.T) {
	even := []float64{3, 3, 4, 4, 3, 4, 4, 3}
	x := rowsOf(make([]float64, 8))
	r := Counts(CountData{Low: even, High: even, X: x}, CountModel{Poisson, PlainZero})
	wantWarning(t, r.Warnings, "collinear")
	for i := range x {
		x[i] = x[i][:1]
	}
	nb := Counts(CountData{Low: even, High: even, X: x}, CountModel{NB2, PlainZero})
	wantWarning(t, nb.Warnings, "theta")
	near(t, "mean", math.Exp(nb.Coef[0]), 3.5, 1e-3)
	// no zero beyond the family's own: the share of inflated zeros runs to 0
	zi := Counts(CountData{Low: even, High: even, X: x}, CountModel{Poisson, Inflated})
	wantWarning(t, zi.Warnings, "on the boundary")
	if !math.IsNaN(zi.SE[1]) || math.IsNaN(zi.SE[0]) || zi.Iterations > 60 {
		t.Errorf("boundary: SE %v after %d steps", zi.SE, zi.Iterations)
	}
	r = Counts(CountData{Low: []float64{-1}, High: []float64{0}, X: [][]float64{{1}}}, CountModel{})
	wantWarning(t, r.Warnings, "below 0")
}

// Probabilities of a row sum to 1 over the bins and their derivatives to 0.
func TestCountProbability(t *testing.T) {
	for _, family := range []CountFamily{Poisson, NB2} {
		for _, zero := range []ZeroPart{PlainZero, Inflated, Hurdle} {
			for _, eta := range []float64{-4, 0.3, 3.5} {
				var sum countTerm
				for k := range binEdges {
					b := bin(binEdges, k)
					sum.add(countProbability(b.Low, b.High, eta, -0.4, 0.2, family, zero), 1)
				}
				for _, v := range []float64{sum.p - 1, sum.eta, sum.lambda, sum.zeta} {
					if math.Abs(v) > 1e-9 {
						t.Errorf("%v eta %v: %+v", CountModel{family, zero}, eta, sum)
						break
					}
				}
			}
		}
	}
}
