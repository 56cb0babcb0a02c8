package indicator

import (
	"context"
	"fmt"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// schoolMeasure finds which measure of the catalogue a source of the schools
// edition feeds.
type schoolMeasure struct {
	indicator question.Question
	measure   question.Measure
}

// schoolMeasures maps the sources of the schools edition to the catalogue. What
// a dashboard must never show is not there: the edition does not carry it.
func schoolMeasures() map[string]schoolMeasure {
	carried := map[string]bool{}
	for _, m := range edition.Measures {
		carried[m.Name] = m.Schools()
	}
	out := map[string]schoolMeasure{}
	for _, ind := range question.All() {
		if ind.Stigmatising {
			continue
		}
		for _, m := range ind.Measures {
			plain := m.Kind == question.Share || m.Kind == question.EventShare || m.Kind == question.Rate
			if !plain || m.Estimator != "" || !m.Carries("all") || len(m.Sources) != 1 || !carried[m.Sources[0]] {
				continue
			}
			if _, ok := out[m.Sources[0]]; !ok {
				out[m.Sources[0]] = schoolMeasure{ind, m}
			}
		}
	}
	return out
}

// exactSchools reads the schools edition into unprotected results.
func exactSchools(ctx context.Context, ed *query.Edition) ([]School, error) {
	rows, err := ed.SchoolMeasures(ctx)
	if err != nil {
		return nil, fmt.Errorf("indicator: schools: %w", err)
	}
	known := schoolMeasures()
	var out []School
	for _, row := range rows {
		m, ok := known[row.Measure]
		if !ok {
			continue
		}
		if len(out) == 0 || out[len(out)-1].UAI != row.UAI {
			out = append(out, School{UAI: row.UAI, Name: row.Name, Level: row.Level, IPSBand: row.IPSBand, EP: row.EP})
		}
		school := &out[len(out)-1]
		school.Results = append(school.Results, exactSchool(ed, m, row))
	}
	addPeers(ed, known, out)
	return out, addCoverage(ctx, ed, out)
}

// exactSchool is one figure of one school.
func exactSchool(ed *query.Edition, m schoolMeasure, row query.SchoolMeasure) Result {
	group := map[string]string{"uai": row.UAI}
	source := row.Measure
	if row.Period != ed.Manifest.Term {
		group["month"] = row.Period
		source += "@" + row.Period
	}
	k := &counts{
		cell:    cellKey{source, row.Population, "school", row.UAI},
		persons: row.Persons, x: row.X, y: row.Y, perHead: m.measure.Kind == question.Share,
	}
	k.bound(row.XX, row.YY)
	if row.Population == edition.PopFamilies {
		k.persons = row.Families
	}
	return exactFigure(ed, m, row.Population, group, k)
}

// exactFigure is x/y without a sampling interval: all accounts are counted.
func exactFigure(ed *query.Edition, m schoolMeasure, population string, group map[string]string, k *counts) Result {
	r := Result{
		Indicator: m.indicator.ID, Edition: ed.Manifest.Kind, Population: population, Group: group,
		Measure: m.measure.Name, Target: targetNone, Status: NotMeasurable, Warnings: []Warning{},
		Method: "comptage de tous les comptes : sans erreur d’échantillonnage, avec le bruit qui protège les personnes",
	}
	if ed.Manifest.Perturbation.Variance == 0 {
		r.Method = "comptage exact : tous les comptes, sans erreur d’échantillonnage"
	}
	if k.y == 0 {
		return r.unmeasured(CodeZero, "Non mesurable : dénominateur nul.")
	}
	value := float64(k.x) / float64(k.y)
	r.Estimate, r.N, r.Status, r.counts = &value, k.persons, Published, k
	if k.schools > 0 { // the noise of several schools cancels out
		return r
	}
	noise := noiseOf(ed.Manifest.Perturbation, k)
	return r.noisy(noise, stats.Estimate{}, m.measure.Kind != question.Rate)
}

// peerKey names a set of similar schools.
type peerKey struct{ level, band string }

// addPeers adds to every school the exact figures of its set of similar schools.
func addPeers(ed *query.Edition, known map[string]schoolMeasure, schools []School) {
	sets := map[peerKey][]int{}
	for i, s := range schools {
		sets[peerKey{s.Level, s.IPSBand}] = append(sets[peerKey{s.Level, s.IPSBand}], i)
	}
	for i := range schools {
		key := peerKey{schools[i].Level, schools[i].IPSBand}
		members := sets[key]
		schools[i].PeerSchools, schools[i].PeerLabel = len(members), peerLabel(key)
		if members[0] != i { // one set has one list of figures
			schools[i].Similar = schools[members[0]].Similar
			continue
		}
		schools[i].Similar = peerFigures(ed, known, schools, key, members)
	}
}

// peerFigures sums the figures of the members of a set, for the term.
func peerFigures(
	ed *query.Edition, known map[string]schoolMeasure, schools []School, key peerKey, members []int,
) []Result {
	var order []cellKey
	sum := map[cellKey]*counts{}
	for _, i := range members {
		for _, r := range schools[i].Results {
			if r.counts == nil || r.Group["month"] != "" {
				continue
			}
			k := cellKey{r.counts.cell.source, r.Population, "similar", key.level + " " + key.band}
			if sum[k] == nil {
				order = append(order, k)
				sum[k] = &counts{cell: k, perHead: r.counts.perHead}
			}
			s := sum[k]
			s.persons, s.x, s.y, s.schools = s.persons+r.counts.persons, s.x+r.counts.x, s.y+r.counts.y, s.schools+1
			s.topUnit = max(s.topUnit, float64(r.counts.persons)) // made a share below
			s.largestX, s.largestY = max(s.largestX, r.counts.largestX), max(s.largestY, r.counts.largestY)
			s.pairX, s.pairY = max(2*s.largestX, r.counts.pairX), max(2*s.largestY, r.counts.pairY)
		}
	}
	var out []Result
	for _, k := range order {
		s := sum[k]
		s.topUnit /= float64(s.persons)
		out = append(out, exactFigure(ed, known[k.source], k.population, map[string]string{"similar": k.group}, s))
	}
	return out
}

func peerLabel(k peerKey) string {
	name := levelNames[k.level]
	if name == "" {
		name = "établissements"
	}
	return name + " de même tranche d’IPS"
}

// addCoverage says in how many weeks each school had data, and from which feeds.
func addCoverage(ctx context.Context, ed *query.Edition, schools []School) error {
	if !ed.Has(edition.TableCoverage) {
		return nil
	}
	rows, err := ed.SchoolCoverage(ctx)
	if err != nil {
		return fmt.Errorf("indicator: schools: %w", err)
	}
	at := map[string]int{}
	for i, s := range schools {
		at[s.UAI] = i
	}
	watch := watchSchools(rows)
	for i := range schools {
		for j := range schools[i].Results {
			r := &schools[i].Results[j]
			ind, _ := question.Lookup(r.Indicator)
			if r.Status == Published && r.Group["month"] == "" {
				r.Warnings = append(r.Warnings,
					watch.warnings(ind.Reads, query.Group{Grouping: "level", Value: schools[i].UAI})...)
			}
		}
	}
	type week struct {
		school int
		day    int32
	}
	covered := map[week]bool{}
	for _, row := range rows {
		i, ok := at[row.UAI]
		if !ok || row.Service != 0 || row.Expected == 0 || counted(row.Feed) {
			continue
		}
		s := &schools[i]
		w := week{i, row.WeekDay}
		done, seen := covered[w]
		if !seen {
			s.ExpectedWeeks++
		}
		reported := row.Reporting > 0
		if reported && !done {
			s.CoveredWeeks++
		}
		covered[w] = done || reported
		if reported && !slices.Contains(s.Feeds, row.Feed) {
			s.Feeds = append(s.Feeds, row.Feed)
			slices.Sort(s.Feeds)
		}
	}
	return nil
}

// watchSchools is the sentinel with a school in the place of a level.
func watchSchools(rows []query.SchoolCoverage) sentinel {
	weeks := make([]query.Coverage, len(rows))
	for i, row := range rows {
		weeks[i] = query.Coverage{Feed: row.Feed, Level: row.UAI, Service: row.Service, WeekDay: row.WeekDay,
			Expected: row.Expected, Reporting: row.Reporting}
	}
	return newSentinel(weeks)
}
