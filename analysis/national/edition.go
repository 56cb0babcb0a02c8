package national

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// School is one school of the edition. What the files do not say is empty.
type School struct {
	UAI, Name, Level, Sector, Academie, Departement, Number, Commune, Zone string
	// Measured says that a file of the DNMA holds a week of the school.
	Measured bool
}

// Profiles are those of the DNMA, in the order of its columns.
var Profiles = []string{"globales", "eleve", "parent", "enseignant", "admin_vie_scol_tech"}

// Places of the profiles that answers speak of.
const (
	everybody = iota
	pupil
	parent
	teacher
)

// Use is what one school did in one school year.
type Use struct {
	School int // place in Edition.Schools
	Year   int // place in Edition.Years
	Rows   int64
	// All are the visits of every row, by profile; Visits and Weeks those of the weeks
	// that measure use, and their number.
	All, Visits, Weeks [5]int64
	// Users are user-weeks: of everybody and of parents in every row, and of parents in
	// the weeks that measure use.
	AllUsers, AllParentUsers, ParentUsers int64
	// CoreVisits and CoreWeeks are those of parents from September to June, which school
	// years have in common: a file may begin in September.
	CoreVisits, CoreWeeks int64
}

// social is one line of a file of IPS.
type social struct {
	school, year int // year is the first calendar year of the school year
	tenths       int64
	hasIPS       bool
	pupils       int64
}

// shares is what one school did in one school year, by device or by service.
type shares struct {
	school, year int
	visits       []int64
}

// weekUse is one week of an académie, a level and a side of the constant panel.
type weekUse struct {
	day                                int
	academie, level                    string
	panel                              bool
	schools, all, visits, weeks, users int64
	pupilVisits, pupilWeeks            int64
}

// pairWeek is a week of the schools measured in two adjacent years.
type pairWeek struct {
	position, day int
	number, zone  string
	visits        [5]int64
}

// feedWeek is a week of one académie in one table, by column.
type feedWeek struct {
	day      int
	academie string
	visits   []int64
}

// Edition is what the statements read, in memory.
type Edition struct {
	Schools []School
	Years   []Year
	// Synthetic says that a file was made by the generator.
	Synthetic bool
	// Given are the kinds of files that were read.
	Given []string

	place    map[string]int // of a school by its UAI
	use      []Use
	social   []social
	devices  []shares
	services []shares
	weeks    []weekUse
	pairs    []pairWeek
	silences []Silence
	term     map[string]map[int]int // days of class by zone and week
	columns  []columnTotal
	covered  map[string][]coveredWeek
	panel    []int
}

type coveredWeek struct {
	day     int
	schools int64
	thin    bool
}

type columnTotal struct {
	table, column, status string
	total                 int64
}

// manifest is what the answers need of manifest.json.
type manifest struct {
	Kind      string `json:"kind"`
	Synthetic bool   `json:"synthetic"`
	Inputs    []struct {
		Kind string `json:"kind"`
	} `json:"inputs"`
}

// readManifest reads what the edition says of itself.
func (e *Edition) readManifest(dir string) error {
	data, err := edition.ReadPlain(dir, "manifest.json")
	if err != nil {
		return fmt.Errorf("national: edition: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return fmt.Errorf("national: edition: manifest.json: %w", err)
	}
	if m.Kind != "national" {
		return fmt.Errorf("national: edition: manifest.json is of kind %q, not national", m.Kind)
	}
	e.Synthetic = m.Synthetic
	for _, in := range m.Inputs {
		if !slices.Contains(e.Given, in.Kind) {
			e.Given = append(e.Given, in.Kind)
		}
	}
	slices.Sort(e.Given)
	return nil
}

// has reports whether a file of a kind was given.
func (e *Edition) has(kind string) bool { return slices.Contains(e.Given, kind) }

// weeksCovered are the weeks of the file of profiles, or else those of any other.
func (e *Edition) weeksCovered() []coveredWeek {
	if weeks := e.covered["profils"]; len(weeks) > 0 {
		return weeks
	}
	by := map[int]coveredWeek{}
	for _, weeks := range e.covered {
		for _, w := range weeks {
			w.thin = w.thin || by[w.day].thin
			by[w.day] = w
		}
	}
	out := slices.Collect(maps.Values(by))
	slices.SortFunc(out, func(a, b coveredWeek) int { return a.day - b.day })
	return out
}
