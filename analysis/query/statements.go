package query

import (
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
)

//go:embed sql/*.sql
var texts embed.FS

// statements are the questions as the files declare them, over the tables of an edition.
var statements = sync.OnceValues(func() (*flow.Graph, error) {
	columns, err := schemas()
	if err != nil {
		return nil, err
	}
	return flow.Read(texts, "sql", slices.Sorted(maps.Keys(columns)))
})

func statement(question string) (*flow.Statement, error) {
	g, err := statements()
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	s := g.Answer(question)
	if s == nil {
		return nil, fmt.Errorf("query: no question %q", question)
	}
	return s, nil
}

// schemas are the columns of each table of an edition, of any kind.
func schemas() (map[string][]string, error) {
	research, err := edition.Tables(edition.KindResearch)
	schools, other := edition.Tables(edition.KindSchools)
	columns := map[string][]string{}
	for _, t := range append(research, schools...) {
		for _, c := range t.Columns {
			columns[t.Name] = append(columns[t.Name], c.Name)
		}
	}
	return columns, errors.Join(err, other)
}

// SQL returns a question and its statement, for --explain. Names after colons are bound.
func SQL(question string) (string, error) {
	s, err := statement(question)
	if err != nil {
		return "", err
	}
	return "-- " + s.About + "\n" + s.SQL, nil
}

// Reading is a table and the columns that a question reads of it.
type Reading struct {
	Table   string
	Columns []string
}

// Reads says what a question reads: the columns that it gives or is asked for and that its
// table has.
func Reads(question string) (Reading, error) {
	s, err := statement(question)
	if err != nil {
		return Reading{}, err
	}
	columns, err := schemas()
	if err != nil {
		return Reading{}, err
	}
	r := Reading{Table: s.Reads[0]}
	for _, c := range append(slices.Clone(s.Columns), s.Args...) {
		if slices.Contains(columns[r.Table], c) && !slices.Contains(r.Columns, c) {
			r.Columns = append(r.Columns, c)
		}
	}
	return r, nil
}
