package indicator

import (
	"math"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// strata are the cells of a measure by level and IPS band of the school
// ("college 2"), one row a cluster: the data of a model of both together.
type strata struct {
	levels, bands []string // with a cell; the last of each is the reference
	rows          []query.Sum
	level, band   []int // of each row, in levels and bands
	cluster       []int
}

// design is a constant, an indicator of each level and of each band, but for the
// references.
func (s strata) design() [][]float64 {
	x := make([][]float64, len(s.rows))
	for i := range x {
		x[i] = make([]float64, 1+len(s.levels)-1+len(s.bands)-1)
		x[i][0] = 1
		if s.level[i] < len(s.levels)-1 {
			x[i][1+s.level[i]] = 1
		}
		if s.band[i] < len(s.bands)-1 {
			x[i][len(s.levels)+s.band[i]] = 1
		}
	}
	return x
}

// contrasts are the groups that the columns of the design after the constant speak
// of.
func (s strata) contrasts() []query.Group {
	var out []query.Group
	if len(s.rows) == 0 {
		return nil
	}
	for _, level := range s.levels[:len(s.levels)-1] {
		out = append(out, query.Group{Grouping: "level", Value: level})
	}
	for _, band := range s.bands[:len(s.bands)-1] {
		out = append(out, query.Group{Grouping: "ips_band", Value: band})
	}
	return out
}

func (s strata) schools() (n int64) {
	for _, row := range s.rows {
		n += int64(row.Schools)
	}
	return n
}

// countData are the histograms of x by stratum and cluster as interval-censored
// counts, with the log of the mean exposure of the cluster as offset.
func (s strata) countData() stats.CountData {
	var d stats.CountData
	design := s.design()
	for i, row := range s.rows {
		weeks := math.Max(exposureStep, math.Round(float64(row.Y)/float64(row.Persons)/exposureStep)*exposureStep)
		for b, n := range row.Histogram {
			if n == 0 {
				continue
			}
			high := math.Inf(1)
			if b+1 < len(row.Histogram) {
				high = float64(edition.HistogramEdges[b+1] - 1)
			}
			d.Low, d.High = append(d.Low, float64(edition.HistogramEdges[b])), append(d.High, high)
			d.X, d.Z = append(d.X, design[i]), append(d.Z, design[i])
			d.Offset, d.Weight = append(d.Offset, math.Log(weeks)), append(d.Weight, float64(n))
			d.Cluster = append(d.Cluster, i)
		}
	}
	return d
}

// exposureStep is the part of a week to which the mean exposure of a cluster is
// rounded, so that clusters alike are fitted as one row: at most 1 % in 12 weeks.
const exposureStep = 0.25
