package subject

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest"
)

const (
	subjectParent = ingest.ProfileParent
	subjectPupil  = ingest.ProfilePupil
)

// unknown is the text of what nobody knows.
const unknown = "unknown"

// Zone is a restricted zone, as lists of live Parquet files.
type Zone interface {
	// Files gives the files of one table: people, accounts, memberships, links,
	// schools, calendar, or the registers publications, accompaniment, equipment,
	// messages, contents, settings, report_books, procedures, loans, training and
	// meetings. None is an empty table.
	Files(table string) []string
	// EventFiles gives the event files of one bucket of persons.
	EventFiles(bucket int) []string
	// Buckets is the number of buckets, a power of two: a bucket is the high
	// bits of the person key.
	Buckets() int
	// Hash identifies the content of the zone.
	Hash() string
}

// Study is what the tables speak of. Days are days since 1970-01-01, local.
type Study struct {
	Start, End int32 // both included
	// YearStart is the 1 September from which an accompaniment counts.
	YearStart int32
	// Subject is whose behaviour is studied: ingest.ProfileParent or ingest.ProfilePupil.
	Subject ingest.Profile
	// Feeds are the names of the sources; EventRow.Feed is the 1-based position.
	Feeds []string
	// Deadlines are those the study declares.
	Deadlines []Deadline
}

// Deadline is a day before which the families of some levels (ecole, college,
// lycee) and grade levels should be ready; both empty means everybody.
type Deadline struct {
	Name           string
	Day            int32
	Levels, Grades []string
}

// Floors are the least numbers of distinct persons, and of schools, that a cell
// may hold. Every one must be set.
type Floors struct {
	Cell   int64 // persons in a cell of a research table
	Staff  int64 // staff in a cell
	School int64 // persons of a school in a cell of the schools edition, and to be one of the schools of a cluster
	// ClusterSchools is the least number of schools in a cluster of the person table.
	ClusterSchools int
	// UnnamedSchools is the least number of schools in a cluster of a measure that must
	// not be known of a school.
	UnnamedSchools int
	// Reported is the least number of persons of whom a feed reports for a school in a week: what it says of
	// fewer is nobody's coverage, or one person would decide what is asked of all others of the school.
	Reported int64
}

// Kind is which edition the tables are for.
type Kind string

// The two editions.
const (
	Research Kind = "research"
	Schools  Kind = "schools"
)

// Options are what Open needs; all of it must be set but Without, Start and Progress.
type Options struct {
	Kind   Kind
	Zone   Zone
	Study  Study
	Floors Floors
	// Perturbation is the noise of the cells; that none is wanted must be said.
	Perturbation *perturb.Parameters
	// Without are the families of what must not be known of a school that are left out: edition.Families.
	Without []string
	// Draw names the draw of the noise: under one name the same persons have the same noise.
	Draw string
	Key  *pseudonym.StudyKey
	// Engine bounds the engine of this machine, and says where scratch files lie.
	Engine  engine.Config
	Threads int // how many engines work at the same time; 0 is 1
	// Start starts another engine in its place; nil is none.
	Start    func(context.Context) (Engine, error)
	Progress func(done, total int)

	eventsPerSlice int64 // of a test; 0 is the constant
}

func (o *Options) check() error {
	var faults []error
	fault := func(broken bool, format string, args ...any) {
		if broken {
			faults = append(faults, fmt.Errorf("subject: "+format, args...))
		}
	}
	fault(o.Kind != Research && o.Kind != Schools, "kind %q is neither research nor schools", string(o.Kind))
	fault(o.Zone == nil, "no restricted zone")
	fault(o.Key == nil, "no study key")
	fault(o.Study.End < o.Study.Start, "the window ends before it starts")
	fault(o.Study.Subject != subjectParent && o.Study.Subject != subjectPupil,
		"the subject is neither parents nor pupils")
	fault(len(o.Study.Feeds) == 0, "no feed is named")
	fault(o.Floors.Cell < 1, "floor of cells is unset")
	fault(o.Floors.Staff < 1, "floor of staff cells is unset")
	fault(o.Floors.School < 1, "floor of school cells is unset")
	fault(o.Perturbation == nil, "the perturbation of cells is unset")
	fault(o.Draw == "", "the draw of the noise has no name")
	fault(o.Floors.ClusterSchools < 1, "least number of schools in a cluster is unset")
	fault(o.Floors.Reported < 1, "least number of persons whom a feed reports in a week is unset")
	fault(o.Floors.UnnamedSchools < 1, "least number of schools in a cluster of an unnamed measure is unset")
	for _, family := range o.Without {
		fault(!slices.Contains(edition.Families(), family), "no family %q may be left out", family)
	}
	if o.Zone != nil {
		n := o.Zone.Buckets()
		fault(n < 1 || n&(n-1) != 0, "%d buckets is not a power of two", n)
	}
	return errors.Join(faults...)
}
