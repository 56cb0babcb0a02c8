package question

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/edition"
)

//go:embed themes/*.toml vocabulary.toml pages.toml
var files embed.FS

// catalogue reads the embedded files, which are tested like code.
var catalogue = sync.OnceValue(func() list {
	l, err := parse(files)
	if err != nil {
		panic(err)
	}
	return l
})

// parse reads the themes, the vocabulary and the pages of a file system and checks them
// as a whole; the error joins all faults.
func parse(fsys fs.FS) (list, error) {
	var l list
	var words struct {
		Groupings []Grouping `toml:"grouping"`
		Axes      []Axis     `toml:"axis"`
	}
	if err := decode(fsys, "vocabulary.toml", &words); err != nil {
		return l, err
	}
	l.groupings, l.axes = words.Groupings, words.Axes
	for _, p := range edition.Denominators {
		l.populations = append(l.populations, Population{p.Name, Text{FR: p.FR, EN: p.EN}})
	}
	var pages struct {
		Pages []Page `toml:"page"`
		Needs []Need `toml:"need"`
	}
	if err := decode(fsys, "pages.toml", &pages); err != nil {
		return l, err
	}
	l.pages, l.needs = pages.Pages, pages.Needs
	names, err := fs.Glob(fsys, "themes/*.toml")
	if err != nil {
		return l, fmt.Errorf("question: %w", err)
	}
	for _, name := range names {
		var theme struct {
			Questions []Question `toml:"question"`
		}
		if err := decode(fsys, name, &theme); err != nil {
			return l, err
		}
		for _, q := range theme.Questions {
			q.place(l.axes)
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

// All returns the questions in the order of the catalogue.
func All() []Question { return slices.Clone(catalogue().questions) }

// Lookup finds a question by id.
func Lookup(id string) (Question, error) {
	i := slices.IndexFunc(catalogue().questions, func(q Question) bool { return q.ID == id })
	if i < 0 {
		return Question{}, fmt.Errorf("question: no question %q", id)
	}
	return catalogue().questions[i], nil
}

// Headlines returns the lines of the demo in their order.
func Headlines() []Headline {
	return placed(func(q Question) []Headline { return q.Headlines }, func(h Headline) int { return h.Place })
}

// SchoolRows returns the rows of a school page's table in their order.
func SchoolRows() []SchoolRow {
	return placed(func(q Question) []SchoolRow { return q.School }, func(r SchoolRow) int { return r.Place })
}

// Cards returns the cards of a school page in their order.
func Cards() []Card {
	one := func(q Question) []Card {
		if q.Card == nil {
			return nil
		}
		return []Card{*q.Card}
	}
	return placed(one, func(c Card) int { return c.Place })
}

// placed gathers what the questions have for one place of the pages, in order.
func placed[T any](of func(Question) []T, place func(T) int) []T {
	var list []T
	for _, q := range catalogue().questions {
		list = append(list, of(q)...)
	}
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(place(a), place(b)) })
	return list
}

// AxisOf finds a list of places; an empty one of that name when the vocabulary does not know
// it.
func AxisOf(name string) Axis { return axisOf(catalogue().axes, name) }

func axisOf(axes []Axis, name string) Axis {
	i := slices.IndexFunc(axes, func(a Axis) bool { return a.Name == name })
	if i < 0 {
		return Axis{Name: name}
	}
	return axes[i]
}

// PopulationText words a denominator; false when the vocabulary does not know it.
func PopulationText(name string) (Text, bool) {
	list := catalogue().populations
	i := slices.IndexFunc(list, func(p Population) bool { return p.Name == name })
	if i < 0 {
		return Text{}, false
	}
	return list[i].Text, true
}

// Groupings returns the groupings in the order in which a figure lays them out.
func Groupings() []Grouping { return slices.Clone(catalogue().groupings) }

// GroupingOf finds a grouping; an empty one of that name when the vocabulary does not
// know it.
func GroupingOf(name string) Grouping {
	list := catalogue().groupings
	i := slices.IndexFunc(list, func(g Grouping) bool { return g.Name == name })
	if i < 0 {
		return Grouping{Name: name}
	}
	return list[i]
}
