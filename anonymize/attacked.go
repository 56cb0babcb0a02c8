package anonymize

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/attack"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/kanon"
)

// resamples is the number of bootstrap samples behind an interval.
const resamples = 500

// attacked gives the person table as it leaves, after twins of it stood the attacks
// of the policy. An error wraps ErrUnsatisfiable when a risk is above the bound: all of
// its interval, or the risk itself where the interval is no wider than the bound. Where
// only the upper end is above, the gate stays open, and the audit calls it not verified.
func (o *Options) attacked(
	ctx context.Context, t *kanon.Table, p *kanon.Policy, released *kanon.Table, a *edition.Anonymity,
) (*kanon.Table, error) {
	rules := o.Research.Attack
	a.Exchanged = *rules.Exchange
	var quasi, secrets []string
	for _, q := range p.QuasiIdentifiers {
		quasi = append(quasi, q.Name)
	}
	for _, c := range released.Columns {
		if !slices.Contains(quasi, c.Name) {
			secrets = append(secrets, c.Name)
		}
	}
	shuffled := func(t *kanon.Table) *kanon.Table {
		if !a.Exchanged {
			return t
		}
		return kanon.Exchange(t, quasi, o.Key.PRF("exchange").Uint64)
	}
	twin := func(ctx context.Context, part *kanon.Table) (*attack.Twin, error) {
		solution, err := kanon.Search(ctx, part, p)
		if err != nil {
			return nil, err
		}
		rows, err := solution.Apply(part)
		if err != nil {
			return nil, err
		}
		return &attack.Twin{Released: shuffled(rows), Levels: solution.Levels}, nil
	}
	options := attack.Options{
		Secrets: secrets, Household: "family", Persons: rules.Persons, Resamples: resamples,
		Seed: o.Key.PRF("attack").Uint64(),
	}
	for _, who := range rules.Attackers {
		options.Attackers = append(options.Attackers, attack.Attacker{Name: who.Name, Known: who.Knows})
	}
	findings, err := attack.Measure(ctx, t, p, twin, options)
	switch {
	case errors.Is(err, attack.ErrFew), errors.Is(err, kanon.ErrUnsatisfiable):
		return shuffled(released), nil // nothing can be said of a twin that small: the audit says so
	case err != nil:
		return nil, err
	}
	var above []string
	for _, f := range findings {
		a.Attacks = append(a.Attacks, edition.AttackResult{
			Attack: f.Attack, Attacker: f.Attacker, Secret: f.Secret, Persons: int64(f.Persons),
			Targeted: thousandths(f.Targeted), Baseline: thousandths(f.Controlled),
			Risk: thousandths(f.Risk), Low: thousandths(f.Low), High: thousandths(f.High), Bound: rules.Bound,
		})
		if sharp := f.High-f.Low <= rules.Bound; f.Low > rules.Bound || sharp && f.Risk > rules.Bound {
			above = append(above, fmt.Sprintf("%s %s by %q: %.3f [%.3f, %.3f]",
				f.Attack, f.Secret, f.Attacker, f.Risk, f.Low, f.High))
		}
	}
	if len(above) > 0 {
		return nil, fmt.Errorf("residual risk above %g (%s): %w; ways on: exchange = true, generalise what the "+
			"attacker knows (max_level, a larger k), or leave the column out",
			rules.Bound, strings.Join(above, "; "), ErrUnsatisfiable)
	}
	return shuffled(released), nil
}

func thousandths(x float64) float64 { return math.Round(x*1000) / 1000 }
