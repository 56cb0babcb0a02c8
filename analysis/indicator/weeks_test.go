package indicator

import (
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

// A week of a cluster that one profile lacks is not of the share of parents: neither its
// visits nor its persons.
func TestShareOfParentsCountsWeeksOfBothProfiles(t *testing.T) {
	ed := commit(t, &edition.Manifest{Kind: "research"}, func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableCoverage, []edition.CoverageRow{{Feed: "none"}}, nil)
	})
	const service = 9
	week := func(cluster int32, visits, persons int64) query.Week {
		return query.Week{Level: "ecole", Cluster: cluster, Schools: 1, WeekDay: 7, Service: service, Visits: visits,
			Persons: persons}
	}
	d := drawRegion(ed, "weeks", 1, 1)
	d.weeks[profileParent] = []query.Week{week(0, 60, 40), week(1, 900, 600)}
	d.weeks[profilePupil] = []query.Week{week(0, 40, 30), week(2, 700, 500)}
	q, err := question.Lookup("C2")
	if err != nil {
		t.Fatal(err)
	}
	m, _ := q.Measure("parent_share")
	r, err := d.figure(t.Context(), q, m, m.Populations[0], wholePopulation)
	if err != nil {
		t.Fatal(err)
	}
	if r.Estimate == nil || *r.Estimate != 0.6 {
		t.Errorf("share %v", number(r.Estimate))
	}
	if r.N != 70 {
		t.Errorf("%d persons", r.N)
	}
	if !r.warns(CodeMissingCells) {
		t.Errorf("no warning: %v", r.Warnings)
	}
}
