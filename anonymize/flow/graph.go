package flow

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Step is a table that the caller computes in Go, from answers and tables; or what it
// asks of tables by statements that it composes (Runner.Ask), where Makes is "".
type Step struct {
	Makes, Answers string
	Reads          []string // tables and answers, in alphabetical order, each as often as it is read
	Maybe          []string // tables that it asks for if it needs them
	Loop           string
}

// Graph is the statements and steps of a flow, and the tables between them.
type Graph struct {
	// sources are the tables that are there before any statement runs.
	sources []string
	answers map[string]*Statement
	makers  map[string][]*maker // by table; several are alternatives
	steps   []Step
	all     map[string]*Statement
}

// maker is one way to make a table.
type maker struct {
	Output
	statement *Statement // nil of a step
	step      *Step
	kind      Kind
	reads     []string
}

// Read makes the graph of the statements of a folder, beside the sources and the
// steps of the caller.
func Read(fsys fs.FS, folder string, sources []string, steps ...Step) (*Graph, error) {
	statements, err := read(fsys, folder)
	if err != nil {
		return nil, err
	}
	g := &Graph{sources: sources, steps: steps,
		answers: map[string]*Statement{}, makers: map[string][]*maker{}, all: map[string]*Statement{}}
	for _, s := range statements {
		g.all[s.Name] = s
		if s.Kind == Answer {
			g.answers[s.Name] = s
		}
		for _, out := range s.Outputs {
			g.makers[out.Name] = append(g.makers[out.Name],
				&maker{Output: out, statement: s, kind: s.Kind, reads: s.Reads})
		}
	}
	for _, s := range steps {
		if s.Makes == "" {
			continue
		}
		m := &maker{Output: Output{Name: s.Makes, Loop: s.Loop}, step: &s, kind: Table}
		for _, name := range s.Reads {
			if a := g.answers[name]; a != nil {
				m.reads = append(m.reads, a.Reads...)
			} else {
				m.reads = append(m.reads, name)
			}
		}
		g.makers[s.Makes] = append(g.makers[s.Makes], m)
	}
	return g, g.check()
}

// Columns are those of a table that a statement makes.
func (g *Graph) Columns(table string) []string {
	for _, m := range g.makers[table] {
		if m.statement != nil {
			return m.statement.Columns
		}
	}
	return nil
}

// Answer is an answer of the flow, nil if there is none of the name.
func (g *Graph) Answer(name string) *Statement { return g.answers[name] }

// Growing are the tables to which each round of a loop adds.
func (g *Graph) Growing(loop string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(g.makers)), func(t string) bool {
		m := g.makers[t][0]
		return m.Loop != loop || !m.Adds
	})
}

// once says whether the rows of a table are asked for one time alone: at one place of one statement, answer or composed
// SELECT, that runs no more often than the table is made.
func (g *Graph) once(m *maker) bool {
	if m.Adds || m.kind != Table || len(g.makers[m.Name]) > 1 {
		return false
	}
	reads := 0
	for _, s := range g.steps {
		for _, table := range slices.Concat(s.Reads, s.Maybe) {
			if table != m.Name {
				continue
			}
			if reads++; s.Answers == "" || s.Loop != m.Loop {
				return false
			}
		}
	}
	for _, s := range g.all {
		if !slices.Contains(s.Reads, m.Name) {
			continue
		}
		if s.Kind == View || s.Kind == Table && (len(s.Outputs) != 1 || s.Outputs[0].Loop != m.Loop) {
			return false
		}
		for _, match := range from.FindAllStringSubmatch(literals.ReplaceAllString(s.SQL, "''"), -1) {
			if match[1] == m.Name {
				reads++
			}
		}
	}
	return reads == 1
}

