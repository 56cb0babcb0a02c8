package report

import "github.com/entscope/entscope/analysis/question"

// unit says how a measure is shown. Scale takes the stored number to the shown
// one; Decimals are all that is ever drawn or written.
type unit struct {
	scale    float64
	decimals int
	percent  bool
	points   bool // percentage points
	times    bool // a ratio: 1 is "no difference"
}

var (
	share  = unit{scale: 100, decimals: 1, percent: true}
	gap    = unit{scale: 100, decimals: 1, points: true}
	rate   = unit{scale: 1, decimals: 3}
	ratio  = unit{scale: 1, decimals: 3, times: true}
	scalar = unit{scale: 1, decimals: 3}
	counts = unit{scale: 1}
)

// unitOf is how a kind of measure is shown.
func unitOf(m question.Measure) unit {
	switch m.Kind {
	case question.Share, question.EventShare, question.Bounds:
		return share
	case question.Coverage:
		if m.Name != "achieved_k" {
			return share
		}
	case question.Ratio:
		return ratio
	case question.Gap:
		return gap
	case question.Quantile:
		if m.Scale != 0 {
			return scalar
		}
		return counts
	case question.Rate:
		return rate
	}
	return scalar
}

// unitOfRef is how the number of a reference is shown.
func unitOfRef(r question.Ref) unit {
	q, _ := question.Lookup(r.Question)
	m, _ := q.Measure(r.Measure)
	return unitOf(m)
}
