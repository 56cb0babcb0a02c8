package indicator

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
)

// addSchools adds the cells of the school pages and of the similar schools,
// where there are enough of these.
func (t *table) addSchools(schools []School) {
	for _, s := range schools {
		figures := s.Results
		if int64(s.PeerSchools) >= t.policy.Schools.Similar {
			figures = slices.Concat(figures, s.Similar)
		}
		for _, r := range figures {
			if r.Status != Published {
				continue
			}
			ind, _ := question.Lookup(r.Indicator)
			m, _ := ind.Measure(r.Measure)
			t.add(*r.counts, m.Kind, t.policy.Persons.School)
		}
	}
}

// addSchoolTotals adds the equations that tie the pages to the report: the
// schools of a level, an IPS band or an EP status add up to its figure, and the
// schools of a set of similar ones to theirs. The schools without a page are a
// number that no page shows.
func (t *table) addSchoolTotals(schools []School) {
	parts := map[cellKey][]int{}
	for _, s := range schools {
		for _, r := range s.Results {
			if r.Status != Published {
				continue
			}
			k := r.counts.cell
			i := t.index[k]
			for grouping, group := range map[string]string{
				"level": s.Level, "ips_band": s.IPSBand, "ep": s.EP, "similar": s.Level + " " + s.IPSBand, "all": "",
				"stratum": s.Level + " " + s.IPSBand,
			} {
				total := cellKey{k.source, k.population, grouping, group}
				if grouping == "stratum" && len(t.crossed[total]) == 0 {
					continue // not a figure of the report
				}
				parts[total] = append(parts[total], i)
			}
		}
	}
	for _, total := range slices.SortedFunc(maps.Keys(parts), compareKeys) {
		// Without its groupings the whole has only its schools; with them the
		// levels already tie it to them.
		if i, ok := t.index[total]; ok && (total.grouping != "all" || len(t.members[total.in("level")]) == 0) {
			rest := cellKey{total.source, total.population, "pages of " + total.grouping, total.group}
			t.equation(i, parts[total], rest, t.policy.Persons.School)
		}
	}
}

// addMonths adds the equations of the months of a page: what a school's accounts did in its
// months adds up to the term. Persons do not, who come again in another month. What the noise
// of the cells leaves is between nothing and what it is; a month of which the edition holds no
// row is a number that no page shows.
func (t *table) addMonths(schools []School) {
	months := map[string]bool{}
	parts := map[cellKey][]int{}
	for _, s := range schools {
		for _, r := range s.Results {
			month := r.Group["month"]
			if month == "" {
				continue
			}
			months[month] = true
			if r.Status != Published || r.counts.perHead {
				continue
			}
			k := r.counts.cell
			term := cellKey{strings.TrimSuffix(k.source, "@"+month), k.population, k.grouping, k.group}
			if m, _ := edition.FindMeasure(term.source); m.Kind == edition.KindAmount {
				parts[term] = append(parts[term], t.index[k])
			}
		}
	}
	for _, term := range slices.SortedFunc(maps.Keys(parts), compareKeys) {
		total, there := t.index[term]
		if !there {
			continue
		}
		e := disclosure.Equation{Total: disclosure.Term{Cell: total, Field: disclosure.PartOf}}
		left := t.cells[total].Part
		for _, i := range parts[term] {
			left -= t.cells[i].Part
			e.Parts = append(e.Parts, disclosure.Term{Cell: i, Field: disclosure.PartOf})
		}
		most := int64(0)
		if len(parts[term]) < len(months) {
			most = math.MaxInt64
		}
		rest := cellKey{term.source, term.population, "rest of months", term.group}
		e.Parts = t.withNoise(e.Parts, rest, left, most)
		t.equations = append(t.equations, e)
	}
}

func compareKeys(a, b cellKey) int {
	return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.population, b.population),
		cmp.Compare(a.grouping, b.grouping), cmp.Compare(a.group, b.group))
}

// showSchools gives the published form of every page.
func (t *table) showSchools(schools []School) []School {
	out := make([]School, len(schools))
	for i, s := range schools {
		s.Results = t.showAll(s.Results)
		if int64(s.PeerSchools) < t.policy.Schools.Similar {
			s.Similar, s.PeerLabel, s.PeerSchools = nil, "", 0
		} else {
			s.Similar = t.showAll(s.Similar)
		}
		out[i] = s
	}
	return out
}

func (t *table) showAll(results []Result) []Result {
	var out []Result
	for _, r := range results {
		out = append(out, t.show(r))
	}
	return out
}
