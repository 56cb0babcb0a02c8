package national

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/anonymize/engine"
)

// Options say what is asked of an edition.
type Options struct {
	// Events are looked at one by one; nil is the lockdown of March 2020.
	Events []Event
	// AcrossBreaks compares school years across a break of method, and says so.
	AcrossBreaks bool
	Engine       engine.Config
}

// Answers are the figures of an edition, and what pages draw of it.
type Answers struct {
	*Edition
	Results []indicator.Result
	// Asked are the events that were looked at; Events those that have a number.
	Asked  []Event
	Events []EventStudy
	// Lines are those of each school, by its place in Schools; nil of a school that was
	// never measured.
	Lines []*Line
	// Position of each school in the reference year.
	Positions []Position
}

// answer is a computation under way.
type answer struct {
	*Edition
	options Options
	out     *Answers
	// atYear keeps the positions of a school year.
	atYear map[int][]position
}

func (a *answer) add(r indicator.Result) { a.out.Results = append(a.out.Results, r) }

// Answer computes every figure of the edition in the folder dir.
func Answer(ctx context.Context, dir string, o Options) (*Answers, error) {
	e := &Edition{}
	if err := e.readManifest(dir); err != nil {
		return nil, err
	}
	t, err := openTables(ctx, dir, o.Engine)
	if err != nil {
		return nil, err
	}
	defer t.close()
	if err := e.read(ctx, t); err != nil {
		return nil, err
	}
	if o.Events == nil {
		o.Events = []Event{Lockdown}
	}
	a := &answer{Edition: e, options: o, out: &Answers{Edition: e, Asked: o.Events}, atYear: map[int][]position{}}
	if !e.has("profils") {
		a.nothing()
	} else {
		e.findBreaks()
		a.visits()
		a.perimeter()
		a.events()
		a.gradients()
		if err := a.seasons(ctx, t); err != nil {
			return nil, err
		}
		if err := a.lines(ctx, t); err != nil {
			return nil, err
		}
	}
	a.deviceShares()
	a.serviceShares()
	slices.SortStableFunc(
		a.out.Results,
		func(x, y indicator.Result) int { return cmp.Compare(x.Indicator, y.Indicator) },
	)
	return a.out, nil
}

// nothing says of every question of the profiles that their file is missing.
func (a *answer) nothing() {
	for id, measures := range map[string][]string{
		"W1": {"visits", "visits_per_school_week", "panel_visits_per_school_week", "user_weeks_per_pupil"},
		"W2": {"schools", "joined", "left", "stopped_feeds", "break"},
		"W3": {"level_ratio", "slope_ratio", "mean_ratio"},
		"W6": gradientMeasures,
		"W7": {"term", "holidays", "ratio"},
	} {
		for _, m := range measures {
			a.add(figure{id, m, "parents", group{}}.missing(missingFile("profils")))
		}
	}
}

// positionsOf are the positions of a school year, computed once.
func (a *answer) positionsOf(year int) []position {
	if a.atYear[year] == nil {
		first, _ := firstYear(a.Years[year].Label)
		a.atYear[year] = a.positions(first)
	}
	return a.atYear[year]
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
