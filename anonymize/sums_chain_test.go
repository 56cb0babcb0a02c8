//go:build chain

package anonymize

import (
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/subject"
	"github.com/entscope/entscope/anonymize/zone"
)

// TestSameCellSaysTheSame: a cell of one school of the research edition is, to the last digit, that of the same persons
// in the schools edition: two draws of one fact, or two kinds of noise, would tell it twice.
func TestSameCellSaysTheSame(t *testing.T) {
	region, at := draw(3, 24, 60), map[int64]int32{}
	region.memberships = slices.DeleteFunc(region.memberships, func(m zone.MembershipRow) bool {
		if _, ok := at[m.PersonKey]; !ok {
			at[m.PersonKey] = m.SchoolKey
		}
		return at[m.PersonKey] != m.SchoolKey // who has children at two schools counts at one of them in a group
	})
	o := options(t, region)
	type cell struct {
		measure, population             string
		persons, families, x, y, xx, yy int64
	}
	research, schools := map[of]map[int32]cell{}, map[string]cell{}
	exactly := map[cell][]cell{} // the cells of schools that leave, by what they are
	tried, perHead := 0, 0
	behaviours := behavioursOf(t, o, releaseFloors)
	defer behaviours.Close()
	for _, noise := range []perturb.Parameters{{}, {Variance: 9, Maximum: 8, Least: 5, Step: 0.4}} {
		sums, rows := bothEditions(t, o, behaviours, noise)
		for _, r := range rows {
			c := cell{r.Measure, r.Population, r.Persons, r.Families, r.Numerator, r.Denom, r.SumXX, r.SumYY}
			at := r.UAI + r.Name + r.Period + r.Measure + r.Population
			if noise.Off() {
				schools[at] = c
			} else {
				exactly[schools[at]] = append(exactly[schools[at]], c)
			}
		}
		for _, r := range sums {
			c := cell{r.Measure, r.Population, r.Persons, r.Families, r.Numerator, r.Denom, r.SumXX, r.SumYY}
			at := of{r.Grouping, r.Group, r.Measure, r.Population}
			if noise.Off() {
				if research[at] == nil {
					research[at] = map[int32]cell{}
				}
				research[at][r.Cluster] = c
				continue
			}
			same := exactly[research[at][r.Cluster]]
			if r.Grouping != "all" || r.Schools != 1 || len(same) != 1 {
				continue
			}
			if c != same[0] {
				t.Errorf("%+v of the research edition, %+v of the schools edition", c, same[0])
			}
			tried++
			if m, _ := edition.FindMeasure(r.Measure); m.PerHead {
				perHead++
			}
		}
	}
	if tried < 100 || perHead < 20 {
		t.Errorf("%d cells of one school, %d of them of heads", tried, perHead)
	}
}

// bothEditions are the sums of the research edition and the rows of the schools edition, of the same floors. With noise
// the latter is made by itself, as where the other one stands.
func bothEditions(t *testing.T, o Options, behaviours *subject.Builder, noise perturb.Parameters,
) ([]edition.SumRow, []edition.SchoolRow) {
	t.Helper()
	floors := releaseFloors
	if noise.Off() { // the noise is added to the floor
		floors.Cell, floors.School = floors.Cell+8, floors.School+8
	}
	sums, _ := cellsAs(t, o, behaviours, floors, noise)
	if !noise.Off() {
		var err error
		if behaviours, err = subject.Open(t.Context(), o.subjectOptions(subject.Schools, floors, o.Research.Cells)); err != nil {
			t.Fatal(err)
		}
		defer behaviours.Close()
	}
	rows, err := as(t, o, behaviours, subject.Schools, floors, noise).SchoolMeasures(t.Context(), "term")
	if err != nil {
		t.Fatal(err)
	}
	return sums, rows
}