// check refuses a table that is read and never made, one that is made and never
// read, and a cycle.
func (g *Graph) check() error {
	var faults []error
	known := func(by, table string) {
		if len(g.makers[table]) == 0 && !slices.Contains(g.sources, table) {
			faults = append(faults, fmt.Errorf("flow: %s reads %s, which nothing makes", by, table))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(g.all)) {
		for _, t := range g.all[name].Reads {
			known(name, t)
		}
	}
	for _, s := range g.steps {
		for _, t := range s.Reads {
			if g.answers[t] == nil {
				known(s.Makes+s.Answers, t)
			}
		}
	}
	for _, t := range g.unread() {
		faults = append(faults, fmt.Errorf("flow: nothing reads %s", t))
	}
	_, err := g.order(slices.Sorted(maps.Keys(g.makers)))
	return errors.Join(append(faults, err)...)
}

// order gives the tables that some tables need, and those, each after all that
// any of its makers reads.
func (g *Graph) order(tables []string) ([]string, error) {
	var order []string
	state := map[string]int{} // 1 under way, 2 done
	var visit func(table string, path []string) error
	visit = func(table string, path []string) error {
		path = append(path, table)
		switch state[table] {
		case 1:
			return fmt.Errorf("flow: a cycle: %s", strings.Join(path, " ← "))
		case 2:
			return nil
		}
		state[table] = 1
		for _, m := range g.makers[table] {
			for _, read := range m.reads {
				if err := visit(read, path); err != nil {
					return err
				}
			}
		}
		state[table] = 2
		order = append(order, table)
		return nil
	}
	for _, t := range tables {
		if err := visit(t, nil); err != nil {
			return nil, err
		}
	}
	return order, nil
}

// unread are the tables and views that no statement and no step reads.
func (g *Graph) unread() []string {
	read := map[string]bool{}
	for _, s := range g.all {
		for _, t := range s.Reads {
			read[t] = true
		}
	}
	for _, s := range g.steps {
		for _, t := range slices.Concat(s.Reads, s.Maybe) {
			read[t] = true
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(g.makers)), func(t string) bool { return read[t] })
}

// depths counts the makers on the longest way from a source to each table.
func (g *Graph) depths(order []string) map[string]int {
	depth := map[string]int{}
	for _, t := range order {
		for _, m := range g.makers[t] {
			for _, read := range m.reads {
				depth[t] = max(depth[t], depth[read]+1)
			}
		}
	}
	return depth
}

// WriteText prints the graph: each table after those it is made of, with its
// depth, and then the answers.
func (g *Graph) WriteText(w io.Writer) error {
	order, err := g.order(slices.Sorted(maps.Keys(g.makers)))
	if err != nil {
		return err
	}
	var b strings.Builder
	depth := g.depths(order)
	fmt.Fprintf(&b, "sources: %s\n", strings.Join(g.sources, ", "))
	for _, t := range order {
		for _, m := range g.makers[t] {
			loop := ""
			if m.Loop != "" {
				loop = map[bool]string{true: ", adds ", false: ", per "}[m.Adds] + m.Loop
			}
			about, by := "", "computed in Go"
			if m.statement != nil {
				about, by = "; "+m.statement.Grain, m.statement.Name+".sql"
			}
			fmt.Fprintf(&b, "%2d %s (%s%s)%s\n     reads %s\n", depth[t], t, by, loop, about,
				strings.Join(m.reads, ", "))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(g.answers)) {
		fmt.Fprintf(&b, " ? %s; %s\n     reads %s\n", name, g.answers[name].Grain,
			strings.Join(g.answers[name].Reads, ", "))
	}
	for _, s := range g.steps {
		if s.Answers != "" {
			fmt.Fprintf(&b, " ? %s; composed in Go\n     reads %s\n", s.Answers, strings.Join(s.Reads, ", "))
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// WriteDOT prints the graph in the language of Graphviz.
func (g *Graph) WriteDOT(w io.Writer) error {
	var b strings.Builder
	b.WriteString("digraph flow {\n\trankdir=LR;\n\tnode [shape=box];\n")
	for _, t := range g.sources {
		fmt.Fprintf(&b, "\t%q [shape=cylinder];\n", t)
	}
	edge := func(reads []string, to string) {
		for _, r := range reads {
			fmt.Fprintf(&b, "\t%q -> %q;\n", r, to)
		}
	}
	for _, t := range slices.Sorted(maps.Keys(g.makers)) {
		var reads []string
		for _, m := range g.makers[t] {
			reads = append(reads, m.reads...)
		}
		slices.Sort(reads)
		edge(slices.Compact(reads), t)
	}
	for _, name := range slices.Sorted(maps.Keys(g.answers)) {
		fmt.Fprintf(&b, "\t%q [shape=note];\n", name)
		edge(g.answers[name].Reads, name)
	}
	for _, s := range g.steps {
		if s.Answers != "" {
			fmt.Fprintf(&b, "\t%q [shape=note];\n", s.Answers)
			edge(slices.Compact(slices.Clone(s.Reads)), s.Answers)
		}
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}
