package power

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/edition"
)

var usual = Test{Alpha: 0.05, Power: 0.8}

// Two arms of 30 schools of 250 and an ICC of 0.03: the closed form of Donner & Klar 2000,
// ch. 5, with normal quantiles is 6.48 points; 58 degrees of freedom make it 6.63.
func TestAssumed(t *testing.T) {
	b, err := Assumed(0.4, 0.03, 60, 250)
	if err != nil {
		t.Fatal(err)
	}
	normal := (1.959964 + 0.841621) * math.Sqrt(2*0.4*0.6*(1+249*0.03)/(30*250))
	if d := b.Detectable(60, usual); d < normal*1.005 || d > normal*1.04 {
		t.Errorf("%v, by normal quantiles %v", d, normal)
	}
	if d := b.Detectable(11, usual); !math.IsNaN(d) {
		t.Errorf("11 schools find %v", d)
	}
	if _, err := Assumed(1, -1, 3, 0); err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("%v", err)
	}
}

// A basis read from cells finds what an assumed one does, when the cells are as assumed.
func TestBasis(t *testing.T) {
	m, _ := edition.FindMeasure("L2.never")
	var sums []query.Sum
	for i := range 40 {
		sums = append(sums, query.Sum{Cluster: int32(i), Schools: 1, Persons: 200, Y: 200, X: int64(60 + 20*(i%3))})
	}
	b, ok := basis(m, "all_accounts", sums)
	if !ok {
		t.Fatal("no interval")
	}
	a, err := Assumed(b.Value, b.ICC, 40, 200)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := b.Detectable(80, usual), a.Detectable(80, usual); math.Abs(got/want-1) > 0.06 {
		t.Errorf("%v from cells, %v assumed", got, want)
	}
	if _, ok := basis(m, "all_accounts", sums[:9]); ok {
		t.Error("9 schools have a basis")
	}
}

func TestWrite(t *testing.T) {
	b, err := Assumed(0.4, 0.03, 60, 250)
	if err != nil {
		t.Fatal(err)
	}
	p := Plan{usual, []Basis{b}, []int64{12, 150}}
	for format, want := range map[string]string{
		"table": "assumed share                 40  0.03    8.47       60        6.63   16.2    4.15",
		"csv":   "assumed share,,0.4,",
		"svg":   "number of schools",
	} {
		var out bytes.Buffer
		if err := p.Write(&out, format); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("%s: %v\n%s", format, err, out.String())
		}
	}
	if err := p.Write(&bytes.Buffer{}, "pdf"); err == nil {
		t.Error("pdf is written")
	}
}
