// Package flow runs SQL statements in the order that their declarations give.
//
// A statement is a file of one SELECT that opens with front matter in comments:
//
//	-- table: visit, per slice
//	-- reads: session, slice_scope
//	-- args: subject
//	-- grain: one row per scope and visit
//	-- columns: person_key, mask, visit
//	-- What it answers, in a sentence.
//	SELECT … WHERE profile = :subject AND service <> :service_portal
//
// The way through it:
//
//  1. Read parses the files of a folder into a Graph: each table, the statement
//     that makes it and the tables that one reads.
//  2. A Runner is asked for tables (Make). It makes what they need first, each
//     once, and frees a table that belongs to one round of a loop after its last
//     reader.
//  3. A name after a colon is an argument, bound by the engine and never spliced,
//     or a constant of the caller's vocabulary, an integer that takes its place.
//     Rounds run at the same time in runners Beside one another; Gather takes what grew.
//  4. Rows reads an answer by the names of its columns into structs.
//
// The package knows the engine and nothing of what the statements speak of.
package flow

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Kind is what becomes of the rows of a statement.
type Kind string

// The kinds of a statement.
const (
	Table  Kind = "table"
	View   Kind = "view"
	Answer Kind = "answer" // its rows are read, and no table is made
)

// Output is a table or view that a statement makes.
type Output struct {
	Name string
	// Loop names the loop to whose rounds the table belongs; "" is none.
	Loop string
	// Adds says that each round adds its rows to the table. Otherwise each makes
	// the table anew.
	Adds bool
	// With are the arguments that this output fixes.
	With map[string]any
}

// Statement is one SELECT and what it declares of itself.
type Statement struct {
	Name    string // that of its file
	Kind    Kind
	Outputs []Output // of an answer: none
	Reads   []string // tables, in alphabetical order
	Args    []string
	Grain   string
	Columns []string
	About   string
	// SQL is the SELECT, with names after colons.
	SQL string
}

var (
	field    = regexp.MustCompile(`^-- (table|view|answer|reads|args|grain|columns): ?(.*)$`)
	named    = regexp.MustCompile(`:([a-z][a-z0-9_]*)`)
	from     = regexp.MustCompile(`(?i)\b(?:FROM|JOIN)\s+([a-z][a-z0-9_]*)`)
	literals = regexp.MustCompile(`'[^']*'`)
)

// Parse reads one statement; name is that of its file.
func Parse(name, text string) (*Statement, error) {
	s := &Statement{Name: name}
	lines := strings.Split(text, "\n")
	var last *string
	fields := map[string]string{}
	at := 0
	for ; at < len(lines) && strings.HasPrefix(lines[at], "--"); at++ {
		line := lines[at]
		switch m := field.FindStringSubmatch(line); {
		case m != nil && (m[1] == "table" || m[1] == "view"):
			s.Kind = Kind(m[1])
			out, err := parseOutput(m[2])
			if err != nil {
				return nil, fmt.Errorf("flow: %s: %w", name, err)
			}
			s.Outputs, last = append(s.Outputs, out), nil
		case m != nil && m[1] == "answer":
			s.Kind, last = Answer, nil
		case m != nil:
			fields[m[1]] = m[2]
			last = nil
			if m[1] == "columns" || m[1] == "reads" {
				last = new(string)
				*last = m[1]
			}
		case strings.HasPrefix(line, "--   ") && last != nil:
			fields[*last] += " " + strings.TrimSpace(line[2:])
		default:
			last = nil
			s.About = strings.TrimSpace(s.About + " " + strings.TrimPrefix(line, "-- "))
		}
	}
	s.Reads, s.Args, s.Columns = list(fields["reads"]), list(fields["args"]), list(fields["columns"])
	s.Grain = fields["grain"]
	s.SQL = strings.Join(lines[at:], "\n")
	return s, s.check()
}

