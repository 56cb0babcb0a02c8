package indicator

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

// region is a synthetic edition drawn from a model with known truth: schools
// with a random effect, persons inside them.
type region struct {
	unnamed map[string]string // as in the manifest
	rng     *rand.Rand
	seed    uint64
	schools []school
	// ids restricts the measures to those these questions read.
	ids []string
	// grade is the rank of the grade of the person drawn.
	grade int
	// without lists measures that the edition does not carry.
	without []string
	// skip drops the rows of a grouping and group.
	skip query.Group
	// stop is the week from which the feed "cas" reports nothing (-1 never).
	stop int
	// noGrades leaves the grades service out of the coverage.
	noGrades bool
	// noisy says in the manifest that the cells are perturbed.
	noisy bool
}

type school struct {
	index          int
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
	r := &region{rng: rand.New(rand.NewPCG(seed, 7)), seed: seed, stop: -1}
	for i := range schools {
		s := school{index: i, uai: fmt.Sprintf("0%06dA", i), level: []string{"ecole", "college", "lycee"}[i%3],
			band: 1 + i%5, ep: "HEP",
			effect: 0.4 * r.rng.NormFloat64(), persons: 45 + r.rng.IntN(50)}
		if s.band == 1 {
			s.ep = []string{"REP", "REP+"}[i%2]
		}
		r.schools = append(r.schools, s)
	}
	return r
}

