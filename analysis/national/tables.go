package national

import (
	"context"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/entscope/entscope/anonymize/engine"
)

//go:embed sql/*.sql
var statements embed.FS

// sources are the tables of the edition: large ones are read where they lie.
var sources = []struct {
	name  string
	large bool
}{
	{"profils", true}, {"services", true}, {"profils_appareils", true},
	{"schools", false}, {"ips", false}, {"calendar", false}, {"coverage", false}, {"columns", false},
}

// tables are those of one edition and what the statements made of them.
type tables struct {
	engine *engine.Engine
	made   map[string]bool
}

// openTables attaches the edition in the folder dir to an engine.
func openTables(ctx context.Context, dir string, c engine.Config) (*tables, error) {
	e, err := engine.Open(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("national: %w", err)
	}
	t := &tables{engine: e, made: map[string]bool{}}
	for _, s := range sources {
		if err := t.attach(ctx, dir, s.name, s.large); err != nil {
			e.Close()
			return nil, err
		}
	}
	return t, nil
}

// attach gives the engine one table. A link would lead out of the folder.
func (t *tables) attach(ctx context.Context, dir, name string, large bool) error {
	file := filepath.Join(dir, name+".parquet")
	info, err := os.Lstat(file)
	if err != nil {
		return fmt.Errorf("national: edition: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("national: edition: %s is not a plain file", filepath.Base(file))
	}
	attach := t.engine.Load
	if large {
		attach = t.engine.Attach
	}
	if err := attach(ctx, name, []string{file}); err != nil {
		return fmt.Errorf("national: edition: %w", err)
	}
	return nil
}

func (t *tables) close() error { return t.engine.Close() }

// statement is one file of sql/: its front matter and its text.
type statement struct {
	name, kind string // table, view, answer or given
	order      string
	text       string
}

// readStatement reads the file of a statement.
func readStatement(name string) (statement, error) {
	data, err := statements.ReadFile("sql/" + name + ".sql")
	if err != nil {
		return statement{}, fmt.Errorf("national: no statement %s", name)
	}
	s := statement{name: name}
	var body []string
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		comment, ok := strings.CutPrefix(line, "-- ")
		if !ok {
			body = append(body, line)
			continue
		}
		switch key, value, _ := strings.Cut(comment, ": "); key {
		case "table", "view", "answer", "given":
			s.kind = key
			if value != name {
				return statement{}, fmt.Errorf("national: %s.sql makes %s", name, value)
			}
		case "order":
			s.order = value
		}
	}
	s.text = strings.Join(body, "\n")
	return s, nil
}

// make runs statements that make a table, a view or an empty table, in order.
func (t *tables) make(ctx context.Context, names ...string) error {
	for _, name := range names {
		s, err := readStatement(name)
		if err != nil {
			return err
		}
		text := s.text
		switch s.kind {
		case "table":
			text = "CREATE TABLE " + name + " AS\n" + text
		case "view":
			text = "CREATE VIEW " + name + " AS\n" + text
		}
		if err := t.engine.Exec(ctx, text); err != nil {
			return fmt.Errorf("national: %s: %w", name, err)
		}
		t.made[name] = true
	}
	return nil
}

// each reads the rows of a statement in its order, or of the table it made. row is
// asked once a batch for the function that takes one of its rows.
func (t *tables) each(ctx context.Context, name string, row func(*batch) func(i int), args ...any) error {
	s, err := readStatement(name)
	if err != nil {
		return err
	}
	from := name
	if !t.made[name] {
		from = "(\n" + s.text + "\n) AS answer"
	}
	return t.query(ctx, name, "SELECT * FROM "+from+" ORDER BY "+s.order, row, args...)
}
