// Package query is the engine over one edition: it opens the folder, verifies
// what its manifest promises, loads the tables it lists and locks the engine;
// afterwards nothing but the edition is reachable.
//
//  1. Open reads manifest.json through an os.Root and recomputes every hash.
//  2. Each listed table goes into the engine; the engine is locked.
//  3. One method per question runs one embedded .sql file, which declares what it
//     reads, takes and gives (package flow), and hands typed rows back, in a total
//     order.
//
// SQL yields keys, counts and integer sums only. Divisions, quantiles and
// everything else in floating point are package stats's. Values are bound
// parameters, never spliced into a statement.
//
// The package stands downstream of the wall: it imports the edition, the engine and
// the runner of statements, and nothing that knows a pseudonym.
package query

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/flow"
)

// Edition is one verified edition, loaded and locked. It is not safe for
// concurrent use, as the engine under it is not. Close it.
type Edition struct {
	Manifest *edition.Manifest
	engine   *engine.Engine
	runner   *flow.Runner
	tables   map[string]bool
	sums     map[string][]Sum // by measure, where they are few; nil before they are asked for
}

// ErrNoTable says that the edition does not carry the table a question reads.
// The answer to the question is then « non mesurable », never 0.
var ErrNoTable = errors.New("table not in the edition")

// Open verifies the edition in the folder dir against its manifest, loads its
// tables and locks the engine. A missing, added-to, altered or linked file, an
// unknown kind of edition or table makes it fail before the engine reads a byte.
func Open(ctx context.Context, dir string, c engine.Config) (*Edition, error) {
	manifest, files, err := verify(dir)
	if err != nil {
		return nil, err
	}
	graph, err := statements()
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	e, err := engine.Open(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	ed := &Edition{Manifest: manifest, engine: e, tables: map[string]bool{}}
	ed.runner = flow.NewRunner(graph, e, nil, nil)
	for _, f := range files {
		if err := ed.load(ctx, f.Table, filepath.Join(dir, f.Name)); err != nil {
			e.Close()
			return nil, fmt.Errorf("query: %s: %w", f.Name, err)
		}
		ed.tables[f.Table] = true
		ed.runner.Provided(f.Table, flow.Table)
	}
	if err := e.Lock(ctx); err != nil {
		e.Close()
		return nil, fmt.Errorf("query: lock: %w", err)
	}
	return ed, nil
}

// load copies a table into the engine. The sums of an edition stand in the order of
// their groups, and every question asks for one measure: they are put in that order,
// so that an answer reads its own rows and not the whole table.
func (e *Edition) load(ctx context.Context, table, file string) error {
	if table == edition.TableSums {
		return e.engine.LoadOrdered(ctx, table, []string{file}, []string{"measure", "grouping"})
	}
	return e.engine.Load(ctx, table, []string{file})
}

// verify reads the manifest, checks every hash and returns the files that hold
// tables, in the manifest's order.
func verify(dir string) (*edition.Manifest, []edition.File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("query: open edition: %w", err)
	}
	defer root.Close()
	m, err := edition.Read(root)
	if err != nil {
		return nil, nil, fmt.Errorf("query: %w", err)
	}
	allowed, err := edition.Tables(m.Kind)
	if err != nil {
		return nil, nil, fmt.Errorf("query: %w", err)
	}
	if len(allowed) == 0 {
		return nil, nil, fmt.Errorf("query: %q is not a kind of edition", m.Kind)
	}
	var tables []edition.File
	seen := map[string]bool{}
	var faults []error
	for _, f := range m.Files {
		if err := regular(root, f.Name); err != nil {
			faults = append(faults, err)
		}
		switch {
		case f.Table == "":
			continue
		case !slices.ContainsFunc(allowed, func(t edition.Table) bool { return t.Name == f.Table }):
			faults = append(faults, fmt.Errorf("query: %q is not a table of a %s edition", f.Table, m.Kind))
		case f.Name != f.Table+".parquet":
			faults = append(faults, fmt.Errorf("query: table %s is not in a file of its name", f.Table))
		case seen[f.Table]:
			faults = append(faults, fmt.Errorf("query: table %s is listed twice", f.Table))
		}
		seen[f.Table] = true
		tables = append(tables, f)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, nil, err
	}
	if err := m.Verify(root); err != nil {
		return nil, nil, fmt.Errorf("query: %w", err)
	}
	return m, tables, nil
}

// regular refuses anything but a plain file standing in the folder itself: the
// engine would follow a link that the verified root does not.
func regular(root *os.Root, name string) error {
	if name == "" || filepath.Base(name) != name || !filepath.IsLocal(name) {
		return fmt.Errorf("query: %q is not a file name of an edition", name)
	}
	info, err := root.Lstat(name)
	if err != nil {
		return fmt.Errorf("query: %s: %w", name, err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("query: %s is not a plain file", name)
	}
	return nil
}

// Has reports whether the edition carries a table.
func (e *Edition) Has(table string) bool { return e.tables[table] }

// Close frees the engine.
func (e *Edition) Close() error { return e.engine.Close() }