// of restricts the region to what some questions read.
func (r *region) of(ids ...string) *region {
	r.ids = ids
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

// draw is x and y of one person of a school for a measure. What N8, A5 and F4
// compare changes for the first arm alone.
func (r *region) draw(m edition.Measure, kind question.Kind, s school) (x, y int64) {
	share := expit(math.Log(baseShare/(1-baseShare)) + s.effect)
	switch {
	case m.Name == "M5.pupil_included", m.Name == "C2.parent_share":
		share = expit(math.Log(share/(1-share)) + gradeSlope*float64(r.grade))
	case m.Name == "M1.individual", strings.HasPrefix(m.Name, "A2.first.accompanied"):
		share = expit(math.Log(share/(1-share)) + math.Log(plantedOdds))
	case m.Name == "N8.after.changed":
		share *= plantedDeferred
	}
	switch {
	case kind == question.Share:
		if m.Name == "P1.low" {
			share /= 3
		}
		if r.rng.Float64() < share {
			x = 1
		}
		return x, 1
	case strings.HasPrefix(m.Name, "L3."):
		return int64(80 + r.rng.IntN(41)), 100 // mean 100: an index of 1, or 0 after its shift
	case strings.HasPrefix(m.Name, "M4.tools."):
		return 1 + int64(r.rng.IntN(2)), 1
	case m.Name == "M4.hhi":
		return int64(50 + r.rng.IntN(51)), 100
	case kind == question.EventShare, m.Name[:3] == "N6.", m.Name[:3] == "N8.":
		y = 1 + r.poisson(8)
		for range y {
			if r.rng.Float64() < share {
				x++
			}
		}
		if m.Name == "N6.parent_first_high" {
			x = min(y, x+1)
		}
		return x, y
	}
	rate := 1.4
	switch {
	case strings.HasPrefix(m.Name, "A2.after.accompanied"), m.Name == "C1.visits", m.Name == "F4.after.loan":
		rate *= planted
	case m.Name == "A5.after.trained":
		rate -= 0.4
	case strings.HasPrefix(m.Name, "A2.week+") && strings.HasSuffix(m.Name, "accompanied"):
		rate *= planted
	case m.Name == "L1.visits_per_week" && s.level == "lycee":
		rate *= plantedLycee
	}
	return r.poisson(rate * weeks * math.Exp(s.effect) / 4), weeks / 3
}

// The planted effects.
const (
	planted         = 1.6 // rate ratio of an accompaniment, a loan, a content
	plantedOdds     = 2
	plantedDeferred = 0.6
	plantedLycee    = 0.7
	gradeSlope      = -0.3 // logit, from one grade to the next
)

// sourceKind is how a measure is drawn: one of heads as a share.
func sourceKind(name string) question.Kind {
	if perHead(name) {
		return question.Share
	}
	list := question.All()
	for _, ind := range list {
		for _, m := range ind.Measures {
			if len(m.Sources) == 1 && m.Sources[0] == name && m.Kind != question.Ratio && m.Kind != question.Gap {
				return m.Kind
			}
		}
	}
	return question.Rate
}

// grades of a level, in order.
var gradesOf = map[string][]string{
	"ecole": {"CM1", "CM2"}, "college": {"6e", "5e", "4e", "3e"}, "lycee": {"2de", "1re", "Tle"},
}

// groupsOf are the groups a person of a school lies in.
func (s school) groupsOf(person int) []query.Group {
	grades := gradesOf[s.level]
	return []query.Group{
		{Grouping: "all"}, {Grouping: "level", Value: s.level},
		{Grouping: "ips_band", Value: fmt.Sprint(s.band)}, {Grouping: "ep", Value: s.ep},
		{Grouping: "grade", Value: grades[person%len(grades)]},
		{Grouping: "sector", Value: []string{"public", "prive"}[s.index%4/3]},
		{Grouping: "territory", Value: []string{"Nancy-Metz", "Reims"}[s.index%2]},
		{Grouping: "device", Value: []string{"phone", "mixed"}[person%2]},
		{Grouping: "month", Value: "2025-10"},
		{Grouping: "month", Value: "2025-11"}, {Grouping: "stratum", Value: s.level + " " + fmt.Sprint(s.band)},
		{Grouping: "publication", Value: []string{"at-once", "deferred"}[s.index%2]},
		{Grouping: "seniority", Value: ladders["seniority"][s.index%3]},
		{Grouping: "products", Value: ladders["products"][s.index%3]},
	}
}

// measures are those the region's questions read, all when it asks for none.
func (r *region) measures() []edition.Measure {
	return slices.DeleteFunc(slices.Clone(edition.Measures), func(m edition.Measure) bool {
		return slices.Contains(r.without, m.Name) ||
			len(r.ids) > 0 && !slices.ContainsFunc(r.ids, func(id string) bool {
				ind, _ := question.Lookup(id)
				return slices.ContainsFunc(ind.Measures, func(x question.Measure) bool {
					return slices.Contains(x.Sources, m.Name)
				})
			})
	})
}

// sums draws the rows of the sums table: the same persons for every grouping.
// Numbers of one measure do not depend on which others are drawn.
func (r *region) sums() []edition.SumRow {
	var out []edition.SumRow
	for _, m := range r.measures() {
		kind := sourceKind(m.Name)
		for _, population := range m.Populations {
			h := fnv.New64a()
			h.Write([]byte(m.Name + population))
			r.rng = rand.New(rand.NewPCG(r.seed, h.Sum64()))
			for _, s := range r.schools {
				out = append(out, r.drawSchool(m, kind, population, s)...)
			}
		}
	}
	return r.ranks(out)
}

// drawSchool draws the persons of one school for one measure: a row a group.
func (r *region) drawSchool(m edition.Measure, kind question.Kind, population string, s school) []edition.SumRow {
	var rows []edition.SumRow
	at := map[query.Group]int{}
	var groups [12][]query.Group // which repeat: two to four grades, two devices
	for person := range groups {
		groups[person] = slices.DeleteFunc(s.groupsOf(person), func(g query.Group) bool {
			return g == r.skip || !carries(m.By, g.Grouping)
		})
	}
	grades := gradesOf[s.level]
	for person := range s.persons {
		r.grade = slices.Index(ladders["grade"], grades[person%len(grades)])
		x, y := r.draw(m, kind, s)
		for _, g := range groups[person%len(groups)] {
			i, ok := at[g]
			if !ok {
				i = len(rows)
				at[g] = i
				rows = append(rows, edition.SumRow{
					Grouping: g.Grouping, Group: g.Value, Measure: m.Name, Population: population, Schools: 1,
					Cluster: int32(s.index),
				})
			}
			row := &rows[i]
			row.Persons, row.Families = row.Persons+1, row.Families+1
			row.Numerator, row.Denom = row.Numerator+x, row.Denom+y
			addToHistogram(row, x)
			row.SumXX, row.SumXY, row.SumYY = row.SumXX+x*x, row.SumXY+x*y, row.SumYY+y*y
		}
	}
	return rows
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
			out = append(out, edition.ParentRow{
				Level: s.level, EP: s.ep, IPSBand: fmt.Sprint(s.band), Cluster: fmt.Sprint(i / 3),
				Visits: bands[p%len(bands)],
			})
		}
	}
	return out
}

