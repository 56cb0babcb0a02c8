package stats

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

var coverageDraws = flag.Int("coverage-draws", 100, "draws per cell of the coverage tables")

// region draws clusters as the simulated region has them: sizes log-normal with
// SD 0.6 around 150 units, a log-normal cluster effect of SD 0.45, binomial
// (share) or over-dispersed Poisson (rate) units.
func region(r *rand.Rand, g int, mean float64, share bool) (num, den []float64) {
	for range g {
		n := math.Max(20, math.Round(150*math.Exp(0.6*r.NormFloat64()-0.18)))
		p := mean * math.Exp(0.45*r.NormFloat64()-0.45*0.45/2)
		x := 0.0
		for range int(n) {
			switch {
			case share:
				if r.Float64() < p {
					x++
				}
			default: // gamma-mixed Poisson, shape 1
				x += float64(poisson(r, p*r.ExpFloat64()))
			}
		}
		num, den = append(num, x), append(den, n)
	}
	return num, den
}

func poisson(r *rand.Rand, mean float64) int {
	k, p, limit := 0, r.Float64(), math.Exp(-mean)
	for p > limit {
		p *= r.Float64()
		k++
	}
	return k
}

// TestRatioCoverage is the simulation behind the defaults of ClusterRatio and
// ClusterShare: coverage of nominal 95 % intervals for the ratio of the means.
// `go test -run RatioCoverage -v -coverage-draws 20000` prints the whole table.
func TestRatioCoverage(t *testing.T) {
	options := []RatioOptions{
		{0.95, CR1, Classic, Identity, true, false}, {0.95, CR2, SatterthwaiteIndependent, Identity, true, false},
		{0.95, CR2, SatterthwaiteEffect, Identity, true, false}, {0.95, CR3, SatterthwaiteEffect, Identity, true, false},
		{0.95, CR1, Classic, Log, true, false}, {0.95, CR2, SatterthwaiteIndependent, Log, true, false},
		{0.95, CR2, SatterthwaiteEffect, Log, true, false}, {0.95, CR3, SatterthwaiteEffect, Log, true, false},
		{0.95, CR3, SatterthwaiteEffect, Log, false, false},
	}
	header := fmt.Sprintf("%-19s", "G=clusters")
	for _, o := range options {
		header += fmt.Sprintf("  %v %v %v%s;", o.Variance, o.Freedom, o.Transform,
			map[bool]string{false: " skewed"}[o.Symmetric])
	}
	t.Log(header)
	cells, held := 0, 0
	for _, share := range []bool{true, false} {
		for _, mean := range []float64{0.03, 0.2, 1.5} {
			if share && mean > 1 {
				continue
			}
			for _, g := range []int{10, 12, 20, 40, 60} {
				hits := make([]int, len(options))
				width := make([]float64, len(options))
				r := rand.New(rand.NewPCG(1, uint64(g)))
				for range *coverageDraws {
					num, den := region(r, g, mean, share)
					for i, o := range options {
						if share && o.Transform == Log {
							o.Transform = Logit
						}
						e := ClusterRatioWith(num, den, o)
						if e.Low <= mean && mean <= e.High {
							hits[i]++
						}
						width[i] += (e.High - e.Low) / mean
					}
				}
				line := fmt.Sprintf("%-5s of %-4v G=%-3d", [2]string{"rate", "share"}[int(indicator(share))], mean, g)
				for i := range options {
					line += fmt.Sprintf("  %.3f (%.2f)", float64(hits[i])/float64(*coverageDraws),
						width[i]/float64(*coverageDraws))
				}
				t.Log(line)
				cells, held = cells+1, held+hits[len(options)-1]
			}
		}
	}
	if pooled := float64(held) / float64(cells**coverageDraws); pooled < 0.945 {
		t.Errorf("the default covers %.3f", pooled)
	}
}
