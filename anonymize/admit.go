package anonymize

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/anonymize/subject"
)

// ErrNotAdmitted says that the register of releases refuses an edition: what has
// left already and it would be a subtraction. Nothing is written.
var ErrNotAdmitted = errors.New("the register of releases refuses it")

// take takes the census, and names the draw of the noise by it and by what the study asks.
func (o *Options) take(ctx context.Context) (err error) {
	if o.census != nil {
		return nil
	}
	if o.census, err = release.Take(ctx, o.Zone, o.window(), o.Engine); err != nil {
		return err
	}
	asked, err := o.asked()
	o.first = o.Releases.Draw(o.census, asked)
	o.draw = o.first
	return err
}

// madeFrom identifies what the editions of o are made from, once the census is taken.
func (o *Options) madeFrom() string {
	sum := sha256.Sum256([]byte(o.InputHash() + "\x00" + o.ConfigHash + "\x00" + o.Software + "\x00" + o.draw))
	return hex.EncodeToString(sum[:])
}

// asked identifies what the cells are asked for beside the zone, whatever study asks and how it names its deadlines.
func (o *Options) asked() (string, error) {
	deadlines, err := o.Study.deadlines()
	if err != nil {
		return "", err
	}
	for i := range deadlines {
		deadlines[i].Name = ""
	}
	w := o.window()
	text, err := json.Marshal([]any{w.Start, w.End, o.Study.SchoolYear, o.Study.Subject, len(o.Study.Feeds), deadlines})
	if err != nil {
		return "", fmt.Errorf("anonymize: %w", err)
	}
	return string(text), nil
}

// rules are those of the policy of a kind of edition.
func (o *Options) rules(kind string) (release.Rules, error) {
	cells := o.Schools
	if kind == edition.KindResearch {
		if o.Research == nil {
			return release.Rules{}, errors.New("anonymize: no research policy")
		}
		cells = o.Research.Cells
	}
	if cells == nil {
		return release.Rules{}, fmt.Errorf("anonymize: the %s policy has no [cells]", kind)
	}
	if p := cells.Perturbation; p == nil || p.Parameters().Variance == 0 {
		return release.Rules{Small: cells.Persons, Schools: unnamedSchools, Most: 1}, nil // exact cells are subtracted
	}
	return release.Rules{Small: cells.Persons, Schools: unnamedSchools, Most: cells.Releases}, nil
}

// window is that of the study.
func (o *Options) window() release.Window {
	w := release.Window{Start: day(o.Study.Start), End: day(o.Study.End)}
	w.TwoYearsBefore, w.FiveYearsBefore = subject.SeniorityDays(w.End)
	return w
}

// cells are the floors and the noise of a kind of edition.
func (o *Options) cells(kind string) *policy.Cells {
	if kind == edition.KindResearch {
		return o.Research.Cells
	}
	return o.Schools
}

// floors names the floors of a kind of edition.
func (o *Options) floors(kind string) string {
	c := o.cells(kind)
	return fmt.Sprint(c.Persons, c.ClusterPersons, c.ClusterSchools, c.SchoolPersons, c.StaffPersons)
}

// noise names the noise of the cells of a kind of edition; empty for none.
func (o *Options) noise(kind string) (string, error) {
	cells := o.cells(kind)
	if cells.Perturbation == nil {
		return "", nil
	}
	p := cells.Perturbation.Parameters()
	n, err := perturb.NewNoise(p, nil)
	if n == nil || err != nil {
		return "", err
	}
	return fmt.Sprintf("%s %v", n.ID(), p.Step), nil
}

// admit asks the register for the edition of a term; book then enters it. It is
// booked when it is whole and before it appears: killed in between, the next run
// makes the same one, which is known by what it is made from.
func (o *Options) admit(
	out *Outcome, kind, term string, newest edition.Revision,
) (release.Verdict, error) {
	rules, err := o.rules(kind)
	if err != nil {
		return release.Verdict{}, err
	}
	candidate := release.Candidate{
		Kind: kind, Name: kind + "-" + term, Study: o.Study.Name, Folder: o.Folder, Made: o.madeFrom(),
		Start: o.Study.Start.Format(time.DateOnly), End: o.Study.End.Format(time.DateOnly),
		Standing: newest.All, Census: o.census, Plan: o.Study.Plan, Draw: o.draw, First: o.first, Floors: o.floors(kind),
		Config: o.PolicyHash + " " + o.Software, Rules: rules, Subject: o.Study.Subject,
	}
	if candidate.Noise, err = o.noise(kind); err != nil {
		return release.Verdict{}, err
	}
	if newest.Dir != "" {
		candidate.Newest = filepath.Base(newest.Dir)
	}
	o.unplanned = nil
	if candidate.Plan != "" {
		o.unplanned = o.Releases.Unplanned(candidate)
	}
	verdict, err := o.Releases.Admit(candidate, rules)
	switch {
	case errors.Is(err, release.ErrStands), errors.Is(err, release.ErrSame):
		return verdict, err
	case errors.Is(err, release.ErrNear), errors.Is(err, release.ErrMoved), errors.Is(err, release.ErrNoise),
		errors.Is(err, release.ErrSpent):
		return verdict, fmt.Errorf("%w: %w", ErrNotAdmitted, err)
	case err != nil:
		return verdict, err
	}
	o.booking = o.Releases.Before(candidate)
	verdict.Persons = verdict.Persons && kind == edition.KindResearch
	told := &told{families: map[string]bool{}}
	o.told = told
	o.book = func() error {
		candidate.Told, candidate.Families = told.bytes(), slices.Sorted(maps.Keys(told.families))
		entered, err := o.Releases.Book(candidate, verdict)
		if entered {
			out.entered = append(out.entered, candidate.Name)
		}
		return err
	}
	return verdict, nil
}