// times gives every curve: in each bin an eighth of those at risk has the event,
// and for the two of N6 a tenth of them the other one.
func (r *region) times() []edition.TimeRow {
	var out []edition.TimeRow
	for _, known := range edition.Curves {
		last := int32(13)
		if known.Edges != nil {
			last = int32(len(known.Edges)) - 1
		}
		for _, s := range r.schools {
			for _, g := range s.groupsOf(0)[:4] {
				if !carries(known.By, g.Grouping) {
					continue
				}
				left := int64(s.persons)
				if known.Unit != "account" {
					left *= 100
				}
				for bin := range last + 1 {
					row := edition.TimeRow{
						Curve: known.Name, Grouping: g.Grouping, Group: g.Value, Cluster: int32(s.index), Schools: 1,
						Bin: bin, Persons: int64(s.persons), AtRisk: left, Events: left / 8,
					}
					other := left / 10
					switch known.Name {
					case "N6.pupil":
						row.Events, other = other, row.Events
					case "N6.parent":
					default:
						other = 0
					}
					left -= row.Events + other
					if bin == last {
						row.Censored = left
					}
					out = append(out, row)
				}
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
					out = append(out, edition.WeekRow{
						Level: s.level, Cluster: int32(i), Schools: 1, WeekDay: firstMonday + 7*int32(w),
						Profile: profile, Service: service, Visits: visits, Persons: int64(s.persons / 2),
					})
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
				row := edition.CoverageRow{
					Feed: feed, Level: s.level, WeekDay: firstMonday + 7*int32(w), Service: service, Expected: 1,
					Reporting: 1,
				}
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
	for i, s := range r.schools {
		for k, feed := range []string{edition.FeedObserved, edition.FeedDeclared,
			edition.FeedSetting + "messages all"} {
			row := edition.CoverageRow{Feed: feed, Level: s.level, Expected: 1, Reporting: int32(min(1, i%(5-k)))}
			if byUAI {
				row.UAI = s.uai
			}
			out = append(out, row)
		}
	}
	return out
}

func (r *region) manifest(kind string) *edition.Manifest {
	m := &edition.Manifest{
		Unnamed: r.unnamed,
		Kind:    kind, Study: "test", Term: "2025-T1", Start: "2025-09-08", End: "2025-12-14",
		Subject: "parent", Synthetic: true,
		Population: edition.Population{Persons: 10000},
		Anonymity:  &edition.Anonymity{K: 11, AchievedK: 12, SuppressedPersons: 300},
		Thresholds: edition.Thresholds{CellPersons: 11, SchoolPersons: 20, ClusterOf: 3},
	}
	if r.noisy {
		m.Perturbation = edition.Perturbation{Variance: 9, Maximum: 8, Least: 5, Step: 0.4}
	}
	return m
}

// research writes and opens the research edition of a region.
func (r *region) research(t testing.TB) *query.Edition {
	t.Helper()
	times := slices.DeleteFunc(r.times(), func(row edition.TimeRow) bool {
		c, _ := edition.FindCurve(row.Curve)
		return r.unnamed[c.Family] != ""
	})
	return commit(t, r.manifest("research"), func(w *edition.Writer) error {
		return errors.Join(
			edition.WriteTable(w, edition.TableSums, r.sums(), nil),
			edition.WriteTable(w, edition.TableParents, r.parents(), nil),
			edition.WriteTable(w, edition.TableTimes, times, nil),
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
		carried[m.Name] = m.Schools()
	}
	var rows []edition.SchoolRow
	for _, s := range sums {
		if s.Grouping != "all" || !carried[s.Measure] || s.Persons < 20 {
			continue
		}
		at := r.schools[s.Cluster]
		for _, period := range []string{"2025-T1", "2025-10"} {
			rows = append(rows, edition.SchoolRow{UAI: at.uai, Name: "Établissement " + at.uai,
				Level: at.level, IPSBand: fmt.Sprint(at.band), EP: at.ep, Period: period,
				Measure: s.Measure, Population: s.Population, Persons: s.Persons, Families: s.Families,
				Numerator: s.Numerator, Denom: s.Denom})
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

// carries reads a list of groupings of the approved lists, where nil is the usual.
func carries(by []string, grouping string) bool {
	if by == nil {
		by = edition.Groupings
	}
	return slices.Contains(by, grouping)
}
