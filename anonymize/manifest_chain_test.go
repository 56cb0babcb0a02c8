//go:build chain

package anonymize

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/subject"
)

// TestManifestTellsNobodysRecords makes the editions of a zone, and of the same zone without one record of one person:
// no number of their manifests is another one, and none is within 9 of a sum of records.
func TestManifestTellsNobodysRecords(t *testing.T) {
	b := baseEditions(t)
	g, o := b.region, b.options
	less := *g
	less.events = slices.Delete(slices.Clone(g.events), twin(t, g), twin(t, g)+1)
	sums, err := o.recounted(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	research, schools := b.beside(t, &less, func(*Options) {})
	for kind, dirs := range map[string][2]string{
		edition.KindResearch: {b.research, research}, edition.KindSchools: {b.schools, schools},
	} {
		var told [2]*edition.Manifest
		for i, dir := range dirs {
			told[i] = manifestOf(t, dir)
			told[i].InputHash, told[i].Files = "", nil
			told[i].Widths = nil // two digits of hundreds of figures, of which the record is in one
		}
		if !reflect.DeepEqual(told[0], told[1]) {
			t.Errorf("%s: one record makes\n%s\nof\n%s", kind, text(t, told[1]), text(t, told[0]))
		}
		if sums["records_in_window"] < 1000 || sums["duplicates"] < 0 || len(told[0].Recounted) < 10 {
			t.Fatalf("%s: sums %v, recounted %v", kind, sums, told[0].Recounted)
		}
		numbers := map[string]float64{}
		var all any
		if err := json.Unmarshal(text(t, told[0]), &all); err != nil {
			t.Fatal(err)
		}
		leaves("", all, numbers)
		if len(numbers) < 12 {
			t.Fatalf("%s: %v", kind, numbers)
		}
		for at, n := range numbers {
			for _, of := range []string{"records_in_window", "events", "duplicates", "accounts", "people", "staff"} {
				if sum := float64(sums[of]); sum > 100 && math.Abs(n-sum) < 10 {
					t.Errorf("%s: %s is %v, and %s are %v", kind, at, n, of, sum)
				}
			}
		}
	}
}

// twin is the place of a record beside another of the same person, service and instrument in the same sitting: without
// it nothing but the number of records is another.
func twin(t *testing.T, g *region) int {
	t.Helper()
	for i := 1; i < len(g.events)-1; i++ {
		was, is := g.events[i-1], g.events[i]
		if is.Profile == 3 && was.PersonKey == is.PersonKey && was.Service == is.Service && was.Feed == is.Feed &&
			was.LocalDate == is.LocalDate && was.LocalHour == is.LocalHour && is.TsMs-was.TsMs < 600_000 {
			return i
		}
	}
	t.Fatal("no record has a twin")
	return 0
}

// leaves are the numbers of a JSON value, by where they stand.
func leaves(at string, v any, out map[string]float64) {
	switch v := v.(type) {
	case float64:
		out[at] = v
	case []any:
		for i, x := range v {
			leaves(fmt.Sprintf("%s[%d]", at, i), x, out)
		}
	case map[string]any:
		for name, x := range v {
			leaves(at+"."+name, x, out)
		}
	}
}

// populationFloors are those of the editions whose population is asked.
var populationFloors = subject.Floors{Cell: floor, Staff: 11, School: floor, ClusterSchools: 3,
	UnnamedSchools: unnamedSchools, Reported: leastReported}

// TestPopulationTellsNobody: of a zone and the same without one person, under draws of the noise as they come, the
// persons, children and families leave within the noise of a count, and no number of the one is by itself none of the other.
func TestPopulationTellsNobody(t *testing.T) {
	g := draw(32, 3, 30)
	one, _ := g.parentsOf(101)
	zones := []*region{g, g.without(map[int64]bool{one: true})}
	o := options(t, g)
	noise := o.Schools.Perturbation.Parameters()
	var told [2][3]map[int64]int
	for i, now := range zones {
		o.Zone = now.write(t)
		read, err := subject.Open(t.Context(), o.subjectOptions(subject.Research, populationFloors, o.Research.Cells))
		if err != nil {
			t.Fatal(err)
		}
		defer read.Close()
		exact := populationOf(t, read, "none", perturb.Parameters{})
		for round := range 12 {
			p := populationOf(t, read, fmt.Sprint("draw ", round), noise)
			for k, n := range p {
				if d := n - exact[k]; d < -int64(noise.Maximum) || d > int64(noise.Maximum) {
					t.Errorf("%d of %d", n, exact[k])
				}
				if told[i][k] == nil {
					told[i][k] = map[int64]int{}
				}
				told[i][k][n]++
			}
		}
	}
	for k, unit := range []string{"persons", "children", "families"} {
		if len(told[0][k]) < 4 {
			t.Errorf("%s leave as %v", unit, told[0][k])
		}
		if !slices.ContainsFunc(slices.Collect(maps.Keys(told[1][k])), func(n int64) bool { return told[0][k][n] > 0 }) {
			t.Errorf("%s tell who is there: %v or %v", unit, told[0][k], told[1][k])
		}
	}
}

// populationOf are the persons, children and families of the schools edition under a draw, over what the research
// edition read.
func populationOf(t *testing.T, read *subject.Builder, name string, noise perturb.Parameters) [3]int64 {
	t.Helper()
	b, err := read.As(subject.Options{Kind: subject.Schools, Floors: populationFloors, Perturbation: &noise, Draw: name})
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Population(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return [3]int64{p.Persons, p.Children, p.Families}
}

func text(t *testing.T, m *edition.Manifest) []byte {
	t.Helper()
	out, err := m.Text()
	if err != nil {
		t.Fatal(err)
	}
	return out
}
