package anonymize

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/anonymize/subject"
	"github.com/entscope/entscope/ingest"
)

// Study says what is studied and when.
type Study struct {
	Name string
	// Term names the edition's folder: letters, digits, '-', '.' and '_'.
	Term string
	// SchoolYear is "2025-2026": accompaniment counts from 1 September 2025.
	SchoolYear string
	// Start and End are local dates, both included; the clock part is ignored.
	Start, End time.Time
	// Subject is "parent" or "pupil".
	Subject   string
	Synthetic bool
	// Feeds are the names of the sources, in the order of the study.
	Feeds      []string
	Supersedes string
	// Declared are the events and deadlines of the study; both editions name
	// them in their manifests.
	Declared []edition.Declared
	// Plan is the SHA-256 of the analysis plan that the study names; empty for none.
	Plan string
}

// years is the number of school years, 1 August to 31 July, that the window touches.
func (s Study) years() int {
	year := func(t time.Time) int { return t.AddDate(0, -7, 0).Year() }
	return year(s.End) - year(s.Start) + 1
}

// Options are what an edition is made from. Everything must be set but Files,
// Distributed, Progress and, of the two policies, the one of the other edition.
type Options struct {
	Zone  subject.Zone
	Study Study
	// Joins say how well the inputs that the zone was filled from fit together.
	Joins Joins
	// Research is the policy of the person table and of its cell tables.
	Research *policy.Policy
	// Schools are the floors of the schools edition.
	Schools *policy.Cells
	// Files reads the hierarchy files that the policy names.
	Files policy.Files
	Key   *pseudonym.StudyKey
	// Sign signs the manifests; nil leaves them unsigned.
	Sign edition.Sign
	// Out is the folder of editions; the edition is Out/research-<term> or
	// Out/schools-<term>.
	Out string
	// Folder is Out as the register of releases knows it; see release.Candidate.
	Folder string
	// Disk is where it is written; the zero Disk is the machine's.
	Disk durable.Disk
	// Engine bounds the engine of this machine.
	Engine engine.Config
	// Threads is how many engines work at the same time, within the memory of one; 0 is 1.
	Threads int
	// Distributed starts an engine elsewhere, for the behaviours and their recount alone, each under the name of its
	// work; nil computes them here.
	Distributed func(ctx context.Context, work string) (subject.Engine, error)
	// Releases remembers what has left. Make asks it; Research and Schools alone book
	// nothing when it is nil.
	Releases  *release.Register
	draw      string // of the noise, as release.Register.Draw has it; empty without a register
	first     string // the draw by the census alone
	redrawn   bool   // in this part of Make
	census    *release.Census
	shared    *shared
	told      *told             // what the edition tells, as it is made
	book      func() error      // enters the edition in the register; nil books nothing
	booking   edition.Booking   // how the register stands before that
	withheld  string            // the release that holds this period's rows of persons already
	unnamed   map[string]string // as in release.Verdict
	unplanned []string          // editions of the period that left without the study\'s plan
	// Software and ConfigHash say what made the edition and from what study.toml.
	Software, ConfigHash string
	// PolicyHash identifies what both policies mean.
	PolicyHash string
	Progress   func(done, total int)
}

// dir is where an edition of a kind goes.
func (o *Options) dir(kind subject.Kind) string {
	return filepath.Join(o.Out, string(kind)+"-"+o.Study.Term)
}

var (
	termName   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
	schoolYear = regexp.MustCompile(`^([0-9]{4})-[0-9]{4}$`)
)

func (o *Options) check() error {
	var faults []error
	fault := func(broken bool, text string) {
		if broken {
			faults = append(faults, errors.New("anonymize: "+text))
		}
	}
	fault(!termName.MatchString(o.Study.Term), "the term is not a name of letters, digits, '-', '.' and '_'")
	fault(!schoolYear.MatchString(o.Study.SchoolYear), "the school year is not like 2025-2026")
	fault(o.Study.Start.IsZero() || o.Study.End.IsZero(), "the window is not set")
	fault(o.Study.Subject != "parent" && o.Study.Subject != "pupil", "the subject is neither parent nor pupil")
	fault(o.Out == "", "no folder for the edition")
	fault(o.Zone == nil, "no restricted zone")
	fault(o.Key == nil, "no study key")
	_, err := o.Study.deadlines()
	return errors.Join(append(faults, err)...)
}

