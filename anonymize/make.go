package anonymize

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/release"
)

// ErrUnsatisfiable says that no generalisation meets the policy: nothing is
// written.
var ErrUnsatisfiable = kanon.ErrUnsatisfiable

// Outcome is what Make did.
type Outcome struct {
	// Made are the folders that were made now; empty when both editions were there.
	Made []string
	// Research and Schools are the editions that stand now.
	Research, Schools edition.Revision
	// Stands names the editions that stay although something changed, since too few
	// persons changed with it.
	Stands []string
	// Withheld names the earlier release because of which a new edition holds no rows
	// of persons; "" when it does, or when none was made.
	Withheld string
	// Unnamed are the families of what must not be known of a school that a new edition does not tell, each with the
	// name of the earlier release that does.
	Unnamed map[string]string

	disk     durable.Disk
	releases *release.Register
	entered  []string // what the register did not hold before
}

// progressTotal is the total that Options.Progress is told by Make.
const progressTotal = 1001

// Make makes what is missing of the two editions of o.Study.Term. An edition is
// there when its newest revision has the input, the configuration and the software
// of o; otherwise the register of releases is asked, and the next revision is made
// and booked, which says what it supersedes. An error wraps ErrNotAdmitted when the
// register refuses it.
func Make(ctx context.Context, o Options) (out *Outcome, err error) {
	if err := o.Disk.MkdirAll(o.Out, 0o700); err != nil {
		return nil, fmt.Errorf("editions: %w", err)
	}
	// What a killed run staged goes also where nothing is left to make.
	if err := o.Disk.RecoverIn(o.Out); err != nil {
		return nil, fmt.Errorf("editions: %w", err)
	}
	if o.Releases == nil {
		return nil, errors.New("anonymize: no register of releases")
	}
	out = &Outcome{disk: o.Disk, releases: o.Releases}
	o.shared = &shared{}
	defer func() { err = errors.Join(err, o.shared.close()) }()
	for i, p := range []part{
		{edition.KindResearch, Research, &out.Research},
		{edition.KindSchools, Schools, &out.Schools},
	} {
		o.redrawn = false
		err := o.part(ctx, out, p, i)
		for errors.Is(err, release.ErrOtherCells) { // the noise is drawn anew by what they would have told
			o.draw, o.redrawn = o.Releases.Redraw(o.draw, o.told.bytes()), true
			err = o.part(ctx, out, p, i)
		}
		if err != nil {
			return out, err
		}
	}
	if o.Progress != nil {
		o.Progress(progressTotal, progressTotal)
	}
	return out, nil
}

// part is one of the two editions.
type part struct {
	kind string
	make func(context.Context, Options) (string, error)
	is   *edition.Revision
}

// part makes the i-th edition where it is missing.
func (o *Options) part(ctx context.Context, out *Outcome, p part, i int) error {
	newest, err := edition.Newest(o.Out, p.kind, o.Study.Term)
	if err != nil {
		return err
	}
	if err := o.Releases.Holds(newest.All); err != nil {
		return err
	}
	*p.is = newest
	if newest.Manifest != nil && o.Made(newest.Manifest) {
		return nil
	}
	if err := o.take(ctx); err != nil {
		return err
	}
	if !o.redrawn { // of the same census an edition that stands, or the other one, may have been
		for _, dir := range []string{newest.Dir, out.Research.Dir} {
			if draw := o.Releases.Redrawn(filepath.Base(dir), o.first); draw != "" {
				o.draw = draw
			}
		}
	}
	next := o.revision(newest, p.kind, i)
	verdict, err := o.admit(out, p.kind, next.Study.Term, newest)
	switch {
	case errors.Is(err, release.ErrSame):
		return nil
	case errors.Is(err, release.ErrStands):
		out.Stands = append(out.Stands, verdict.Earlier)
		return nil
	case err != nil:
		return err
	}
	next.unplanned, next.told = o.unplanned, o.told
	next.withheld, next.unnamed, next.book, next.booking = verdict.Earlier, verdict.Unnamed, o.book, o.booking
	if p.kind == edition.KindResearch {
		out.Withheld, out.Unnamed = verdict.Earlier, verdict.Unnamed
	}
	dir, err := p.make(ctx, next)
	if errors.Is(err, ErrUnsatisfiable) { // one edition does not go out without the other
		return errors.Join(err, out.Withdraw())
	}
	if err != nil {
		return err
	}
	out.Made = append(out.Made, dir)
	*p.is, err = edition.Newest(o.Out, p.kind, o.Study.Term)
	return err
}

// Made reports whether an edition was made from the zone, the configuration and the software of o.
func (o *Options) Made(m *edition.Manifest) bool {
	return m.InputHash == o.InputHash() && m.ConfigHash == o.ConfigHash && m.Software == o.Software
}

// Withdraw removes the editions that were made now, and no older one: a gate refused
// what was to go out with them.
func (o *Outcome) Withdraw() error {
	var faults []error
	for _, dir := range o.Made {
		faults = append(faults, o.disk.Withdraw(dir))
		if name := filepath.Base(dir); slices.Contains(o.entered, name) {
			faults = append(faults, o.releases.Withdraw(name))
		}
	}
	o.Made = nil
	return errors.Join(faults...)
}

// revision gives the options of the revision after newest, the i-th half of the
// work. A name that a release of something else has borne is not borne again, also
// when its folder is gone.
func (o *Options) revision(newest edition.Revision, kind string, i int) Options {
	next := *o
	number := newest.Number + 1
	for o.Releases.Named(kind+"-"+edition.RevisionTerm(o.Study.Term, number), o.madeFrom()) {
		number++
	}
	next.Study.Term = edition.RevisionTerm(o.Study.Term, number)
	if newest.Dir != "" {
		next.Study.Supersedes = filepath.Base(newest.Dir)
	}
	if o.Progress != nil {
		next.Progress = func(done, total int) {
			if total > 0 {
				o.Progress(progressTotal/2*(i*total+done)/total, progressTotal)
			}
		}
	}
	return next
}
