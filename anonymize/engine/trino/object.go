package trino

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// object is what a name of the flow means: a table of the schema, or a SELECT over others.
type object struct {
	id      string
	selects string // "" of a table
	args    []any
	reads   []*object
}

// Materialise makes a table of the rows of a SELECT; one that is read once waits until then.
func (e *Engine) Materialise(ctx context.Context, table string, once bool, statement string, args ...any) error {
	if once {
		e.names[table] = e.selection(table, statement, args)
		return nil
	}
	o, err := e.create(ctx, table, statement, args)
	if err != nil {
		return err
	}
	e.names[table] = o
	return nil
}

// Extend adds the rows of a SELECT to a table: both parts are read as one.
func (e *Engine) Extend(ctx context.Context, table, statement string, args ...any) error {
	before := e.names[table]
	if before == nil {
		return fmt.Errorf("trino: no table %s", table)
	}
	part, err := e.create(ctx, table, statement, args)
	if err != nil {
		return err
	}
	e.names[table] = &object{id: e.named(table), reads: []*object{before, part},
		selects: "SELECT * FROM " + before.id + " UNION ALL SELECT * FROM " + part.id}
	return nil
}

// Define makes a view: a SELECT that goes into what reads it.
func (e *Engine) Define(_ context.Context, view, statement string) error {
	e.names[view] = e.selection(view, statement, nil)
	return nil
}

// Rename gives a table another name.
func (e *Engine) Rename(_ context.Context, table, to string) error {
	if e.names[table] == nil {
		return fmt.Errorf("trino: no table %s", table)
	}
	e.names[to] = e.names[table]
	delete(e.names, table)
	return nil
}

// Drop forgets a table or a view. Its rows go with the schema: a statement for each table would be one in six of an
// edition. Until then there are three to four times the bytes of the zone, about twice what is read again.
func (e *Engine) Drop(_ context.Context, name string, _ bool) error {
	delete(e.names, name)
	return nil
}

// create makes a table of the schema.
func (e *Engine) create(ctx context.Context, name, statement string, args []any) (*object, error) {
	text, all := e.compose(statement, args)
	o := &object{id: e.named(name)}
	if err := e.exec(ctx, "CREATE TABLE "+o.id+" AS\n"+text, all...); err != nil {
		return nil, err
	}
	return o, nil
}

// selection keeps a SELECT over what its names mean now.
func (e *Engine) selection(name, statement string, args []any) *object {
	text, reads := e.resolve(statement)
	return &object{id: e.named(name), selects: text, args: args, reads: reads}
}

// source finds the names after FROM and JOIN, outside of texts and comments.
var source = regexp.MustCompile(`(?i)'[^']*'|--[^\n]*|\b(FROM|JOIN)(\s+)([a-z][a-z0-9_]*)(\s+AS\b)?`)

// resolve writes what the names of a SELECT mean in their place, and lists it.
func (e *Engine) resolve(statement string) (string, []*object) {
	var reads []*object
	text := source.ReplaceAllStringFunc(statement, func(match string) string {
		m := source.FindStringSubmatch(match)
		o := e.names[m[3]]
		if o == nil {
			return match
		}
		if !slices.Contains(reads, o) {
			reads = append(reads, o)
		}
		if m[4] == "" {
			m[4] = " AS " + m[3]
		}
		return m[1] + m[2] + o.id + m[4]
	})
	return text, reads
}

// compose puts the SELECTs that a statement reads before it, and their arguments before its own.
func (e *Engine) compose(statement string, args []any) (string, []any) {
	text, reads := e.resolve(statement)
	var with []string
	var all []any
	done := map[*object]bool{}
	var visit func(o *object)
	visit = func(o *object) {
		if o.selects == "" || done[o] {
			return
		}
		done[o] = true
		for _, r := range o.reads {
			visit(r)
		}
		with, all = append(with, o.id+" AS (\n"+o.selects+"\n)"), append(all, o.args...)
	}
	for _, o := range reads {
		visit(o)
	}
	if len(with) > 0 {
		text = "WITH " + strings.Join(with, ",\n") + "\n" + text
	}
	return text, append(all, args...)
}
