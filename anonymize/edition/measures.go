package edition

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Measure is one entry of the approved list of what the cell tables may hold, of
// measures.toml: reviewed data, tested like code.
type Measure struct {
	Name string `toml:"name"`
	Kind string `toml:"kind"` // KindShare or KindAmount
	// PerHead says that every person counted brings 1 to the denominator.
	PerHead bool `toml:"per_head"`
	// X and Y say what one person brings to the numerator and to the denominator.
	// They are for a reader: no rule reads them.
	X string `toml:"x"`
	Y string `toml:"y"`
	// Populations are the denominators it is written for.
	Populations []string `toml:"populations"`
	// By are the groupings it is written for; nil is Groupings.
	By []string `toml:"groupings"`
	// Activity says that x is the same over a population and over its active part.
	Activity bool   `toml:"activity"`
	Pages    string `toml:"pages"` // PagesSchool, PagesResearch or PagesNever
}

// Kinds of measures.
const (
	KindShare  = "share"  // 0 or 1 of each person, over 0 or 1: a share of distinct persons
	KindAmount = "amount" // anything else
)

// Where a measure may stand.
const (
	PagesSchool   = "school"   // in the schools edition too
	PagesResearch = "research" // in the research edition only
	PagesNever    = "never"    // never on a school page
)

// Schools reports whether the schools edition carries the measure too.
func (m Measure) Schools() bool { return m.Pages == PagesSchool }

// Populations.
const (
	PopAll      = "all_accounts"    // every subject account open in the window, zeros included
	PopActive   = "active_accounts" // >= 1 visit in the window
	PopOpened   = "opened_accounts" // activated accounts
	PopPairs    = "pairs"           // parent × school with >= 1 published grade, grade feed covered
	PopViewers  = "active_pairs"    // … with >= 1 grade visit
	PopFamilies = "families"
	PopPupils   = "pupils" // pupil accounts with activity
	PopMatched  = "matched"

	PopFrequent    = "frequent_pairs"       // pairs of 20 grade visits or more over 4 weeks
	PopMatchedLong = "matched_long"         // matched pairs with every week from -4 to +8
	PopAtRisk      = "at_risk"              // who might have been matched, before anybody was
	PopAccompanied = "accompanied_accounts" // accompanied since the start of the school year

	PopRegular    = "regular_accounts"    // >= 10 visits in the window
	PopAttempting = "attempting_accounts" // >= 1 attempt to sign in
	PopSeen       = "seen_grades"         // pupils with >= 1 grade that they or a guardian opened
	PopPublished  = "published_grades"    // pupils with >= 1 published grade
	PopTwoGuards  = "two_guardians"       // pupils with >= 2 declared guardians
	PopRecipients = "recipients"          // subject accounts that received >= 1 such message
	PopSenders    = "senders"             // subject accounts that sent >= 1 message
	PopStaff      = "staff"               // staff accounts that sent >= 1 message: floor of staff
	PopThreads    = "threads"             // subject accounts that wrote to staff
	PopConcerned  = "concerned_accounts"  // subject accounts that a deadline, report book or item concerns
	PopSurveyed   = "surveyed_pupils"     // pupils who answered the equipment survey
	PopAllPupils  = "all_pupils"          // every pupil of the perimeter
	PopEligible   = "eligible_families"   // families of a téléservice
	PopInvited    = "invited_families"    // families invited to a remote meeting
)

//go:embed measures.toml
var measuresText []byte

// approved is measures.toml: the house does not start when it is unsound.
var approved = func() measureList {
	list, err := readMeasures(measuresText)
	if err != nil {
		panic(err)
	}
	return list
}()

// The approved list, and the named lists of groupings of measures.toml.
var (
	Measures  = approved.Measures
	Groupings = approved.Groupings["common"]
	Wide      = approved.Groupings["wide"]
	Few       = approved.Groupings["few"]
	Whole     = approved.Groupings["whole"]
	Graded    = approved.Groupings["graded"]
)

// Sums are what adds up between measures, in every group.
var Sums = approved.Sums

// Sum says that the parts add up to the total, which is a number of another measure or the
// denominator of the first part.
type Sum struct {
	Parts []Addend `toml:"parts"`
	Total Addend   `toml:"total"`
}

// Addend is one number of a cell of a measure.
type Addend struct{ Measure, Population, Number string }

// The numbers of a cell that sums speak of.
const (
	NumberX       = "numerator"
	NumberY       = "denominator"
	NumberPersons = "persons"
)

// UnmarshalText reads "MEASURE POPULATION NUMBER".
func (a *Addend) UnmarshalText(text []byte) error {
	words := strings.Fields(string(text))
	if len(words) != 3 {
		return fmt.Errorf("edition: measures.toml: %q is no measure, population and number", text)
	}
	*a = Addend{words[0], words[1], words[2]}
	return nil
}

