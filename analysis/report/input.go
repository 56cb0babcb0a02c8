package report

import (
	"errors"
	"fmt"
	"time"

	"github.com/entscope/entscope/analysis/indicator"
)

// Input is all the regional report is made of.
type Input struct {
	// Lang is "fr" (also when empty) or "en".
	Lang string
	// Results are protected: what they hold may be shown.
	Results []indicator.Result
	Facts   Facts
	// National are marks beside the report's own figures; nil for none.
	National *National
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
	Persons   int64
	Families  int64
	Schools   int64
	// K is the k of the person table, CellPersons the least persons behind a
	// figure of the report, SchoolPersons behind one of a school page.
	K             int64
	CellPersons   int64
	SchoolPersons int64
	Software      string
	// Notes are sentences of the edition on what was left out.
	Notes []string
}

// SchoolsInput is all the school dashboards are made of.
type SchoolsInput struct {
	Lang    string
	Facts   Facts
	Schools []School
	// National are marks beside a school's own figures; nil for none.
	National *National
}

// School is one dashboard. Every result is protected.
type School struct {
	UAI     string
	Name    string
	Level   string // ecole, college, lycee
	IPSBand string // 1 to 5
	EP      string // HEP, REP, REP+
	// CoveredWeeks of ExpectedWeeks school weeks had a working feed.
	CoveredWeeks, ExpectedWeeks int
	// Feeds are the names of the sources that reported.
	Feeds []string
	// Results of the school over the whole term.
	Results []indicator.Result
	// Similar are the same measures over PeerSchools comparable schools,
	// described by PeerLabel ("collèges de même tranche d’IPS"). Empty when
	// there are too few of them.
	Similar     []indicator.Result
	PeerLabel   string
	PeerSchools int
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
