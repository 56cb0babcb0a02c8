package report

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// dashboard is what a school page may show, as the catalogue says. N5, P1, N6 and
// everything by class or teacher are not on it.
type dashboard struct {
	rows  []question.SchoolRow
	cards []question.Card
	// hours is the figure of the card of hours.
	hours spec
	// numbers are all that the page shows, with their units.
	numbers map[question.Ref]unit
}

// accounts is the number whose persons are « the accounts » of a school.
var accounts = question.Ref{Question: "D3", Measure: "connected", Population: "all_accounts"}

func newDashboard() dashboard {
	b := dashboard{rows: question.SchoolRows(), cards: question.Cards(), numbers: map[question.Ref]unit{}}
	add := func(r question.Ref) { b.numbers[r] = unitOfRef(r) }
	for _, r := range b.rows {
		add(r.Ref)
	}
	for _, c := range b.cards {
		for _, detail := range c.Details {
			add(detail.Ref)
		}
		if c.Form != question.HourCard {
			add(c.Ref)
			continue
		}
		q, _ := question.Lookup(c.Question)
		for _, s := range specsOf(q) {
			if s.id == c.Figure {
				b.hours = s
			}
		}
		for _, m := range b.hours.measures {
			add(b.hours.ref(m.name, b.hours.populations[0]))
		}
	}
	return b
}

// allowed keeps the results the page may show; everything else is left where it is,
// whatever the caller passed.
func (b dashboard) allowed(results []indicator.Result) []indicator.Result {
	var out []indicator.Result
	for _, r := range results {
		if _, ok := b.numbers[refOf(r)]; ok {
			out = append(out, r)
		}
	}
	return out
}

// schoolJSON is one school page as data: what is on it and nothing more.
type schoolJSON struct {
	UAI         string                 `json:"uai"`
	Synthetic   bool                   `json:"synthetic"`
	Licence     string                 `json:"licence"`
	Terms       string                 `json:"terms"`
	Start       string                 `json:"start"`
	End         string                 `json:"end"`
	Results     []indicator.Result     `json:"results"`
	Similar     []indicator.Result     `json:"similar"`
	Comparisons []indicator.Comparison `json:"comparisons"`
	Previous    []pastJSON             `json:"previous,omitempty"`
}

// encode writes the figures of a school's page as it shows them, one result a line.
func (b dashboard) encode(l lang, s indicator.School, facts Facts, periods []*past) ([]byte, error) {
	terms := facts.terms(l)
	v := schoolJSON{UAI: s.UAI, Synthetic: facts.Synthetic, Start: facts.Start, End: facts.End,
		Licence: terms.Licence, Terms: terms.Text(),
		Results: b.plainest(s.Results), Similar: b.plainest(s.Similar), Comparisons: s.Comparisons}
	for _, p := range periods {
		v.Previous = append(v.Previous, p.data(p.results)...)
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("report: school %s: %w", s.UAI, err)
	}
	data = bytes.ReplaceAll(data, []byte(`{"indicator":`), []byte("\n{\"indicator\":")) // a result a line
	return append(data, '\n'), nil
}

// SchoolFigures are the figures of a school as its page shows them.
func SchoolFigures(s indicator.School) []indicator.Result { return newDashboard().plainest(s.Results) }

// plainest keeps what a school page may show, without any sampling interval.
func (b dashboard) plainest(results []indicator.Result) []indicator.Result {
	out := []indicator.Result{}
	for _, r := range b.allowed(results) {
		r = asShown(r, b.numbers[refOf(r)])
		if r.Estimate != nil {
			r.Low, r.High, r.Level, r.Target = nil, nil, 0, "none"
		}
		out = append(out, r)
	}
	return out
}

// mostPeriods are the earlier periods that the page of a school shows: two sheets of paper
// hold no more.
const mostPeriods = 3

// periods are what earlier periods published of a school: its page as it was.
func (b dashboard) periods(uai string, earlier []Earlier) (out []*past) {
	for _, e := range earlier[max(0, len(earlier)-mostPeriods):] {
		var results []indicator.Result
		for _, r := range b.plainest(e.Schools[uai]) {
			if r.Group["month"] == "" {
				r.Group = map[string]string{"uai": uai}
				results = append(results, r)
			}
		}
		if len(results) > 0 {
			out = append(out, newPast(e, results))
		}
	}
	return out
}
