package combine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

// Figure is a number of the combination as it may be shown, and how the territories that it is of differ.
type Figure struct {
	indicator.Result
	// Between is nil where fewer than three territories have a number with an interval of their own.
	Between *Between `json:"between,omitempty"`
}

// Nation are the figures of a combination, protected.
type Nation struct {
	Figures     []Figure
	Comparisons []indicator.Comparison
}

// territory is what a part says alone: exact, and what it could publish of that.
type territory struct {
	exact, shown map[string]indicator.Result
}

// Compute answers all questions on the parts together, and protects the figures under the policy. What a part
// published (Part.Left), or, where that is not given, could publish alone by the same policy, is all that it brings:
// a figure less those of the other parts is one that the part could tell. A figure stands for at least as many persons
// a step as the policy says, and so do those that are taken from it. Where what all parts published is given, the
// figures are protected as one release with it.
func Compute(ctx context.Context, parts []*Part, policy disclosure.Policy, config engine.Config) (n *Nation, err error) {
	ids, err := questions(parts)
	if err != nil {
		return nil, err
	}
	called, alone, hidden := names(parts), map[string]territory{}, map[*Part]map[Cell]bool{}
	var regions []indicator.Region
	for i, p := range parts {
		stood, err := p.stood(ctx, policy, config)
		if err != nil {
			return nil, fmt.Errorf("combine: %s: %w", p.Dir, err)
		}
		alone[called[i]] = territory{byName(stood.Exact), byName(stood.Released.Results)}
		hidden[p] = held(stood.Released.Results)
		regions = append(regions, indicator.Region{Name: called[i], Stood: stood})
	}
	temp, err := os.MkdirTemp(config.TempDir, "combine-")
	if err != nil {
		return nil, fmt.Errorf("combine: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	told := filepath.Join(temp, "told")
	if err := Pool(durable.Disk{}, told, "told", parts, hidden); err != nil {
		return nil, err
	}
	exact, err := figures(ctx, told, ids, config)
	if err != nil {
		return nil, fmt.Errorf("combine: %w", err)
	}
	var shown *indicator.Released
	if left(parts) {
		shown, err = indicator.Jointly(exact, policy, regions)
	} else {
		shown, err = indicator.Release(ctx, exact, nil, policy, nil, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("combine: %w", err)
	}
	n = new(Nation)
	for i, r := range shown.Results {
		r = withheld(r, called, alone)
		shown.Results[i] = r
		n.Figures = append(n.Figures, Figure{r, between(r, alone, policy)})
	}
	stand := byName(shown.Results)
	for _, c := range shown.Comparisons {
		if compares(c, stand) {
			n.Comparisons = append(n.Comparisons, c)
		}
	}
	return n, nil
}

// left reports whether what all parts published is given.
func left(parts []*Part) bool {
	return !slices.ContainsFunc(parts, func(p *Part) bool { return p.Left == nil })
}

// stood is what a part published, or could publish alone.
func (p *Part) stood(ctx context.Context, policy disclosure.Policy, config engine.Config) (*indicator.Stood, error) {
	if p.Left != nil {
		p.Left.Engine = config
		return p.Left.Stand(ctx)
	}
	exact, err := figures(ctx, p.Dir, nil, config)
	if err != nil {
		return nil, err
	}
	shown, err := indicator.Release(ctx, exact, nil, policy, nil, nil)
	return &indicator.Stood{Exact: exact, Released: shown}, err
}

// compares reports whether what a comparison speaks of is shown: two groups are those of the same parts.
func compares(c indicator.Comparison, shown map[string]indicator.Result) bool {
	of := func(group map[string]string) indicator.Result {
		return shown[nameOf(indicator.Result{Indicator: c.Indicator, Measure: c.Measure, Population: c.Population,
			Group: group})]
	}
	if c.Grouping == "" {
		return of(c.Group).Status == indicator.Published
	}
	low, high := of(map[string]string{c.Grouping: c.Lowest}), of(map[string]string{c.Grouping: c.Highest})
	return low.Status == indicator.Published && high.Status == indicator.Published && slices.Equal(low.Parts, high.Parts)
}

// withheld takes the number off a figure that one of its parts holds back: it is made of cells of several groups, of
// which that part could not show all, and would mix the parts.
func withheld(r indicator.Result, called []string, alone map[string]territory) indicator.Result {
	parts := r.Parts
	if parts == nil {
		parts = called
	}
	for _, part := range parts {
		if r.Status != indicator.Published || alone[part].shown[nameOf(r)].Status != indicator.Suppressed {
			continue
		}
		r.Status, r.Estimate, r.Low, r.High, r.Level, r.N, r.Target = indicator.Suppressed, nil, nil, nil, 0, 0, "none"
		r.Warnings = []indicator.Warning{{Code: indicator.CodeHidden,
			French: "Non diffusé : %s ne pourrait pas diffuser ce chiffre seul.", Params: []any{part}}}
	}
	return r
}

// figures are the exact ones of an edition, on some questions or, for none, all.
func figures(ctx context.Context, dir string, ids []string, config engine.Config) ([]indicator.Result, error) {
	ed, err := query.Open(ctx, dir, config)
	if err != nil {
		return nil, err
	}
	defer ed.Close()
	return indicator.Compute(ctx, ed, ids)
}

// held are the cells of what may not be shown of an edition. A figure of several cells that is hidden hides
// those of them that no figure of their own shows: of the others it tells no more than these.
func held(shown []indicator.Result) map[Cell]bool {
	told, out := map[Cell]bool{}, map[Cell]bool{}
	for _, alone := range []bool{true, false} {
		for _, r := range shown {
			sources := sourcesOf(r)
			if (len(sources) == 1) != alone {
				continue
			}
			c := Cell{Population: r.Population, Grouping: "all"}
			for c.Grouping, c.Group = range r.Group {
			}
			for _, c.Source = range sources {
				all := c
				all.Population = ""
				_, isCurve := edition.FindCurve(c.Source)
				switch {
				case alone && r.Status == indicator.Published:
					told[all] = true
				case r.Status != indicator.Suppressed || !alone && told[all]:
				case alone && !isCurve:
					out[c] = true
				default:
					out[all] = true
				}
			}
		}
	}
	return out
}

// sourcesOf are the measures and curves that a figure is made of.
func sourcesOf(r indicator.Result) []string {
	q, _ := question.Lookup(r.Indicator)
	m, _ := q.Measure(r.Measure)
	all := append(slices.Clone(m.Sources), m.Curve, m.Rival)
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// nameOf is what a figure is of.
func nameOf(r indicator.Result) string {
	parts := []string{r.Indicator, r.Measure, r.Population}
	for _, key := range slices.Sorted(maps.Keys(r.Group)) {
		parts = append(parts, key, r.Group[key])
	}
	return strings.Join(parts, "\x00")
}

func byName(results []indicator.Result) map[string]indicator.Result {
	out := make(map[string]indicator.Result, len(results))
	for _, r := range results {
		out[nameOf(r)] = r
	}
	return out
}
