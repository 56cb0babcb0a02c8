package question

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

//go:embed themes/*.toml vocabulary.toml
var files embed.FS

// list is all that the files say.
type list struct {
	questions   []Question
	populations []Population
	groupings   []Grouping
}

// catalogue reads the embedded files, which are tested like code.
var catalogue = sync.OnceValue(func() list {
	l, err := parse(files)
	if err != nil {
		panic(err)
	}
	return l
})

// parse reads the themes and the vocabulary of a file system and checks them as a
// whole; the error joins all faults.
func parse(fsys fs.FS) (list, error) {
	var l list
	var words struct {
		Populations []Population `toml:"population"`
		Groupings   []Grouping   `toml:"grouping"`
	}
	if err := decode(fsys, "vocabulary.toml", &words); err != nil {
		return l, err
	}
	l.populations, l.groupings = words.Populations, words.Groupings
	names, err := fs.Glob(fsys, "themes/*.toml")
	if err != nil {
		return l, fmt.Errorf("question: %w", err)
	}
	for _, name := range names {
		var theme struct {
			Reading   int        `toml:"reading"`
			Questions []Question `toml:"question"`
		}
		if err := decode(fsys, name, &theme); err != nil {
			return l, err
		}
		for _, q := range theme.Questions {
			q.reading = theme.Reading
			q.complete()
			l.questions = append(l.questions, q)
		}
	}
	return l, errors.Join(l.check()...)
}

// decode reads one file; a key it does not know is an error that shows its line.
func decode(fsys fs.FS, name string, into any) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("question: %w", err)
	}
	err = toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(into)
	if strict := new(toml.StrictMissingError); errors.As(err, &strict) {
		return fmt.Errorf("question: %s: %w\n%s", name, err, strict.String())
	}
	if err != nil {
		return fmt.Errorf("question: %s: %w", name, err)
	}
	return nil
}

// complete fills in what follows from the rest of the question.
func (q *Question) complete() {
	for i := range q.Measures {
		m := &q.Measures[i]
		m.Absent = cmp.Or(m.Absent, q.Absent)
	}
	for i := range q.Figures {
		f := &q.Figures[i]
		if m, ok := q.Measure(first(f.Measures)); ok && f.Title == (Text{}) {
			f.Title = m.Label
		}
		if len(f.Populations) == 0 {
			f.Populations = q.populations(f.Measures)
		}
	}
	for i := range q.Keys {
		q.Keys[i].fill(q.ID)
	}
	for i := range q.Headlines {
		q.Headlines[i].fill(q.ID)
	}
	for i := range q.School {
		q.School[i].fill(q.ID)
	}
	if q.Card != nil {
		q.Card.fill(q.ID)
		for i := range q.Card.Details {
			q.Card.Details[i].fill(q.ID)
		}
	}
}

func (r *Ref) fill(id string) { r.Question = cmp.Or(r.Question, id) }

func first(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

// populations are the denominators of the measures, each once.
func (q Question) populations(measures []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, name := range measures {
		m, _ := q.Measure(name)
		for _, p := range m.Populations {
			if !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
		}
	}
	return out
}
