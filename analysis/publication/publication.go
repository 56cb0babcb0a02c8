package publication

import (
	"context"
	"errors"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/plan"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

// Options are what a publication is made from. Everything must be set but Lang,
// Indicators and Progress.
type Options struct {
	// Research and Schools are the folders of the two editions.
	Research, Schools string
	// Dir is the folder of the publication. What lies there is replaced if it Is one.
	Dir string
	// Disk is where it is written; the zero Disk is the machine's.
	Disk   durable.Disk
	Policy disclosure.Policy
	// Plan is what was written down before; nil for nothing.
	Plan *plan.Plan
	// Indicators are the questions to show; empty is all. What is hidden does not depend on them.
	Indicators []string
	Lang       string // of the pages: fr, also when empty, or en
	// Software and ConfigHash say what made the publication and from what study.toml.
	Software, ConfigHash string
	// Legal is the hash of the legal record that the audit carries: another one makes
	// another publication.
	Legal string
	// Booking is where the publication stands in the register of releases.
	Booking edition.Booking
	Engine  engine.Config
	// Sender is who publishes, as the pages say it; empty for nobody.
	Sender string
	// Issued is the day of issue, as an ISO date; empty where it is not said.
	Issued string
	// Sign signs the manifest; nil leaves it unsigned.
	Sign edition.Sign
	// National are marks beside the figures, nil for none, and NationalHash what they were
	// made of: National is asked only where the publication is not up to date.
	National     func(ctx context.Context) (*report.National, error)
	NationalHash string
	// Earlier are publications of earlier periods whose figures stand beside these, the oldest
	// first: see Remember.
	Earlier []Earlier
	// Beside is what the publications decided that have left beside this one.
	Beside indicator.Earlier
	// Overrides are what it hides and what follows from that, where a publication is rendered again: see Announced.
	Overrides []indicator.Override
	// Audit looks at the editions and at the staged publication in dir and adds its
	// findings there; decided is what was decided on its numbers. Its error refuses the
	// publication.
	Audit func(ctx context.Context, editions []string, dir string, decided indicator.Standing) error
	// Progress is told how much of the work is done.
	Progress func(done, total int64)
}

// Outcome is what Make did.
type Outcome struct {
	// Changed is false when the publication that stands is the one asked for.
	Changed bool
	// Statuses counts the results by status, Schools the dashboards; zero when
	// nothing was changed.
	Statuses map[string]int64
	Schools  int
}

// steps is the total that Progress is told.
const steps = 1000

func (o *Options) editions() []string { return []string{o.Research, o.Schools} }

func (o *Options) progress(done int64) {
	if o.Progress != nil {
		o.Progress(done, steps)
	}
}

// IsMade reports whether the publication that o asks for stands. It needs neither an engine, nor a signature or an audit.
func IsMade(o Options) (bool, error) {
	want, err := o.stamp()
	return err == nil && want.isIn(o.Dir), err
}

// Make makes the publication, or finds it made.
func Make(ctx context.Context, o Options) (out *Outcome, err error) {
	want, err := o.stamp()
	if err != nil {
		return nil, err
	}
	if err := o.Disk.Recover(o.Dir); err != nil {
		return nil, err
	}
	if want.isIn(o.Dir) {
		o.progress(steps)
		return &Outcome{}, nil
	}
	staged, err := o.Disk.NewStage(o.Dir, 0o755)
	if err != nil {
		return nil, err
	}
	// Pages that the audit refused, or that are not whole, stay nowhere.
	defer func() { err = errors.Join(err, staged.Abort()) }()
	stage := staged.Dir()
	out = &Outcome{Changed: true, Statuses: map[string]int64{}}
	decided, err := o.render(ctx, stage, out)
	if err != nil {
		return nil, err
	}
	if err := o.Audit(ctx, o.editions(), stage, decided); err != nil {
		return nil, err
	}
	o.progress(950)
	if err := want.write(o.Disk, stage, o.Sign); err != nil {
		return nil, err
	}
	o.progress(steps)
	return out, staged.Commit(Is)
}