func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// parseOutput reads "name", "name, per LOOP" or "name, adds LOOP", and then
// arguments as "name = 1" or "name = text".
func parseOutput(text string) (Output, error) {
	parts := strings.Split(text, ", ")
	out := Output{Name: parts[0], With: map[string]any{}}
	for _, p := range parts[1:] {
		key, value, fixed := strings.Cut(p, " = ")
		word, loop, _ := strings.Cut(p, " ")
		switch n, err := strconv.ParseInt(value, 10, 64); {
		case fixed && err == nil:
			out.With[key] = n
		case fixed:
			out.With[key] = value
		case word == "per" || word == "adds":
			out.Loop, out.Adds = loop, word == "adds"
		default:
			return out, fmt.Errorf("%q says nothing of the table %s", p, out.Name)
		}
	}
	return out, nil
}

// check compares what a statement declares with its SQL.
func (s *Statement) check() error {
	var faults []error
	fault := func(broken bool, format string, args ...any) {
		if broken {
			faults = append(faults, fmt.Errorf("flow: %s: "+format, append([]any{s.Name}, args...)...))
		}
	}
	fault(s.Kind == "", "declares no table, view or answer")
	fault(s.About == "", "does not say what it answers")
	fault(s.Grain == "", "does not say what a row is")
	fault(len(s.Columns) == 0, "declares no column")
	if read := tablesOf(s.SQL); !slices.Equal(read, s.Reads) {
		fault(true, "declares that it reads %q, and reads %q", s.Reads, read)
	}
	fault(s.Kind == View && len(s.Args) > 0, "is a view, and takes arguments")
	return errors.Join(faults...)
}

// tablesOf lists the tables that follow FROM and JOIN.
func tablesOf(sql string) []string {
	var names []string
	for _, m := range from.FindAllStringSubmatch(literals.ReplaceAllString(sql, "''"), -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Bind gives the SQL with every constant in place and a question mark for every argument,
// and the values of the arguments in that order. An argument that is not declared, or
// declared and not used, is an error.
func (s *Statement) Bind(constants map[string]int64, values ...map[string]any) (string, []any, error) {
	var args []any
	var faults []error
	used := map[string]bool{}
	sql := named.ReplaceAllStringFunc(s.SQL, func(m string) string {
		name := m[1:]
		if n, ok := constants[name]; ok {
			return strconv.FormatInt(n, 10)
		}
		value, err := lookUp(name, values)
		if err == nil && !slices.Contains(s.Args, name) {
			err = errors.New("not declared")
		}
		if err != nil && !used[name] {
			faults = append(faults, fmt.Errorf("flow: %s: argument %s: %w", s.Name, name, err))
		}
		used[name], args = true, append(args, value)
		return "?"
	})
	for _, name := range s.Args {
		if !used[name] {
			faults = append(faults, fmt.Errorf("flow: %s: argument %s is declared and not used", s.Name, name))
		}
	}
	return sql, args, errors.Join(faults...)
}

// lookUp gives the first value of that name; whole numbers are 64 bits wide.
func lookUp(name string, values []map[string]any) (any, error) {
	for _, v := range values {
		switch n := v[name].(type) {
		case nil:
		case int:
			return int64(n), nil
		case int32:
			return int64(n), nil
		case int64, string:
			return n, nil
		default:
			return nil, fmt.Errorf("of type %T", n)
		}
	}
	return nil, errors.New("has no value")
}

// read parses the statements of a folder, in the order of their names.
func read(fsys fs.FS, folder string) ([]*Statement, error) {
	files, err := fs.Glob(fsys, path.Join(folder, "*.sql"))
	if err != nil {
		return nil, fmt.Errorf("flow: %w", err)
	}
	var statements []*Statement
	var faults []error
	for _, file := range files {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("flow: %w", err)
		}
		s, err := Parse(strings.TrimSuffix(path.Base(file), ".sql"), string(text))
		statements, faults = append(statements, s), append(faults, err)
	}
	return statements, errors.Join(faults...)
}
