package indicator

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

// region is a synthetic edition drawn from a model with known truth: schools
// with a random effect, persons inside them.
type region struct {
	rng     *rand.Rand
	schools []school
	// without lists measures that the edition does not carry.
	without []string
	// skip drops the rows of a grouping and group.
	skip query.Group
	// stop is the week from which the feed "cas" reports nothing (-1 never).
	stop int
	// noGrades leaves the grades service out of the coverage.
	noGrades bool
}

type school struct {
	uai, level, ep string
	band           int
	effect         float64
	persons        int
}

const (
	weeks       = 12
	firstMonday = 20339 // 8 September 2025
)

func newRegion(seed uint64, schools int) *region {
	r := &region{rng: rand.New(rand.NewPCG(seed, 7)), stop: -1}
	for i := range schools {
		s := school{uai: fmt.Sprintf("0%06dA", i), level: []string{"ecole", "college", "lycee"}[i%3], band: 1 + i%5, ep: "HEP",
			effect: 0.4 * r.rng.NormFloat64(), persons: 45 + r.rng.IntN(50)}
		if s.band == 1 {
			s.ep = []string{"REP", "REP+"}[i%2]
		}
		r.schools = append(r.schools, s)
	}
	return r
}

// baseShare is the planted share of every share measure for an average school.
const baseShare = 0.2

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func (r *region) poisson(mean float64) int64 {
	l, k, p := math.Exp(-mean), int64(0), 1.0
	for {
		if p *= r.rng.Float64(); p <= l {
			return k
		}
		k++
	}
}

// draw is x and y of one person of a school for a measure.
func (r *region) draw(m edition.Measure, kind Kind, s school) (x, y int64) {
	share := expit(math.Log(baseShare/(1-baseShare)) + s.effect)
	switch {
	case kind == Share, m.Name == "P1.low", m.Name == "P1.high":
		if m.Name == "P1.low" {
			share /= 3
		}
		if r.rng.Float64() < share {
			x = 1
		}
		return x, 1
	case kind == EventShare:
		y = 1 + r.poisson(8)
		for range y {
			if r.rng.Float64() < share {
				x++
			}
		}
		return x, y
	}
	rate := 1.4
	if m.Name == "A2.after.accompanied" {
		rate *= 1.6
	}
	return r.poisson(rate * weeks * math.Exp(s.effect) / 4), weeks / 3
}

func sourceKind(name string) Kind {
	list, _ := Catalogue()
	for _, ind := range list {
		for _, m := range ind.Measures {
			if len(m.Sources) == 1 && m.Sources[0] == name && m.Kind != Ratio && m.Kind != Gap {
				return m.Kind
			}
		}
	}
	return Rate
}

// sums draws the rows of the sums table: the same persons for every grouping.
func (r *region) sums() []edition.SumRow {
	var out []edition.SumRow
	for _, m := range edition.Measures {
		if slices.Contains(r.without, m.Name) {
			continue
		}
		kind := sourceKind(m.Name)
		for _, population := range m.Populations {
			for i, s := range r.schools {
				row := edition.SumRow{Measure: m.Name, Population: population, Schools: 1, Cluster: int32(i), Persons: int64(s.persons), Families: int64(s.persons)}
				for range s.persons {
					x, y := r.draw(m, kind, s)
					row.Numerator, row.Denom = row.Numerator+x, row.Denom+y
					addToHistogram(&row, x)
					row.SumXX, row.SumXY, row.SumYY = row.SumXX+x*x, row.SumXY+x*y, row.SumYY+y*y
				}
				for grouping, group := range map[string]string{"all": "", "level": s.level, "ips_band": fmt.Sprint(s.band), "ep": s.ep} {
					row.Grouping, row.Group = grouping, group
					if (query.Group{Grouping: grouping, Value: group}) != r.skip {
						out = append(out, row)
					}
				}
			}
		}
	}
	return r.ranks(out)
}

func addToHistogram(row *edition.SumRow, x int64) {
	bins := [16]*int64{&row.H00, &row.H01, &row.H02, &row.H03, &row.H04, &row.H05, &row.H06, &row.H07,
		&row.H08, &row.H09, &row.H10, &row.H11, &row.H12, &row.H13, &row.H14, &row.H15}
	for i := len(bins) - 1; i >= 0; i-- {
		if x >= edition.HistogramEdges[i] {
			*bins[i]++
			return
		}
	}
}

// ranks makes the two measures of the Gini coefficient agree with visits: every
// person of a school is given the mean of the school.
func (r *region) ranks(rows []edition.SumRow) []edition.SumRow {
	type group struct{ grouping, group string }
	visits := map[group][]edition.SumRow{}
	for _, row := range rows {
		if row.Measure == "L1.visits_per_week" && row.Population == edition.PopAll {
			g := group{row.Grouping, row.Group}
			visits[g] = append(visits[g], row)
		}
	}
	for i, row := range rows {
		if row.Measure != "F5.rank" && row.Measure != "F5.upper" {
			continue
		}
		var mine edition.SumRow
		peers := visits[group{row.Grouping, row.Group}]
		for _, p := range peers {
			if p.Cluster == row.Cluster {
				mine = p
			}
		}
		mean := mine.Numerator / mine.Persons
		var below, equal, above int64
		for _, p := range peers {
			switch m := p.Numerator / p.Persons; {
			case m < mean:
				below += p.Persons
			case m == mean:
				equal += p.Persons
			default:
				above += m * p.Persons
			}
		}
		rows[i].Denom = mean * mine.Persons
		rows[i].Numerator = rows[i].Denom * (2*below + equal + 1)
		if row.Measure == "F5.upper" {
			rows[i].Numerator = above * mine.Persons
		}
		rows[i].SumYY, rows[i].SumXX = mean*mean*mine.Persons, 0
	}
	return rows
}

