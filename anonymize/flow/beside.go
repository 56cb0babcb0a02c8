package flow

import (
	"context"
	"maps"
	"slices"
)

// BesideEngine is an engine beside another, to which it gives tables.
type BesideEngine interface {
	Engine
	// Keep adds the rows of a table to those of the other engine's, or makes the table anew there.
	Keep(ctx context.Context, table string, added bool) error
}

// Beside gives a runner for rounds at the same time as those of others beside r, on an
// engine beside that of r. It sees the tables that are there now. What it makes is its own:
// Gather takes what has grown, and what is not gathered is made again by who needs it.
func (r *Runner) Beside(e BesideEngine, steps map[string]func(context.Context) error) *Runner {
	return &Runner{graph: r.graph, engine: e, keep: e.Keep, constants: r.constants, steps: steps,
		values: maps.Clone(r.values), chosen: maps.Clone(r.chosen),
		there: maps.Clone(r.there), grown: map[string]bool{}, kinds: map[string]Kind{}}
}

// Ready makes what the rounds of a loop read and do not make themselves, so that runners
// beside r need not.
func (r *Runner) Ready(ctx context.Context, loop string, tables ...string) error {
	seen := map[string]bool{}
	var ready func(table string) error
	ready = func(table string) error {
		if r.there[table] || seen[table] {
			return nil
		}
		seen[table] = true
		m, err := r.maker(table)
		if err != nil {
			return nil // of the rounds, which put it there
		}
		for _, t := range m.reads {
			if err := ready(t); err != nil {
				return err
			}
		}
		missing := func(table string) bool { return !r.there[table] }
		if m.Loop == loop || slices.ContainsFunc(m.reads, missing) {
			return nil
		}
		return r.run(ctx, m)
	}
	for _, t := range tables {
		if err := ready(t); err != nil {
			return err
		}
	}
	return nil
}

// Gather adds the rows of the tables that grew beside r to those of r.
func (r *Runner) Gather(ctx context.Context, beside *Runner) error {
	for _, table := range slices.Sorted(maps.Keys(beside.grown)) {
		if !beside.grown[table] {
			continue
		}
		if err := beside.keep(ctx, table, r.grown[table]); err != nil {
			return err
		}
		r.there[table], r.grown[table], r.kinds[table] = true, true, Table
		beside.there[table], beside.grown[table] = false, false
		delete(beside.kinds, table)
	}
	return nil
}
