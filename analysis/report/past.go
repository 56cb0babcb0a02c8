package report

import (
	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// past are the figures of an earlier period, to be looked up by what they are of.
type past struct {
	Earlier
	results []indicator.Result
	index   map[pastKey]indicator.Result
}

type pastKey struct {
	ref question.Ref
	of  group
}

// lastOf is the last of earlier periods; nil of none.
func lastOf(earlier []Earlier) *past {
	if len(earlier) == 0 {
		return nil
	}
	return newPast(earlier[len(earlier)-1], nil)
}

// newPast indexes the figures of a period: those of the report, or those given.
func newPast(e Earlier, results []indicator.Result) *past {
	p := &past{Earlier: e, index: map[pastKey]indicator.Result{}}
	if results == nil {
		for _, r := range e.Results {
			if r.Edition != "schools" {
				results = append(results, r)
			}
		}
	}
	p.results = results
	for _, r := range results {
		p.index[pastKey{refOf(r), groupOf(r)}] = r
	}
	return p
}

// was is a figure as it was published; false where that period published none.
func (p *past) was(ref question.Ref, of group, u unit) (value, bool) {
	if p == nil {
		return value{}, false
	}
	r, ok := p.index[pastKey{ref, of}]
	if !ok {
		return value{}, false
	}
	return publish(r, u), true
}

// dates are the days of the period in words.
func (e Earlier) dates(l lang) string {
	return l.T("du ", "from ") + l.Date(e.Start) + l.T(" au ", " to ") + l.Date(e.End)
}

// data are results of the period for a file; nil of none.
func (p *past) data(results []indicator.Result) []pastJSON {
	if len(results) == 0 {
		return nil
	}
	return []pastJSON{{p.Term, p.Start, p.End, results}}
}
