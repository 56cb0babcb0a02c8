package papers

import (
	"errors"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/edition"
)

// Facts are all that the papers say: what an audit found and what the manifests promise.
type Facts struct {
	// Audit holds the claims and the legal record.
	Audit *audit.Report
	// Research and Schools are the manifests of the editions; nil where there is none.
	Research, Schools *edition.Manifest
	// Public is true when a publication was audited too.
	Public bool
}

// New takes the facts of an audit of editions, at least one.
func New(r *audit.Report, editions []*edition.Manifest) (Facts, error) {
	f := Facts{Audit: r}
	for _, m := range editions {
		switch m.Kind {
		case edition.KindResearch:
			f.Research = m
		case edition.KindSchools:
			f.Schools = m
		}
	}
	for _, p := range r.Products {
		f.Public = f.Public || p.Kind == "publication"
	}
	if f.Any() == nil {
		return f, errors.New("papers: no edition to speak of")
	}
	return f, nil
}

// Any is the manifest that says what is common to both editions.
func (f Facts) Any() *edition.Manifest {
	if f.Research != nil {
		return f.Research
	}
	return f.Schools
}

// Ledger is the controller's word.
func (f Facts) Ledger() audit.Ledger { return f.Audit.Ledger }

// Rows is what the person table promises; nil where no row of a person leaves.
func (f Facts) Rows() *edition.Anonymity {
	if f.Research == nil || f.Research.Anonymity == nil || f.Research.Anonymity.Withheld != "" {
		return nil
	}
	return f.Research.Anonymity
}

// Floor is the least number of persons behind a published figure, as the publication's
// own rules say; 0 where there is none.
func (f Facts) Floor() int64 {
	for _, c := range f.Audit.Claims {
		if c.ID != "publication.rules" || c.Result != audit.Holds {
			continue
		}
		for _, n := range c.Numbers {
			if n.Name == "personnes, rapport" {
				return int64(n.Value)
			}
		}
	}
	return 0
}

// Worst is the attack whose residual risk reaches highest; nil where none was made.
func (f Facts) Worst() *edition.AttackResult {
	var worst *edition.AttackResult
	if a := f.Rows(); a != nil {
		for i := range a.Attacks {
			if worst == nil || a.Attacks[i].High > worst.High {
				worst = &a.Attacks[i]
			}
		}
	}
	return worst
}

// Likelihood proposes, on the scale of the CNIL, how likely it is that somebody learns of
// a person what they should not: significant when a claim fails, when somebody attacked
// and a risk reaches above its bound, or when rows of persons were attacked by nobody;
// limited otherwise, and never less: what others hold beside it is not known.
func (f Facts) Likelihood() Level {
	worst := f.Worst()
	if !f.Audit.OK() || f.Rows() != nil && worst == nil || worst != nil && worst.High > worst.Bound {
		return Significant
	}
	return Limited
}

// Level is a level of severity and of likelihood in the CNIL's method: 1 to 4.
type Level int

// The levels, from the least.
const (
	Negligible Level = 1 + iota
	Limited
	Significant
	Maximum
)