// activeOf is the active part of a population.
var activeOf = map[string]string{PopAll: PopActive, PopPairs: PopViewers}

// active is the sum of a measure of what one does.
func (m Measure) active() (Sum, error) {
	for whole, part := range activeOf {
		if slices.Contains(m.Populations, whole) && slices.Contains(m.Populations, part) {
			return Sum{Parts: []Addend{{m.Name, part, NumberX}}, Total: Addend{m.Name, whole, NumberX}}, nil
		}
	}
	return Sum{}, fmt.Errorf("edition: measures.toml: measure %q: activity asks for a population and its active part",
		m.Name)
}

// in reports whether a number is of an approved measure.
func (a Addend) in(measures []Measure) bool {
	return slices.Contains([]string{NumberX, NumberY, NumberPersons}, a.Number) &&
		slices.ContainsFunc(measures, func(m Measure) bool {
			return m.Name == a.Measure && slices.Contains(m.Populations, a.Population)
		})
}

// FindMeasure finds a measure of the approved list.
func FindMeasure(name string) (Measure, bool) {
	i := slices.IndexFunc(Measures, func(m Measure) bool { return m.Name == name })
	if i < 0 {
		return Measure{}, false
	}
	return Measures[i], true
}

type measureList struct {
	Groupings map[string][]string `toml:"groupings"`
	Measures  []Measure           `toml:"measure"`
	Sums      []Sum               `toml:"sum"`
}

// readMeasures parses the approved list strictly. All faults are returned at once.
func readMeasures(text []byte) (measureList, error) {
	var list measureList
	d := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return list, fmt.Errorf("edition: measures.toml: %w", err)
	}
	var faults []error
	seen := map[string]bool{}
	for i := range list.Measures {
		m := &list.Measures[i]
		fault := func(text string) {
			faults = append(faults, fmt.Errorf("edition: measures.toml: measure %q: %s", m.Name, text))
		}
		if m.Name == "" || seen[m.Name] {
			fault("the name is missing, or stands twice")
		}
		seen[m.Name] = true
		if m.X == "" || m.Y == "" {
			fault("x or y is not said")
		}
		if m.Kind != KindShare && m.Kind != KindAmount {
			fault("kind is not share or amount")
		}
		if m.PerHead && m.Kind != KindShare {
			fault("per_head goes with a share")
		}
		if !slices.Contains([]string{PagesSchool, PagesResearch, PagesNever}, m.Pages) {
			fault("pages is not school, research or never")
		}
		if len(m.Populations) == 0 {
			fault("no population")
		}
		for _, p := range m.Populations {
			if !slices.Contains(populations, p) {
				fault(fmt.Sprintf("population %q is not known", p))
			}
		}
		if len(m.By) == 1 {
			if named, ok := list.Groupings[m.By[0]]; ok {
				m.By = named
			}
		}
		for _, g := range m.By {
			if !slices.Contains(list.Groupings["wide"], g) {
				fault(fmt.Sprintf("grouping %q is not known", g))
			}
		}
	}
	for _, m := range list.Measures {
		if m.Activity {
			sum, err := m.active()
			faults, list.Sums = append(faults, err), append(list.Sums, sum)
		}
	}
	for _, sum := range list.Sums {
		for _, a := range append([]Addend{sum.Total}, sum.Parts...) {
			if !a.in(list.Measures) {
				faults = append(faults, fmt.Errorf("edition: measures.toml: a sum names %v, which is no number of "+
					"a measure", a))
			}
		}
		if sum.Total.Number == NumberY && (len(sum.Parts) == 0 || sum.Total.Measure != sum.Parts[0].Measure) {
			faults = append(faults, fmt.Errorf("edition: measures.toml: %v is not the denominator of the first part",
				sum.Total))
		}
		if len(sum.Parts) == 0 {
			faults = append(faults, fmt.Errorf("edition: measures.toml: a sum to %v has no part", sum.Total))
		}
	}
	return list, errors.Join(faults...)
}

// populations are all that a measure may name.
var populations = []string{
	PopAll, PopActive, PopOpened, PopPairs, PopViewers, PopFamilies,
	PopPupils, PopMatched, PopFrequent, PopMatchedLong, PopAtRisk,
	PopAccompanied, PopRegular, PopAttempting, PopSeen, PopPublished,
	PopTwoGuards, PopRecipients, PopSenders, PopStaff, PopThreads, PopConcerned,
	PopSurveyed, PopAllPupils, PopEligible, PopInvited,
}
