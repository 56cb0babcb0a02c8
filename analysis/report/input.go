package report

import (
	"errors"
	"fmt"
	"time"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/plan"
	"github.com/entscope/entscope/anonymize/edition"
)

// Input is all the regional report is made of.
type Input struct {
	// Lang is "fr" (also when empty) or "en".
	Lang string
	// Results are protected: what they hold may be shown.
	Results []indicator.Result
	// Comparisons are what tests on the exact figures say of those that are shown.
	Comparisons []indicator.Comparison
	Facts       Facts
	// Plan says what was planned and when; nil where the study names no plan.
	Plan *plan.Standing
	// National are marks beside the report's own figures; nil for none.
	National *National
	// Earlier are earlier periods of the same study, the oldest first: the last stands beside
	// the figures.
	Earlier []Earlier
}

// Earlier is what was published of an earlier period, as it was published then.
type Earlier struct {
	Term, Start, End string
	Results          []indicator.Result
	// Schools are the figures of the pages of schools, by their code.
	Schools map[string][]indicator.Result
}

// Facts are the facts of the edition's manifest a page states. Counts are of
// distinct persons and are shown rounded.
type Facts struct {
	Study     string
	Term      string
	Start     string // ISO dates, both included
	End       string
	Subject   string // parent or pupil
	Synthetic bool
	// Unreleased says why nobody may publish the figures; each page then says so and no file has a
	// licence. Empty for a publication.
	Unreleased string
	Persons    int64
	Families   int64
	Schools    int64
	// K is the k of the person table, CellPersons the least persons behind a
	// figure of the report, SchoolPersons behind one of a school page.
	K             int64
	CellPersons   int64
	SchoolPersons int64
	Software      string
	// Joins say how well the inputs fit together: least shares, in percent.
	Joins []Join
	// Sender is who publishes; empty where nobody says so.
	Sender string
	// Issued is the day of issue, as an ISO date; empty where it is not said.
	Issued string
	// Site says that the pages are part of a publication, and lead to its other parts.
	Site bool
	// Events are those that the study names: marks on what goes over weeks.
	Events []Event
	// Notes are sentences of the edition on what was left out.
	Notes []string
}

// Event is an event of the study: an ISO date, and words as they are printed.
type Event struct{ Start, Label string }

// Join is the share of what an input names that the directory knows: at least so many
// percent of the accounts of a feed, of everybody or of one profile, or of another
// input; -1 unknown.
type Join struct {
	Input, Feed, Profile string
	Percent              int64
}

// SchoolsInput is all the school dashboards are made of.
type SchoolsInput struct {
	Lang    string
	Facts   Facts
	Schools []indicator.School
	// National are marks beside a school's own figures; nil for none.
	National *National
	// Earlier are earlier periods of the same study, the oldest first.
	Earlier []Earlier
}

// FactsOf are the facts that a manifest states. What made the pages, who sends them and
// which floors they keep, the caller knows.
func FactsOf(m *edition.Manifest) Facts {
	f := Facts{
		Study: m.Study, Term: m.Term, Start: m.Start, End: m.End, Subject: m.Subject, Synthetic: m.Synthetic,
		Persons: m.Population.Persons, Families: m.Population.Families, Schools: m.Population.Schools, Notes: m.Notes,
	}
	for _, e := range m.Declared {
		f.Events = append(f.Events, Event{Start: e.Start, Label: e.Label})
	}
	for _, j := range m.Joins {
		f.Joins = append(f.Joins, Join(j))
	}
	if m.Anonymity != nil {
		f.K = m.Anonymity.K
	}
	return f
}

// terms are those on which the figures may be used.
func (f Facts) terms(l lang) edition.Terms {
	if f.Unreleased != "" {
		return edition.UnreleasedTerms(string(l))
	}
	return edition.PublicTerms(string(l))
}

func (f Facts) check() error {
	var faults []error
	for name, value := range map[string]string{"start": f.Start, "end": f.End} {
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			faults = append(faults, fmt.Errorf("report: facts: %s is not an ISO date", name))
		}
	}
	if f.Subject != "parent" && f.Subject != "pupil" {
		faults = append(faults, errors.New("report: facts: subject is neither parent nor pupil"))
	}
	return errors.Join(faults...)
}

// National are marks from the national open data (DNMA). They are shown beside the one
// measure of which the definitions agree: the share of parents' visits on a phone.
type National struct {
	SchoolYear string
	Synthetic  bool
	Marks      []NationalMark
	// Bands are the quintiles of schools, by UAI.
	Bands map[string]int
}

// NationalMark is the share of parents' visits on a smartphone, from 0 to 1, in the
// schools of a level, or, with a band from 1 to 5, in those of a quintile by IPS.
type NationalMark struct {
	Level      string
	Band       int
	Schools    int
	Smartphone float64
}

// leftOut are the notes of the edition in a language.
func (f Facts) leftOut(l lang) []string {
	var out []string
	for _, note := range f.Notes {
		out = append(out, l.T(note, edition.NoteIn("en", note)))
	}
	return out
}