// mostSuppressed is the largest share of persons that an edition may leave out.
const mostSuppressed = 0.5

// CheckPolicy refuses a policy of an edition that lacks a part, and one that speaks of a column it does not have,
// or of a value its columns cannot have: a rare value spelt otherwise would bound nothing.
func CheckPolicy(p *policy.Policy) error {
	tables, err := edition.Tables(edition.KindResearch)
	if err != nil {
		return err
	}
	values := map[string][]string{}
	for _, t := range tables {
		if t.Name != edition.TableParents {
			continue
		}
		for _, c := range t.Columns {
			values[c.Name] = c.Words()
		}
	}
	faults := []error{p.MatchWords(func(column string) []string { return values[column] })}
	for name, missing := range map[string]bool{"cells": p.Cells == nil, "attack": p.Attack == nil} {
		if missing {
			faults = append(faults, fmt.Errorf("%w: [%s] is not set: an edition needs it", policy.ErrPolicy, name))
		}
	}
	if p.SuppressionLimit > mostSuppressed {
		faults = append(faults, fmt.Errorf("%w: suppression_limit is above %v: an edition without most of its persons "+
			"describes nobody", policy.ErrPolicy, mostSuppressed))
	}
	if p.Attack != nil {
		lists := map[string][]string{"attack.leave_out": p.Attack.LeaveOut}
		for _, who := range p.Attack.Attackers {
			lists["attacker "+who.Name] = who.Knows
		}
		for _, list := range slices.Sorted(maps.Keys(lists)) {
			for _, name := range lists[list] {
				if _, ok := values[name]; !ok {
					faults = append(faults, fmt.Errorf("%w: %s: the person table has no column %q", policy.ErrPolicy,
						list, name))
				}
			}
		}
	}
	return errors.Join(faults...)
}

// day is a date in days since 1970-01-01.
func day(t time.Time) int32 {
	y, m, d := t.Date()
	return int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func (o *Options) subjectOptions(kind subject.Kind, floors subject.Floors, cells *policy.Cells) subject.Options {
	var year int
	fmt.Sscanf(o.Study.SchoolYear, "%d", &year)
	s := subject.Study{
		Start: day(o.Study.Start), End: day(o.Study.End), Feeds: o.Study.Feeds, Subject: ingest.ProfileParent,
		YearStart: day(time.Date(year, time.September, 1, 0, 0, 0, 0, time.UTC)),
	}
	s.Deadlines, _ = o.Study.deadlines() // without a fault: checked
	if o.Study.Subject == "pupil" {
		s.Subject = ingest.ProfilePupil
	}
	out := subject.Options{Kind: kind, Zone: o.Zone, Study: s, Floors: floors, Key: o.Key, Engine: o.Engine,
		Threads: o.Threads, Progress: o.Progress, Draw: o.draw,
		Without: slices.Sorted(maps.Keys(o.unnamed))}
	if o.Distributed != nil {
		out.Start = func(ctx context.Context) (subject.Engine, error) { return o.Distributed(ctx, "behaviours") }
	}
	if out.Draw == "" {
		out.Draw = o.Study.Start.Format(time.DateOnly) + "/" + o.Study.End.Format(time.DateOnly)
	}
	if cells.Perturbation != nil {
		p := cells.Perturbation.Parameters()
		out.Perturbation = &p
	}
	return out
}

// InputHash identifies what the edition was computed from, without saying what
// the zone's own hash is.
func (o *Options) InputHash() string {
	sum := sha256.Sum256([]byte("edition input\x00" + o.Zone.Hash()))
	return hex.EncodeToString(sum[:])
}
