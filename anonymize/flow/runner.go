package flow

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
)

// Engine is what a flow asks of an SQL engine. Arguments are bound, never spliced.
type Engine interface {
	// Materialise makes a table of the rows of a SELECT, in the place of one of its name, which the SELECT may
	// read. Where once is true one statement alone reads it, one time: the engine may put off the work until then.
	Materialise(ctx context.Context, table string, once bool, statement string, args ...any) error
	// Extend adds the rows of a SELECT to a table.
	Extend(ctx context.Context, table, statement string, args ...any) error
	// Define makes a view, in the place of one of its name.
	Define(ctx context.Context, view, statement string) error
	// Rename gives a table another name, which none has.
	Rename(ctx context.Context, table, to string) error
	// Drop frees a table or a view, where it is there.
	Drop(ctx context.Context, name string, view bool) error
	// Query hands every batch of rows of a SELECT to f.
	Query(ctx context.Context, statement string, f func(arrow.Record) error, args ...any) error
}

// Runner makes the tables of a graph in an engine. It is not safe for
// concurrent use.
type Runner struct {
	graph     *Graph
	engine    Engine
	keep      func(ctx context.Context, table string, added bool) error // of a runner beside another
	constants map[string]int64
	values    map[string]any
	steps     map[string]func(context.Context) error
	chosen    map[string]string // the statement or step of a table with several makers
	there     map[string]bool
	grown     map[string]bool // tables to which a round has added rows
	kinds     map[string]Kind // of what stands in the engine
}

// NewRunner gives a runner over an engine. The constants stand for names in the
// statements; a step without a function is a table that the caller puts there.
func NewRunner(
	g *Graph, e Engine, constants map[string]int64, steps map[string]func(context.Context) error,
) *Runner {
	return &Runner{graph: g, engine: e, constants: constants, steps: steps,
		values: map[string]any{}, chosen: map[string]string{},
		there: map[string]bool{}, grown: map[string]bool{}, kinds: map[string]Kind{}}
}

// Set gives arguments their values, int, int32, int64 or string.
func (r *Runner) Set(values map[string]any) {
	for name, v := range values {
		r.values[name] = v
	}
}

// Provided notes that the caller has put a table or view in the engine.
func (r *Runner) Provided(table string, kind Kind) {
	r.there[table], r.kinds[table] = true, kind
}

// Choose says which statement makes a table that several could make.
func (r *Runner) Choose(table, statement string) {
	r.chosen[table], r.there[table] = statement, false
}

func (r *Runner) maker(table string) (*maker, error) {
	makers := r.graph.makers[table]
	for _, m := range makers {
		if len(makers) == 1 || m.statement != nil && m.statement.Name == r.chosen[table] {
			return m, nil
		}
	}
	return nil, fmt.Errorf("flow: nothing makes %s", table)
}

