package indicator

import (
	"context"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
)

// The divide on the scale of a model, and taken apart. All of it compares schools by
// their IPS: nothing here is a gap between families.

// slopes is, within each level, the odds ratio of a share from one IPS band of the school
// to the next, by logistic regression on the rank of the band with errors by cluster (CR3):
// level and IPS crossed. Group: {"level": …}.
func (c *computation) slopes(ctx context.Context, empty Result, m question.Measure) ([]Result, error) {
	s, err := c.strata(ctx, m.Sources[0], m.Populations[0])
	if err != nil {
		return nil, err
	}
	var out []Result
	for at, name := range s.levels {
		g := query.Group{Grouping: "level", Value: name}
		whole, err := c.cell(ctx, m.Sources[0], m.Populations[0], g)
		if err != nil {
			return nil, err
		}
		r := empty
		r.Group = groupMap(g)
		if whole == nil {
			out = append(out, r.absent(cellKey{m.Sources[0], m.Populations[0], "level", name}))
			continue
		}
		var x, y []float64
		var design [][]float64
		var cluster, bands []int
		var schools int64
		for i, row := range s.rows {
			if s.level[i] == at {
				x, y = append(x, float64(row.X)), append(y, float64(row.Y))
				design, cluster = append(design, []float64{1, float64(s.band[i])}), append(cluster, i)
				bands, schools = append(bands, s.band[i]), schools+int64(row.Schools)
			}
		}
		slices.Sort(bands)
		if len(slices.Compact(bands)) < 3 {
			out = append(out, r.unmeasured(CodeNoRows,
				"Non mesurable : il faut au moins trois tranches d’IPS au-dessus du seuil de l’édition."))
			continue
		}
		r.N, r.counts = whole.persons, composite([]*cell{whole}, perHead(m.Sources[0]))
		fit := stats.Binomial(x, y, design, stats.BinomialOptions{Cluster: cluster, Variance: stats.CR3})
		out = append(out, r.fitted(fit.Ratio(1, level), schools))
	}
	if len(out) == 0 {
		return []Result{empty.unmeasured(CodeNoRows, noRows)}, nil
	}
	return out, nil
}

// adjustedOdds is the odds ratio of a share between two groups of persons (the second
// source over the first) at equal level and IPS band of the school, by logistic regression
// with errors by cluster (CR3). A cluster of both sources counts as one.
func (c *computation) adjustedOdds(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	cells, err := c.cells(ctx, m.Sources, population, g)
	if err != nil || cells == nil {
		return r.unmeasured(CodeNoRows, noRows), err
	}
	first, err := c.strata(ctx, m.Sources[0], population)
	if err != nil {
		return r, err
	}
	second, err := c.strata(ctx, m.Sources[1], population)
	if err != nil {
		return r, err
	}
	var x, y []float64
	var design [][]float64
	var cluster []int
	known := map[int32]int{}
	for group, s := range []strata{first, second} {
		for i, row := range s.rows {
			level := slices.Index(first.levels, s.levels[s.level[i]])
			band := slices.Index(first.bands, s.bands[s.band[i]])
			if level < 0 || band < 0 {
				continue // nobody of the first group to compare with
			}
			d := make([]float64, 2+len(first.levels)-1+len(first.bands)-1)
			d[0], d[1] = 1, float64(group)
			if level < len(first.levels)-1 {
				d[2+level] = 1
			}
			if band < len(first.bands)-1 {
				d[1+len(first.levels)+band] = 1
			}
			if _, ok := known[row.Cluster]; !ok {
				known[row.Cluster] = len(known)
			}
			x, y = append(x, float64(row.X)), append(y, float64(row.Y))
			design, cluster = append(design, d), append(cluster, known[row.Cluster])
		}
	}
	if len(x) == 0 {
		return r.unmeasured(CodeNoRows, noRows), nil
	}
	r.N, r.counts = cells[0].persons+cells[1].persons, composite(cells, perHead(m.Sources[0]))
	fit := stats.Binomial(x, y, design, stats.BinomialOptions{Cluster: cluster, Variance: stats.CR3})
	return r.fitted(fit.Ratio(1, level), fewest(cells)), nil
}

// parts are those of a decomposed gap.
var parts = []string{"composition", "behaviour"}

