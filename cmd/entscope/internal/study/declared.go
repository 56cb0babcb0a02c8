package study

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/edition"
)

// Deadline is a day before which the families of some levels and grade levels
// should be ready: the bourse, the vœux. Both empty means everybody.
type Deadline struct {
	// a word
	Name string `toml:"name" need:"yes" example:"bourses-2025"`
	// in French, as printed
	Label string `toml:"label" need:"yes" example:"Demande de bourse"`
	// the day before which families should be ready
	Day toml.LocalDate `toml:"day" need:"yes" example:"2025-10-17"`
	// levels it concerns; all when neither levels nor grades are set
	Levels []string `toml:"levels" words:"@levels"`
	// grade levels it concerns
	Grades []string `toml:"grades" words:"@grades"`
}

// Event is an event of the world before and after which series are compared: a
// lockdown, a charter, a rollout. Without an end it lasts.
type Event struct {
	// a word
	Name string `toml:"name" need:"yes" example:"charte"`
	// in French, as printed
	Label string `toml:"label" need:"yes" example:"Charte de la messagerie"`
	// first day
	Start toml.LocalDate `toml:"start" need:"yes"`
	// last day; without it the event lasts
	End toml.LocalDate `toml:"end"`
}

// Lasts reports whether the event has no end.
func (e *Event) Lasts() bool { return e.End == toml.LocalDate{} }

const (
	// nearDays is how far from the window a deadline or an event may be: a term.
	nearDays = 92
	maxLabel = 120
)

// checkDeclared reports every fault of the deadlines and events.
func (s *Study) checkDeclared(fault func(string, ...any)) {
	w := s.Window()
	near := func(from, to int32) bool { return to >= w.Start-nearDays && from <= w.End+nearDays }
	seen := map[string]bool{}
	for i, d := range s.Deadlines {
		at := fmt.Sprintf("deadline %d (%s)", i+1, d.Name)
		checkName(at, d.Name, d.Label, seen, fault)
		if d.Day != (toml.LocalDate{}) && !near(day(d.Day), day(d.Day)) {
			fault("%s: day %s is further than %d days from the window of the study", at, d.Day, nearDays)
		}
		checkTwice(s.where(at, fmt.Sprintf("deadline[%d].levels", i)), "levels", d.Levels, fault)
		checkTwice(s.where(at, fmt.Sprintf("deadline[%d].grades", i)), "grades", d.Grades, fault)
	}
	clear(seen)
	for i, e := range s.Events {
		at := fmt.Sprintf("event %d (%s)", i+1, e.Name)
		checkName(at, e.Name, e.Label, seen, fault)
		end := w.End
		if !e.Lasts() {
			end = day(e.End)
		}
		switch {
		case e.Start == toml.LocalDate{}: // said when the text was read
		case !e.Lasts() && end < day(e.Start):
			fault("%s: it ends before it starts", at)
		case !near(day(e.Start), end):
			fault("%s: it is further than %d days from the window of the study", at, nearDays)
		}
	}
}

// checkName checks what a deadline or an event is called, in files and on pages.
func checkName(at, name, label string, seen map[string]bool, fault func(string, ...any)) {
	if name != "" && (!word.MatchString(name) || seen[name]) {
		fault("%s: name is not a word, or used twice", at)
	}
	seen[name] = true
	blank := strings.TrimSpace(label) == "" && label != ""
	if blank || utf8.RuneCountInString(label) > maxLabel || strings.ContainsFunc(label, unicode.IsControl) {
		fault("%s: label is not one line of at most %d characters", at, maxLabel)
	}
}

// checkTwice refuses a word that stands twice in a list.
func checkTwice(at, key string, words []string, fault func(string, ...any)) {
	for i, w := range words {
		if slices.Contains(words[:i], w) {
			fault("%s: %s: %q stands twice", at, key, w)
		}
	}
}

// Declared are the events and deadlines of the study, as an edition names them.
func (s *Study) Declared() []edition.Declared {
	var list []edition.Declared
	for _, e := range s.Events {
		d := edition.Declared{Kind: edition.DeclaredEvent, Name: e.Name, Label: e.Label, Start: e.Start.String()}
		if !e.Lasts() {
			d.End = e.End.String()
		}
		list = append(list, d)
	}
	for _, l := range s.Deadlines {
		list = append(list, edition.Declared{
			Kind: edition.DeclaredDeadline, Name: l.Name, Label: l.Label, Start: l.Day.String(),
			Levels: l.Levels, Grades: l.Grades,
		})
	}
	return list
}