// Make makes tables, and before each what it reads, where it is not there.
func (r *Runner) Make(ctx context.Context, tables ...string) error {
	plan, err := r.plan(tables)
	if err != nil {
		return err
	}
	for _, m := range plan {
		if err := r.run(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// Round begins a round of a loop and makes its tables. Those of the round before
// go, each table that grows is added to once more, and a table of the round that
// was not asked for goes after its last reader.
func (r *Runner) Round(ctx context.Context, loop string, values map[string]any, tables ...string) error {
	r.Set(values)
	for table, makers := range r.graph.makers {
		if !slices.ContainsFunc(makers, func(m *maker) bool { return m.Loop == loop }) {
			continue
		}
		if makers[0].Adds {
			r.there[table] = false
		} else if err := r.drop(ctx, table); err != nil {
			return err
		}
	}
	plan, err := r.plan(tables)
	if err != nil {
		return err
	}
	last := map[string]int{} // of a table of the round, its last reader
	for i, m := range plan {
		for _, t := range m.reads {
			of := r.graph.makers[t]
			if len(of) > 0 && of[0].Loop == loop && !of[0].Adds && !slices.Contains(tables, t) {
				last[t] = i
			}
		}
	}
	for i, m := range plan {
		if err := r.run(ctx, m); err != nil {
			return err
		}
		for _, t := range m.reads {
			if at, ok := last[t]; ok && at == i {
				if err := r.drop(ctx, t); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// plan lists what must run so that the tables are there, in order.
func (r *Runner) plan(tables []string) ([]*maker, error) {
	var plan []*maker
	planned := map[string]bool{}
	var visit func(table string) error
	visit = func(table string) error {
		if r.there[table] || planned[table] {
			return nil
		}
		planned[table] = true
		m, err := r.maker(table)
		if err != nil {
			return err
		}
		for _, t := range m.reads {
			if err := visit(t); err != nil {
				return fmt.Errorf("%w, for %s", err, table)
			}
		}
		plan = append(plan, m)
		return nil
	}
	for _, t := range tables {
		if err := visit(t); err != nil {
			return nil, err
		}
	}
	return plan, nil
}

func (r *Runner) run(ctx context.Context, m *maker) error {
	r.there[m.Name] = true
	if m.step != nil {
		do := r.steps[m.Name]
		if do == nil {
			return fmt.Errorf("flow: %s is not there", m.Name)
		}
		return do(ctx)
	}
	sql, args, err := m.statement.Bind(r.constants, m.With, r.values)
	if err != nil {
		return err
	}
	grown := r.grown[m.Name]
	r.grown[m.Name], r.kinds[m.Name] = m.Adds, m.kind
	switch {
	case m.kind == View:
		err = r.engine.Define(ctx, m.Name, sql)
	case m.Adds && grown:
		err = r.engine.Extend(ctx, m.Name, sql, args...)
	default:
		err = r.engine.Materialise(ctx, m.Name, r.graph.once(m), sql, args...)
	}
	if err != nil {
		return fmt.Errorf("flow: %s: %w", m.statement.Name, err)
	}
	return nil
}

// Remake replaces a table by what another statement makes of it.
func (r *Runner) Remake(ctx context.Context, table, statement string) error {
	s := r.graph.all[statement]
	sql, args, err := s.Bind(r.constants, r.values)
	if err != nil {
		return err
	}
	if err := r.engine.Materialise(ctx, table, false, sql, args...); err != nil {
		return fmt.Errorf("flow: %s: %w", s.Name, err)
	}
	return nil
}

// Ask runs a composed SELECT over tables that are there, with arguments of its own, and
// hands every batch to f.
func (r *Runner) Ask(
	ctx context.Context, name, sql string, values map[string]any, f func(arrow.Record) error,
) error {
	s := &Statement{Name: name, SQL: sql, Args: slices.Collect(maps.Keys(values))}
	bound, args, err := s.Bind(r.constants, values)
	if err != nil {
		return err
	}
	if err := r.engine.Query(ctx, bound, f, args...); err != nil {
		return fmt.Errorf("flow: %s: %w", name, err)
	}
	return nil
}

// Rename gives a table that nothing reads any more another name.
func (r *Runner) Rename(ctx context.Context, table, to string) error {
	if err := r.engine.Rename(ctx, table, to); err != nil {
		return fmt.Errorf("flow: rename %s: %w", table, err)
	}
	r.kinds[to] = r.kinds[table]
	delete(r.kinds, table)
	r.there[table] = false
	return nil
}

// Drop frees tables that nothing reads any more.
func (r *Runner) Drop(ctx context.Context, tables ...string) error {
	for _, t := range tables {
		if err := r.drop(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func (r *Runner) drop(ctx context.Context, table string) error {
	kind := r.kinds[table]
	delete(r.kinds, table)
	r.there[table], r.grown[table] = false, false
	if kind == "" {
		return nil
	}
	if err := r.engine.Drop(ctx, table, kind == View); err != nil {
		return fmt.Errorf("flow: drop %s: %w", table, err)
	}
	return nil
}