// decomposition takes the gap of a share between the lowest and the highest IPS band apart
// (Kitagawa 1955, J. Am. Stat. Assoc. 50): what comes of whom the schools of a band have
// (their level, and the group of each source), and what of how the same persons behave,
//
//	Σ (s1 − s5)·(r1 + r5)/2 + Σ (r1 − r5)·(s1 + s5)/2
//
// over the kinds of persons, of shares s and rates r. A kind that one band has not brings
// the rate of the other. Group: {"part": "composition"} or {"part": "behaviour"}.
func (c *computation) decomposition(ctx context.Context, empty Result, m question.Measure) ([]Result, error) {
	ladder := ladders["ips_band"]
	population := m.Populations[0]
	var found []*cell // of the lowest band and of the highest, kind by kind
	var at []int
	kinds := 0
	for _, source := range m.Sources {
		for _, name := range []string{"ecole", "college", "lycee"} {
			for end, band := range []string{ladder[0], ladder[len(ladder)-1]} {
				cell, err := c.cell(ctx, source, population, query.Group{Grouping: "stratum", Value: name + " " + band})
				if err != nil {
					return nil, err
				}
				if cell != nil {
					found, at = append(found, cell), append(at, 2*kinds+end)
				}
			}
			kinds++
		}
	}
	ends := map[int]bool{}
	for _, i := range at {
		ends[i%2] = true
	}
	if len(ends) < 2 {
		return []Result{empty.unmeasured(CodeNoRows, noRows)}, nil
	}
	var out []Result
	for part, name := range parts {
		e := jackknife(align(found), stats.Identity, func(x, y []float64) float64 {
			return kitagawa(x, y, at, kinds)[part]
		})
		r := empty
		r.Group = map[string]string{"part": name}
		for _, cell := range found {
			r.N += cell.persons
		}
		r.counts = composite(found, perHead(m.Sources[0]))
		out = append(out, r.estimated(e, fewest(found)))
	}
	return out, nil
}

// kitagawa gives the two parts of the gap of cells that stand, by at, at 2·kind of the
// first population and 2·kind + 1 of the second.
func kitagawa(x, y []float64, at []int, kinds int) (out [2]float64) {
	cases, persons := make([]float64, 2*kinds), make([]float64, 2*kinds)
	var whole [2]float64
	for i, k := range at {
		cases[k], persons[k] = x[i], y[i]
		whole[k%2] += y[i]
	}
	for k := range kinds {
		a, b := 2*k, 2*k+1
		if persons[a]+persons[b] == 0 {
			continue
		}
		rate := [2]float64{cases[a] / persons[a], cases[b] / persons[b]}
		if persons[a] == 0 {
			rate[0] = rate[1]
		}
		if persons[b] == 0 {
			rate[1] = rate[0]
		}
		share := [2]float64{persons[a] / whole[0], persons[b] / whole[1]}
		out[0] += (share[0] - share[1]) * (rate[0] + rate[1]) / 2
		out[1] += (rate[0] - rate[1]) * (share[0] + share[1]) / 2
	}
	return out
}

// concentrationCurve gives the points of the concentration curve along the IPS bands, from
// the lowest: up to each band, the cumulated share of the persons (form "accounts") or of
// their x (form "visits"). Group: {"ips_band": …}.
func (c *computation) concentrationCurve(ctx context.Context, empty Result, m question.Measure) ([]Result, error) {
	var cells []*cell
	var persons, x int64
	for _, band := range ladders["ips_band"] {
		cell, err := c.cell(ctx, m.Sources[0], m.Populations[0], query.Group{Grouping: "ips_band", Value: band})
		if err != nil {
			return nil, err
		}
		if cell == nil {
			return []Result{empty.unmeasured(CodeNoRows, noRows)}, nil
		}
		cells = append(cells, cell)
		persons, x = persons+cell.persons, x+cell.x
	}
	var out []Result
	var below, of int64
	for i, cell := range cells[:len(cells)-1] {
		below, of = below+cell.persons, persons
		if m.Form == "visits" {
			below, of = below-cell.persons+cell.x, x
		}
		share := float64(below) / float64(of)
		r := empty
		r.Group = map[string]string{"ips_band": ladders["ips_band"][i]}
		r.N, r.counts, r.Estimate, r.Status = persons, composite(cells, false), &share, Published
		r.counts.modelled = true
		out = append(out, r)
	}
	return out, nil
}
