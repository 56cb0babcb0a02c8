package hierarchy

import (
	"maps"
	"slices"
	"time"
)

// Domain gives the ready-made recipe of an attribute of the French school
// portal, false when there is none of that name. See DomainNames.
func Domain(name string) (Recipe, bool) {
	if r, ok := functions()[name]; ok {
		return r, true
	}
	rows, ok := domains()[name]
	if !ok {
		return nil, false
	}
	h, err := New(rows)
	if err != nil {
		return nil, false // the tables below are constant and a test builds each
	}
	return Fixed{h}, true
}

// DomainNames are the names that Domain knows.
func DomainNames() []string {
	names := slices.Collect(maps.Keys(functions()))
	return slices.Sorted(slices.Values(slices.AppendSeq(names, maps.Keys(domains()))))
}

// functions are the recipes that are not tables.
func functions() map[string]Recipe {
	low, high := 60.0, 160.0
	return map[string]Recipe{
		"flat": Flat,
		"uai":  UAI,
		// ips is the index of social position of a school, a number around 100
		// (DEPP, Rocher 2016): bands of 10, then of 20, open at both ends.
		"ips": Intervals{Widths: []float64{10, 20}, Bottom: &low, Top: &high},
		// week is an ISO week such as 2025-W37, which is put in the month, the term
		// and the school year of its Thursday.
		"week": Func(func(value string) ([]string, bool) {
			day, ok := weekThursday(value)
			return periods(day, "month", "term", "school_year"), ok
		}),
		// date is a day such as 2025-09-08.
		"date": Dates{Layout: time.DateOnly, Units: []string{"week", "month", "term", "school_year"}},
	}
}

// domains are the constant tables, one row per value, finest first. "unknown" is
// a value like any other: it joins the others at the top only.
func domains() map[string][][]string {
	return map[string][][]string{
		"level": {
			{"ecole", "premier-degre", Top}, {"college", "second-degre", Top}, {"lycee", "second-degre", Top},
			{"unknown", "unknown", Top},
		},
		"grade":       gradeRows(),
		"grade_cycle": cycleRows(),
		"sector":      {{"public", Top}, {"prive", Top}, {"unknown", Top}},
		"ep":          {{"HEP", "HEP", Top}, {"REP", "EP", Top}, {"REP+", "EP", Top}, {"unknown", "unknown", Top}},
		"ips_band": {
			{"1", "1-2", Top}, {"2", "1-2", Top}, {"3", "3", Top}, {"4", "4-5", Top}, {"5", "4-5", Top},
			{"unknown", "unknown", Top},
		},
		"children":   {{"1", "1", Top}, {"2", "2+", Top}, {"3+", "2+", Top}, {"unknown", "unknown", Top}},
		"devices":    {{"none", Top}, {"phone", Top}, {"computer", Top}, {"mixed", Top}, {"unknown", Top}},
		"activation": {{"before-term", Top}, {"in-term", Top}, {"never", Top}, {"unknown", Top}},
		"profile": {
			{"pupil", "family", Top}, {"parent", "family", Top},
			{"teacher", "staff", Top}, {"admin", "staff", Top}, {"unknown", "unknown", Top},
		},
		"device": {
			{"computer", "large screen", Top}, {"tablet", "large screen", Top}, {"phone", "phone", Top},
			{"other", "other", Top}, {"unknown", "unknown", Top},
		},
	}
}

// bands are the grade levels of each band, and the degree of the band.
var bands = []struct {
	band, degree string
	grades       []string
}{
	{"maternelle", "ecole", []string{"TPS", "PS", "MS", "GS"}},
	{"CP-CE2", "ecole", []string{"CP", "CE1", "CE2"}},
	{"CM1-CM2", "ecole", []string{"CM1", "CM2"}},
	{"6e-5e", "college", []string{"6e", "5e"}},
	{"4e-3e", "college", []string{"4e", "3e"}},
	{"2de-Tle", "lycee", []string{"2de", "1re", "Tle", "CAP"}},
}

// gradeRows is grade → band → degree → *. A band is also a value of level 0, for
// tables that are born banded; "several" is a parent whose children are not in
// one band, "unknown" none known.
func gradeRows() [][]string {
	var rows [][]string
	for _, b := range bands {
		for _, g := range b.grades {
			rows = append(rows, []string{g, b.band, b.degree, Top})
		}
		rows = append(rows, []string{b.band, b.band, b.degree, Top})
	}
	return append(rows, []string{"several", "several", "several", Top}, []string{"unknown", "unknown", "unknown", Top})
}

// cycleRows is grade → cycle → degree → *. Cycle 3 holds two grades of the école
// and one of the collège (décret 2013-682): it is cut there, else cycles would
// not nest in degrees.
func cycleRows() [][]string {
	cycles := []struct {
		cycle, degree string
		grades        []string
	}{
		{"cycle-1", "ecole", []string{"TPS", "PS", "MS", "GS"}},
		{"cycle-2", "ecole", []string{"CP", "CE1", "CE2"}},
		{"cycle-3-ecole", "ecole", []string{"CM1", "CM2"}},
		{"cycle-3-college", "college", []string{"6e"}},
		{"cycle-4", "college", []string{"5e", "4e", "3e"}},
		{"cycle-lycee", "lycee", []string{"2de", "1re", "Tle", "CAP"}},
	}
	rows := [][]string{{"unknown", "unknown", "unknown", Top}}
	for _, c := range cycles {
		for _, g := range c.grades {
			rows = append(rows, []string{g, c.cycle, c.degree, Top})
		}
	}
	return rows
}
