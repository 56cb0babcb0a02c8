package indicator

import (
	"math"

	"github.com/entscope/entscope/analysis/stats"
)

// Result is one figure: a value, its doubt and its status. results.json is a
// list of them.
type Result struct {
	Indicator string `json:"indicator"` // L2, N5, …
	Edition   string `json:"edition"`   // research or schools
	// Population is the denominator: all_accounts, active_accounts, pairs,
	// active_pairs, families, pupils, visits, …
	Population string `json:"population"`
	// Group is empty for the whole population, else one key and its value:
	// {"level": "college"}, {"ips_band": "1"}, {"ep": "REP"}.
	Group   map[string]string `json:"group"`
	Measure string            `json:"measure"`
	// Estimate, Low and High are null when the status is not published. Shares
	// are fractions of 1.
	Estimate *float64 `json:"estimate"`
	Low      *float64 `json:"low"`
	High     *float64 `json:"high"`
	// Level is the confidence level of [Low, High], 0 when there is none.
	Level float64 `json:"level"`
	// Target says what the interval speaks of: "superpopulation of schools",
	// "bounds" (partial identification), "none".
	Target   string    `json:"target"`
	N        int64     `json:"n"` // distinct persons of the denominator
	Status   Status    `json:"status"`
	Method   string    `json:"method"`
	Warnings []Warning `json:"warnings"`
	// Parts are the editions of a combination that the figure is of, by name; nil of another edition, and of
	// what is no count of clusters.
	Parts []string `json:"parts,omitempty"`

	// counts is what the figure is made of, estimate what its interval comes from, tested the
	// p-value of « no effect » where estimate does not give it. They live in memory between
	// Compute and Release, and no protected Result has them.
	counts   *counts
	estimate stats.Estimate
	tested   *float64
	noise    bool // the cells it is made of are noisy
}

// StandardError is that of Estimate, of a figure of Compute that has an interval from its clusters.
func (r Result) StandardError() (se float64, ok bool) {
	se = r.estimate.SE
	return se, r.Status == Published && r.Estimate != nil && r.Level > 0 && se > 0 && !math.IsInf(se, 0)
}

// Status says whether a figure may be shown.
type Status string

// The statuses of a Result.
const (
	Published     Status = "published"
	Suppressed    Status = "suppressed"
	NotMeasurable Status = "not_measurable"
)

// The targets of an interval.
const (
	targetSchools = "superpopulation of schools"
	targetBounds  = "bounds"
	targetSeries  = "time series"
	targetNone    = "none"
)

// School is what one dashboard may show. Every Result is protected.
type School struct {
	UAI, Name, Level, IPSBand, EP string
	// CoveredWeeks of ExpectedWeeks school weeks had a working feed; Feeds are
	// the sources that reported, in order.
	CoveredWeeks, ExpectedWeeks int
	Feeds                       []string
	// Results of the school: group {"uai": …} for the term, {"uai": …, "month":
	// "2025-10"} for a month. A school's figure is a census of that school and
	// has no sampling interval.
	Results []Result
	// Similar are the same figures over PeerSchools schools of the same level and
	// IPS band (this one among them), group {"similar": "college 2"}. Empty when
	// there are fewer than the policy asks. Never a ranking.
	Similar     []Result
	PeerLabel   string // French: "collèges de même tranche d’IPS"
	PeerSchools int
	// Comparisons say whether the school differs from the similar ones.
	Comparisons []Comparison
}
