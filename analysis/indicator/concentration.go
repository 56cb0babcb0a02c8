package indicator

import (
	"context"
	"math"

	"gonum.org/v1/gonum/stat"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// gini is the Gini coefficient, from rank sums made inside the wall.
func (c *computation) gini(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	rank, err := c.cell(ctx, "F5.rank", population, g)
	if err != nil {
		return r, err
	}
	upper, err := c.cell(ctx, "F5.upper", population, g)
	if err != nil {
		return r, err
	}
	if rank == nil || upper == nil || len(rank.rows) != len(upper.rows) {
		return r.unmeasured(CodeNoRows, noRows), nil
	}
	persons := make([]float64, len(rank.rows))
	for i, row := range rank.rows {
		persons[i] = float64(row.Persons)
	}
	r.N, r.counts = rank.persons, rank.counts(false)
	r.counts.x = rank.y // the magnitude behind a Gini is the visits
	r.counts.largestX, r.counts.pairX = r.counts.largestY, r.counts.pairY
	return r.estimated(stats.GiniClusters(persons, rank.den, rank.num, upper.num, level), rank.schools), nil
}

// topShare is the share of the visits that the tenth of the accounts with most
// visits makes. How many accounts of each cluster are in that tenth, and the bin
// of the visits of the last of them, come from the histogram of their visits.
func (c *computation) topShare(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	r, cell, err := c.own(ctx, r, m, population, g)
	if cell == nil {
		return r, err
	}
	top, persons := make([]float64, len(cell.rows)), make([]float64, len(cell.rows))
	for i, row := range cell.rows {
		persons[i], top[i] = float64(row.Persons), float64(row.Persons-row.Histogram[0])
	}
	r.N, r.counts = cell.persons, cell.counts(false)
	e := stats.TopShareClusters(cell.num, cell.den, top, persons, cell.threshold(), level)
	return r.estimated(e, cell.schools), nil
}

// partsOfTop are the shares of the accounts, in percent and from those with most visits on, at
// which the sources of a Lorenz curve end.
var partsOfTop = []float64{10, 20, 30, 50, 100}

// lorenz is the share of the visits that the m.At percent of the accounts with most visits make:
// the sources up to there of all of them, so that the points of one curve rise whatever the noise
// of each.
func (c *computation) lorenz(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	cells, err := c.cells(ctx, m.Sources, population, g)
	if err != nil || cells == nil {
		return r.absent(cellKey{m.Sources[0], population, g.Grouping, g.Value}), err
	}
	n := len(cells[0].rows)
	held, sum, top, persons := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	threshold := 0.0
	for k, cell := range cells {
		if len(cell.rows) != n {
			return r.unmeasured(CodeNoRows, noRows), nil
		}
		inside := partsOfTop[k] <= m.At
		if inside {
			threshold = cell.threshold()
		}
		for i, row := range cell.rows {
			persons[i], sum[i] = float64(row.Persons), sum[i]+cell.num[i]
			if inside {
				held[i], top[i] = held[i]+cell.num[i], top[i]+float64(row.Persons-row.Histogram[0])
			}
		}
	}
	r.N, r.counts = cells[0].persons, composite(cells, false)
	r.counts.modelled = true
	return r.estimated(stats.TopShareClusters(held, sum, top, persons, threshold, level), cells[0].schools), nil
}

// threshold is the middle of the lowest bin above 0 that holds anybody.
func (c *cell) threshold() float64 {
	for k := 1; k < len(c.histogram)-1; k++ {
		if c.histogram[k] > 0 {
			return float64(edition.HistogramEdges[k]+edition.HistogramEdges[k+1]-1) / 2
		}
	}
	return float64(edition.HistogramEdges[len(c.histogram)-1])
}

// theil is Theil's T between clusters of schools. It has no sampling interval that
// an edition's clusters of unequal size would justify.
func (c *computation) theil(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	return c.betweenSchools(ctx, r, m, population, g, func(cell *cell, persons []float64) (float64, *counts) {
		return stats.TheilBetween(persons, cell.num), cell.counts(false)
	})
}

// icc is how much the units behind a share (persons, threads) of one school are
// alike: the intraclass correlation of 0 and 1. No interval, as for theil.
func (c *computation) icc(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	return c.betweenSchools(ctx, r, m, population, g, func(cell *cell, _ []float64) (float64, *counts) {
		return stats.ICCOneWay(cell.den, cell.num, cell.num, level).Value, cell.counts(perHead(m.Sources[0]))
	})
}

// correlation is Pearson's, over the clusters of schools that both sources have, of
// the mean of the first and the mean of the second, clusters weighted by persons:
// do the schools where families meet more tools see them more often? It speaks of
// schools, not of families. No interval, as for theil.
func (c *computation) correlation(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	var cells []*cell
	for _, source := range m.Sources {
		cell, err := c.cell(ctx, source, population, g)
		if err != nil || cell == nil {
			return r.absent(cellKey{source, population, g.Grouping, g.Value}), err
		}
		cells = append(cells, cell)
	}
	means := map[int32]float64{}
	for i, row := range cells[1].rows {
		means[row.Cluster] = cells[1].num[i] / cells[1].den[i]
	}
	var x, y, weight []float64
	for i, row := range cells[0].rows {
		if mean, ok := means[row.Cluster]; ok {
			x, y = append(x, cells[0].num[i]/cells[0].den[i]), append(y, mean)
			weight = append(weight, float64(row.Persons))
		}
	}
	if len(x) < stats.MinClusters {
		return r.unmeasured(CodeFewClusters, "Non mesurable : moins de %d grappes d’établissements.",
			stats.MinClusters), nil
	}
	value := stat.Correlation(x, y, weight)
	if math.IsNaN(value) {
		return r.unmeasured(CodeZero, "Non mesurable : toutes les grappes se valent."), nil
	}
	r.Estimate, r.Status, r.N, r.counts = &value, Published, cells[0].persons, composite(cells, false)
	return r, nil
}

// betweenSchools is an index of the clusters of one source: f computes it from the
// cell and the persons of each cluster, and says what it is made of.
func (c *computation) betweenSchools(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
	f func(cell *cell, persons []float64) (float64, *counts),
) (Result, error) {
	r, cell, err := c.own(ctx, r, m, population, g)
	if cell == nil {
		return r, err
	}
	if len(cell.rows) < stats.MinClusters {
		return r.unmeasured(CodeFewClusters, "Non mesurable : moins de %d grappes d’établissements.",
			stats.MinClusters), nil
	}
	persons := make([]float64, len(cell.rows))
	for i, row := range cell.rows {
		persons[i] = float64(row.Persons)
	}
	value, made := f(cell, persons)
	if math.IsNaN(value) {
		return r.unmeasured(CodeZero, "Non mesurable : dénominateur nul."), nil
	}
	r.Estimate, r.Status, r.N, r.counts = &value, Published, cell.persons, made
	return r, nil
}
