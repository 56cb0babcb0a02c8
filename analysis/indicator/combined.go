package indicator

import (
	"context"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

// A combination of editions (package combine) carries a cell of those of its parts that do: a part may
// lack a feed, or have too few persons in a group. A figure of several cells is one only where
// the same parts carry all of them.

// ranked reports whether a measure is made of ranks among all persons of an edition.
func ranked(m question.Measure) bool {
	return slices.ContainsFunc(m.Sources, func(source string) bool {
		s, _ := edition.FindMeasure(source)
		return s.Ranked
	})
}

// byParts names the parts of a combination that a figure is of. A figure that mixes cells of different parts
// is not measurable.
func (c *computation) byParts(ctx context.Context, m question.Measure, r Result) (Result, error) {
	g := wholePopulation
	for grouping, value := range r.Group {
		g = query.Group{Grouping: grouping, Value: value}
	}
	var first []bool
	for _, source := range append(slices.Clone(m.Sources), m.Curve, m.Rival) {
		carriers, err := c.carriers(ctx, source, r.Population, g)
		if err != nil {
			return r, ignoreNoTable(err)
		}
		switch {
		case !slices.Contains(carriers, true): // no source, or cells of other groups
		case first == nil:
			first = carriers
		case !slices.Equal(first, carriers):
			return r.unmeasured(CodeUnlike, "Non mesurable : les territoires ne portent pas tous les cellules dont ce "+
				"chiffre est fait."), nil
		}
	}
	for i, carries := range first {
		if carries {
			r.Parts = append(r.Parts, c.ed.Manifest.Combined[i].Name)
		}
	}
	return r, nil
}

// carriers says which parts have a cell of a measure or of a curve in a group: of the population, if the
// measure is written for it.
func (c *computation) carriers(ctx context.Context, source, population string, g query.Group) ([]bool, error) {
	clusters, err := c.clustersOf(ctx, source, population, g)
	carries := make([]bool, len(c.ed.Manifest.Combined))
	for _, cluster := range clusters {
		carries[c.partOf(cluster)] = true
	}
	return carries, err
}

// clustersOf are the clusters of the cells of a measure or of a curve in a group; none of "".
func (c *computation) clustersOf(
	ctx context.Context, source, population string, g query.Group,
) (clusters []int32, err error) {
	if source == "" {
		return nil, nil
	}
	if _, isCurve := edition.FindCurve(source); isCurve {
		rows, err := c.life(ctx, source)
		for _, row := range rows[g] {
			clusters = append(clusters, row.Cluster)
		}
		return clusters, err
	}
	m, _ := edition.FindMeasure(source)
	ofOne := slices.Contains(m.Populations, population)
	cells, err := c.sumsOf(ctx, source, g.Grouping)
	for key, rows := range cells {
		if key.group != g.Value || ofOne && key.population != population {
			continue
		}
		for _, row := range rows {
			clusters = append(clusters, row.Cluster)
		}
	}
	return clusters, err
}

// partOf is the place of the part that a cluster is of: the last, where the manifest counts fewer.
func (c *computation) partOf(cluster int32) int {
	parts := c.ed.Manifest.Combined
	for i, p := range parts {
		if cluster -= p.Clusters; cluster < 0 {
			return i
		}
	}
	return len(parts) - 1
}
