package edition

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"maps"
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
	// Each is what every person counted brings to the denominator of an amount, 0 where they do not bring the same: Σy
	// and Σy² are then so many times the persons.
	Each int64 `toml:"each"`
	// Ranked says that x follows from the rank of the person among all those of the edition:
	// cells of two editions do not add up.
	Ranked bool `toml:"ranked"`
	// Others says that x is made of what others bring too, so that one person moves what many bring: a sum of it has
	// the noise of the largest contribution itself, and not of a step of it.
	Others bool `toml:"others"`
	// Bins says that a question reads how x is spread: the persons leave by bins of it. Of another measure
	// nothing of it leaves (H01 holds them all) but of a share per head, which tells how many bring nothing (H00).
	Bins bool `toml:"bins"`
	// Pooled says that no question compares schools by it: its rows are of about PooledClusters clusters of schools.
	Pooled bool `toml:"pooled"`
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
	// Family is what leaves with it, once of a day, of what must not be known of a school (PagesNever); else empty.
	Family string `toml:"family"`
}

// Families that are of more than one question: what they rest on is the same.
const (
	// FamilyContacts is which addresses the directory knows, on whatever day: R3, F2 and the balance of A2 by it. It
	// leaves of a subject once in twelve months where the directory changed, as rows of persons do.
	FamilyContacts = "contacts"
	// FamilyGuardians is whether a guardian of a pupil ever visits: P3, and P1, which counts pupils of whom none does.
	FamilyGuardians = "guardians"
)

// Kinds of measures.
const (
	KindShare  = "share"  // 0 or 1 of each person, over 0 or 1: a share of distinct persons
	KindAmount = "amount" // anything else
)

// PooledClusters is about the number of clusters of a pooled measure: ten are the fewest that an interval is given of.
const PooledClusters = 12

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

// OfPairs are the populations of which a parent of two schools is two: a column that is exact where nobody is would tell.
var OfPairs = []string{PopPairs, PopViewers, PopFrequent}

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

// Places are the lists that names of measures stand for: "hours" and "weekday".
var Places = approved.Places

// Sums are what adds up between measures, in every group.
var Sums = approved.Sums

// FindMeasure finds a measure of the approved list.
func FindMeasure(name string) (Measure, bool) {
	i, ok := measureAt[name]
	if !ok {
		return Measure{}, false
	}
	return Measures[i], true
}

// measureAt is where the list has a measure, by name: one is looked up for each row of an edition.
var measureAt = func() map[string]int {
	at := make(map[string]int, len(Measures))
	for i, m := range Measures {
		at[m.Name] = i
	}
	return at
}()

// families is the family of each measure and curve that has one.
var families = func() map[string]string {
	of := map[string]string{}
	for _, m := range Measures {
		of[m.Name] = m.Family
	}
	for _, c := range Curves {
		of[c.Name] = c.Family
	}
	maps.DeleteFunc(of, func(_, family string) bool { return family == "" })
	return of
}()

// FamilyOf is the family of a measure or curve that must not be known of a school; "" of any other.
func FamilyOf(name string) string { return families[name] }

// Families are all families there are, in order.
func Families() []string { return slices.Compact(slices.Sorted(maps.Values(families))) }

type measureList struct {
	Groupings map[string][]string `toml:"groupings"`
	Places    map[string][]string `toml:"places"`
	Measures  []Measure           `toml:"measure"`
	Sums      []Sum               `toml:"sum"`
	Chains    []chain             `toml:"chain"`
}

// readMeasures parses the approved list strictly. All faults are returned at once.
func readMeasures(text []byte) (measureList, error) {
	var list measureList
	d := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return list, fmt.Errorf("edition: measures.toml: %w", err)
	}
	list.place()
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
		if strings.Contains(m.Name, "{") {
			fault("the name has places of no list")
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
		if m.Each < 0 || m.Each > 0 && m.Kind != KindAmount {
			fault("each is a number above 0 of an amount")
		}
		if m.Others && !m.Ranked || m.Bins && m.Kind != KindAmount {
			fault("others goes with ranked, and bins with an amount")
		}
		if m.Pooled && m.Pages != PagesResearch {
			fault("pooled goes with pages research")
		}
		if !slices.Contains([]string{PagesSchool, PagesResearch, PagesNever}, m.Pages) {
			fault("pages is not school, research or never")
		}
		if m.Family != "" && m.Pages != PagesNever {
			fault("family goes with pages never")
		}
		if m.Family == "" && m.Pages == PagesNever {
			m.Family, _, _ = strings.Cut(m.Name, ".")
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
		for _, a := range sum.Terms() {
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
		if slices.ContainsFunc(sum.Terms(), Addend.OfCurve) && !sum.Fewer {
			faults = append(faults, fmt.Errorf("edition: measures.toml: a sum to %v adds figures of a curve up, which "+
				"are several: it asks for fewer", sum.Total))
		}
	}
	return list, errors.Join(faults...)
}

// place puts each of its places in the place of every {name}, in measures and in sums.
func (l *measureList) place() {
	var measures []Measure
	for _, m := range l.Measures {
		for _, p := range combinations(m.Name, l.Places) {
			one := m
			one.Name, one.X, one.Y = p.In(m.Name), p.In(m.X), p.In(m.Y)
			measures = append(measures, one)
		}
	}
	var sums []Sum
	for _, s := range l.Sums {
		if len(s.Parts) == 1 && strings.Contains(s.Parts[0].Measure, "*") {
			sums = append(sums, s.ofEach(measures)...)
			continue
		}
		for _, of := range combinations(s.Total.Measure, l.Places) {
			one := Sum{Total: s.Total.placed(of), Rest: s.Rest, Fewer: s.Fewer}
			for _, part := range s.Parts {
				part = part.placed(of)
				for _, p := range combinations(part.Measure, l.Places) {
					one.Parts = append(one.Parts, part.placed(p))
				}
			}
			sums = append(sums, one)
		}
	}
	for _, c := range l.Chains {
		sums = append(sums, c.sums()...)
	}
	l.Measures, l.Sums = measures, sums
}

// Placed is one place of each list that a text names, by the name of the list.
type Placed map[string]string

// In puts the places in the place of every {name} of a text.
func (p Placed) In(text string) string {
	for name, place := range p {
		text = strings.ReplaceAll(text, "{"+name+"}", place)
	}
	return text
}

// Combinations are those of the places of the lists that a text names, in the order of the
// text; a single one, of none, where it names no list.
func Combinations(text string) []Placed { return combinations(text, Places) }

func combinations(text string, places map[string][]string) []Placed {
	all := []Placed{{}}
	for _, part := range strings.Split(text, "{")[1:] {
		name, _, _ := strings.Cut(part, "}")
		if places[name] == nil {
			continue // and stays where it is: no name of a measure has a brace
		}
		var longer []Placed
		for _, p := range all {
			for _, place := range places[name] {
				one := maps.Clone(p)
				one[name] = place
				longer = append(longer, one)
			}
		}
		all = longer
	}
	return all
}

// populations are all that a measure may name.
var populations = []string{
	PopAll, PopActive, PopOpened, PopPairs, PopViewers, PopFamilies,
	PopPupils, PopMatched, PopFrequent, PopMatchedLong, PopAtRisk,
	PopAccompanied, PopRegular, PopAttempting, PopSeen, PopPublished,
	PopTwoGuards, PopRecipients, PopSenders, PopStaff, PopThreads, PopConcerned,
	PopSurveyed, PopAllPupils, PopEligible, PopInvited,
}