func (r *region) parents() []edition.ParentRow {
	bands := []string{"0-never", "1-under 1/month", "2-monthly", "3-weekly", "4-several a week", "5-daily"}
	var out []edition.ParentRow
	for i, s := range r.schools {
		for p := range s.persons {
			contact := []string{"email", "no-email", "unknown"}[p%3]
			out = append(out, edition.ParentRow{Level: s.level, EP: s.ep, IPSBand: fmt.Sprint(s.band), Cluster: fmt.Sprint(i / 3), Visits: bands[p%len(bands)], Contact: contact})
		}
	}
	return out
}

func (r *region) times() []edition.TimeRow {
	var out []edition.TimeRow
	for i, s := range r.schools {
		for grouping, group := range map[string]string{"all": "", "level": s.level, "ips_band": fmt.Sprint(s.band), "ep": s.ep} {
			left := int64(s.persons)
			for bin := range int32(14) {
				row := edition.TimeRow{Curve: curveFirstLogin, Grouping: grouping, Group: group, Cluster: int32(i), Schools: 1, Bin: bin, Persons: int64(s.persons), AtRisk: left, Events: left / 8}
				left -= row.Events
				if bin == 13 {
					row.Censored = left
				}
				out = append(out, row)
			}
		}
	}
	return out
}

func (r *region) weeks() []edition.WeekRow {
	var out []edition.WeekRow
	for i, s := range r.schools {
		for w := range weeks {
			for _, profile := range []int8{profilePupil, profileParent} {
				for service, visits := range map[int8]int64{anyService: 200, serviceGrades: 80, 9: 50} {
					out = append(out, edition.WeekRow{Level: s.level, Cluster: int32(i), Schools: 1, WeekDay: firstMonday + 7*int32(w), Profile: profile, Service: service, Visits: visits, Persons: int64(s.persons / 2)})
				}
			}
		}
	}
	return out
}

func (r *region) coverage(byUAI bool) []edition.CoverageRow {
	var out []edition.CoverageRow
	for i, s := range r.schools {
		feed := []string{"neo", "cas"}[i%2]
		for w := range weeks {
			for _, service := range []int8{0, serviceGrades} {
				if service == serviceGrades && r.noGrades {
					continue
				}
				row := edition.CoverageRow{Feed: feed, Level: s.level, WeekDay: firstMonday + 7*int32(w), Service: service, Expected: 1, Reporting: 1}
				if r.stop >= 0 && feed == "cas" && w >= r.stop {
					row.Reporting = 0
				}
				if byUAI {
					row.UAI = s.uai
				}
				out = append(out, row)
			}
		}
	}
	return out
}

func (r *region) manifest(kind string) *edition.Manifest {
	return &edition.Manifest{
		Kind: kind, Study: "test", Term: "2025-T1", Start: "2025-09-08", End: "2025-12-14", Subject: "parent", Synthetic: true,
		Population: edition.Population{Persons: 10000},
		Anonymity:  &edition.Anonymity{K: 11, AchievedK: 12, SuppressedPersons: 300},
		Thresholds: edition.Thresholds{CellPersons: 11, SchoolPersons: 20, ClusterOf: 3},
	}
}

// research writes and opens the research edition of a region.
func (r *region) research(t testing.TB) *query.Edition {
	t.Helper()
	return commit(t, r.manifest("research"), func(w *edition.Writer) error {
		return errors.Join(
			edition.WriteTable(w, edition.TableSums, r.sums(), nil),
			edition.WriteTable(w, edition.TableParents, r.parents(), nil),
			edition.WriteTable(w, edition.TableTimes, r.times(), nil),
			edition.WriteTable(w, edition.TableWeeks, r.weeks(), nil),
			edition.WriteTable(w, edition.TableCoverage, r.coverage(false), nil),
		)
	})
}

// schoolsEdition writes and opens a schools edition whose terms are the research
// edition's clusters.
func (r *region) schoolsEdition(t testing.TB, sums []edition.SumRow) *query.Edition {
	t.Helper()
	carried := map[string]bool{}
	for _, m := range edition.Measures {
		carried[m.Name] = m.Schools
	}
	var rows []edition.SchoolRow
	for _, s := range sums {
		if s.Grouping != "all" || !carried[s.Measure] || s.Persons < 20 {
			continue
		}
		at := r.schools[s.Cluster]
		for _, period := range []string{"2025-T1", "2025-10"} {
			rows = append(rows, edition.SchoolRow{UAI: at.uai, Name: "Établissement " + at.uai, Level: at.level, IPSBand: fmt.Sprint(at.band), EP: at.ep, Period: period,
				Measure: s.Measure, Population: s.Population, Persons: s.Persons, Families: s.Families, Numerator: s.Numerator, Denom: s.Denom})
		}
	}
	return commit(t, r.manifest("schools"), func(w *edition.Writer) error {
		return errors.Join(
			edition.WriteTable(w, edition.TableSchoolMeasures, rows, nil),
			edition.WriteTable(w, edition.TableCoverage, r.coverage(true), nil),
		)
	})
}

func commit(t testing.TB, m *edition.Manifest, fill func(*edition.Writer) error) *query.Edition {
	t.Helper()
	dir := filepath.Join(t.TempDir(), m.Kind)
	w, err := edition.NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(fill(w), w.Commit(m)); err != nil {
		t.Fatal(err)
	}
	e, err := query.Open(context.Background(), dir, engine.Config{MemoryMB: 200, Threads: 2, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}
