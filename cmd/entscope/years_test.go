//go:build chain

package main

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/simulate"
)

var (
	yearSeeds   = flag.Int("year-seeds", 1, "regions of two school years whose counts must come back")
	yearFirst   = flag.Int("year-first", 1, "seed of the first of them")
	yearParents = flag.Int("year-parents", 1200, "parents of each of these regions")
	yearSchools = flag.Int("year-schools", 20, "schools of each of these regions")
)

// cell is a numerator and a denominator. Of a curve, rest are the units still at
// risk where the edition ends it, for too few persons are left: as many events at
// most lie beyond.
type cell struct{ x, y, rest int64 }

func (c cell) ratio() float64 { return float64(c.x) / max(1, float64(c.y)) }

// yearsRegion simulates a region of two school years and makes its edition.
func yearsRegion(t *testing.T, dir string, config simulate.Config) (direct simulate.Truth) {
	t.Helper()
	if err := simulateRegion(t.Context(), regionFlags{out: dir, config: config}, &progress{}); err != nil {
		t.Fatal(err)
	}
	exactCells(t, dir)
	s, err := study.Read(filepath.Join(dir, "study.toml"))
	if err != nil {
		t.Fatal(err)
	}
	// A drawn key would draw other controls and clusters at every run.
	if err := demoKeys(s, config.Seed); err != nil {
		t.Fatal(err)
	}
	if _, err := runBatch(t.Context(), s, runOptions{until: "anonymize"}, silent(t)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "direct.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &direct); err != nil {
		t.Fatal(err)
	}
	return direct
}

// exactCells takes the noise out of the policies of a region: what is compared is
// what the pipeline counts.
func exactCells(t *testing.T, dir string) {
	t.Helper()
	const table = "[cells.perturbation]"
	for _, name := range []string{"research.toml", "schools.toml"} {
		path := filepath.Join(dir, "policies", name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		before, noise, found := strings.Cut(string(data), table)
		if !found {
			t.Fatalf("%s has no %s", path, table)
		}
		_, after, _ := strings.Cut(noise, "\n\n")
		if err := os.WriteFile(path, []byte(before+table+"\nvariance = 0.0\n\n"+after), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// cellsOf adds up what the clusters of an edition hold, under the keys of
// direct.json; a curve gives its events and those at risk at its start.
func cellsOf(t *testing.T, dir string) map[string]cell {
	t.Helper()
	cells := map[string]cell{}
	add := func(measure, population, grouping, group string, c cell) {
		key := measure + " " + population
		if grouping != "all" {
			key += " " + grouping + "=" + group
		}
		was := cells[key]
		cells[key] = cell{was.x + c.x, was.y + c.y, was.rest + c.rest}
	}
	sums, err := parquet.ReadFile[edition.SumRow](filepath.Join(dir, "sums.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range sums {
		add(r.Measure, r.Population, r.Grouping, r.Group, cell{x: r.Numerator, y: r.Denom})
	}
	times, err := parquet.ReadFile[edition.TimeRow](filepath.Join(dir, "times.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	type series struct {
		curve, grouping, group string
		cluster                int32
	}
	last := map[series]edition.TimeRow{}
	for _, r := range times {
		c := cell{x: r.Events}
		if r.Bin == 0 {
			c.y = r.AtRisk
		}
		add(r.Curve, "curve", r.Grouping, r.Group, c)
		if k := (series{r.Curve, r.Grouping, r.Group, r.Cluster}); r.Bin >= last[k].Bin {
			last[k] = r
		}
	}
	bins := map[string]int{}
	for _, c := range edition.Curves {
		bins[c.Name] = len(c.Edges)
	}
	for k, r := range last {
		if int(r.Bin) != bins[r.Curve]-1 {
			add(k.curve, "curve", k.grouping, k.group, cell{rest: r.Censored})
		}
	}
	weeks, err := parquet.ReadFile[edition.WeekRow](filepath.Join(dir, "weeks.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	const parent, anyService = 3, -1
	for _, r := range weeks {
		if r.Profile == parent && r.Service == anyService {
			week := time.Unix(int64(r.WeekDay)*86400, 0).UTC().Format(time.DateOnly)
			add("L6.weekly_visits", "panel", "week", week, cell{x: r.Visits, y: int64(r.Schools)})
		}
	}
	coverage, err := parquet.ReadFile[edition.CoverageRow](filepath.Join(dir, "coverage.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range coverage {
		name, setting := map[string]string{edition.FeedObserved: "D1.observed",
			edition.FeedDeclared: "D1.declared"}[r.Feed], strings.TrimPrefix(r.Feed, edition.FeedSetting)
		if strings.HasPrefix(setting, "messages ") {
			name = "M6." + setting
		}
		if name != "" {
			add(name, "schools", "level", r.Level, cell{x: int64(r.Reporting), y: int64(r.Expected)})
			add(name, "schools", "all", "", cell{x: int64(r.Reporting), y: int64(r.Expected)})
		}
	}
	return cells
}

// deviation is how far the edition of some regions is from the counts on all
// their persons, for one measure and population.
type deviation struct {
	cells   int
	missing int      // cells that direct.json has and the edition has not
	beyond  []string // groups whose gap is beyond what is stated
	kept    float64  // smallest share of the denominator
	worst   float64  // largest relative gap of the estimate
	where   string
	// got and want are the whole population of all regions: edition and direct.
	got, want cell
}

// drawn are the beginnings of the measures of which the controls, and so those
// who found one, are drawn at random: the edition and the count hold two draws of
// the same parents. The number is the variance of a count, by its mean: the visits
// of one parent come together, over months more than within a week.
var drawn = map[string]float64{"A2.first.": 1, "A2.after.": 15, "A2.before.": 15, "A2.week": 2}

// allowed is how far an estimate may be from the counted one when nothing is
// taken away, by the rounding of a person's contribution.
const allowed = 0.005

// bias is how far an estimate may be, as a share of the counted one, when a share
// of its denominator was kept.
func bias(key string, got, want cell) float64 {
	limit := allowed + 2*math.Max(0, 1-float64(got.y)/float64(want.y))
	for prefix, variance := range drawn {
		if strings.HasPrefix(key, prefix) {
			n, y := float64(got.x+want.x+1), float64(min(got.y, want.y))
			limit += 4 * math.Sqrt(variance*n) / y / math.Max(want.ratio(), 1/float64(want.y))
		}
	}
	return limit
}

// gap is how far the edition's estimate is from the counted one, as a share of it;
// a curve may hold up to its rest more.
func gap(got, want cell) float64 {
	r := want.ratio()
	low, high := got.ratio(), float64(got.x+got.rest)/float64(got.y)
	return math.Max(0, math.Max(low-r, r-high)) / math.Max(r, 1/float64(want.y))
}

// TestYearsComeBack lays the cell tables of editions of regions of two school
// years beside the counts on the un-anonymised persons: the same numerator over
// the same denominator, but for what the thresholds take away.
//
//	go test -tags chain ./cmd/entscope -run TestYearsComeBack -v -year-seeds 20 -year-parents 4000 -year-schools 40 -timeout 2h
func TestYearsComeBack(t *testing.T) {
	t.Parallel()
	found := map[string]*deviation{}
	for seed := *yearFirst; seed < *yearFirst+*yearSeeds; seed++ {
		dir := filepath.Join(t.TempDir(), "region")
		direct := yearsRegion(t, dir,
			simulate.Config{Years: 2, Parents: *yearParents, Schools: *yearSchools, Seed: uint64(seed)})
		cells := cellsOf(t, filepath.Join(dir, "editions", "research-2024-2026"))
		for _, c := range direct.Counts {
			compareCount(found, seed, c, cells)
		}
		if seed == *yearFirst {
			secondInstrument(t, dir, cells, direct.Counts)
			staggeredHolidays(t, cells, direct)
			casAlone(t, dir)
		}
		os.RemoveAll(dir)
	}
	t.Log(deviationTable(found))
	compared := 0
	for key, d := range found {
		compared += min(1, d.cells)
		for _, b := range d.beyond {
			t.Errorf("%s %s", key, b)
		}
		if d.want.y > 0 && gap(d.got, d.want) > bias(key, d.got, d.want) {
			t.Errorf("%s, all regions: %d of %d, counted %d of %d", key, d.got.x, d.got.y, d.want.x, d.want.y)
		}
	}
	if compared < 150 {
		t.Errorf("only %d measures were compared", compared)
	}
}

func compareCount(found map[string]*deviation, seed int, c simulate.Count, cells map[string]cell) {
	key := c.Measure + " " + c.Population
	d := found[key]
	if d == nil {
		d = &deviation{kept: 1}
		found[key] = d
	}
	group := ""
	for _, k := range slices.Sorted(maps.Keys(c.Group)) {
		group += " " + k + "=" + c.Group[k]
	}
	got, ok := cells[key+group]
	if !ok || got.y == 0 {
		d.missing++
		return
	}
	want := cell{x: c.Numerator, y: c.Denom}
	d.cells++
	d.kept = math.Min(d.kept, float64(got.y)/float64(want.y))
	gap := gap(got, want)
	if gap > bias(key, got, want) {
		d.beyond = append(d.beyond,
			strings.TrimSpace(fmt.Sprintf("%s: %d of %d, counted %d of %d (seed %d)", group, got.x, got.y, want.x,
				want.y, seed)))
	}
	if gap > d.worst {
		d.worst, d.where = gap, strings.TrimSpace(group)
	}
	if group == "" {
		d.got = cell{d.got.x + got.x, d.got.y + got.y, d.got.rest + got.rest}
		d.want = cell{x: d.want.x + want.x, y: d.want.y + want.y}
	}
}

func deviationTable(found map[string]*deviation) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nmeasure\tcells\tmissing\tleast kept\tlargest gap\tat\tedition\tdirect")
	for _, key := range slices.Sorted(maps.Keys(found)) {
		d := found[key]
		fmt.Fprintf(w, "%s\t%d\t%d\t%.3f\t%.4f\t%s\t%.4f\t%.4f\n", key, d.cells, d.missing, d.kept, d.worst, d.where,
			d.got.ratio(), d.want.ratio())
	}
	_ = w.Flush()
	return text.String()
}

// secondInstrument: the log of the application's front holds what neo's events
// hold too, and polling for people who never come, and not one visit or action more
// comes of it; nor of the sign-ins that failed, nor of the tickets of CAS.
func secondInstrument(t *testing.T, dir string, cells map[string]cell, counts []simulate.Count) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "raw/app/*.log"))
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines += strings.Count(string(data), "\n")
	}
	if lines < 1000 {
		t.Errorf("the second instrument wrote %d lines", lines)
	}
	for _, c := range counts {
		key := c.Measure + " " + c.Population
		if len(c.Group) > 0 ||
			!slices.Contains([]string{"L1.visits_per_week all_accounts", "L1.actions_per_person all_accounts",
				"L2.never all_accounts", "D3.connected all_accounts"}, key) {
			continue
		}
		// Its clock is up to a second late, which can bridge a pause of half an hour; like views
		// of one second have one identifier in the portal's log.
		tolerance := 1e-5
		if strings.HasPrefix(key, "L1.actions") {
			tolerance = 1e-4
		}
		got := cells[key]
		if math.Abs(float64(got.x-c.Numerator)) > tolerance*float64(c.Numerator) || got.y != c.Denom {
			t.Errorf("%s: %d of %d, counted %d of %d", key, got.x, got.y, c.Numerator, c.Denom)
		}
	}
	for _, key := range []string{"R2.failures attempting_accounts", "M4.tools.messages active_accounts"} {
		if cells[key].x == 0 {
			t.Errorf("%s is 0", key)
		}
	}
}

// staggeredHolidays: of a week that is a holiday of some zones alone, the visits are laid
// beside the schools that are open. Weeks below the floor are left out.
func staggeredHolidays(t *testing.T, cells map[string]cell, direct simulate.Truth) {
	t.Helper()
	var schools []int64
	for _, v := range direct.Values {
		if v.Measure != "weekly_visits" {
			continue
		}
		week := "L6.weekly_visits panel week=" + v.Group["week"]
		got := cells[week]
		schools = append(schools, got.y)
		if math.Abs(got.ratio()/v.Value-1) > 0.02 {
			t.Errorf("%s: %.1f visits a school of %d, counted %.1f", week, got.ratio(), got.y, v.Value)
		}
	}
	slices.Sort(schools)
	if few, all := schools[3], schools[len(schools)-1]; 3*few > 2*all {
		t.Errorf("of %d schools at least %d are open in nearly every week", all, few)
	}
}

// casAlone runs the study of the CAS server's log to its end: every question is
// answered, most of them by a reason.
func casAlone(t *testing.T, dir string) {
	t.Helper()
	s, err := study.Read(filepath.Join(dir, "study-cas.toml"))
	if err != nil {
		t.Fatal(err)
	}
	// The other study has left the same schools and period, and without noise: another key has a register of its own.
	s.Key.File = "cas.key"
	key := sha256.Sum256([]byte("TestYearsComeBack")) // the same in each run, so that a failure comes back
	if err := pseudonym.RestoreKey(filepath.Join(dir, s.Key.File), nil, key); err != nil {
		t.Fatal(err)
	}
	if _, err := runBatch(t.Context(), s, runOptions{}, silent(t)); err != nil {
		t.Error(err)
		return
	}
	data, err := os.ReadFile(filepath.Join(dir, "cas/published/results.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Results []indicator.Result `json:"results"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	asked, published, unmeasured := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, r := range file.Results {
		asked[r.Indicator] = true
		switch r.Status {
		case indicator.Published:
			published[r.Indicator] = true
		case indicator.NotMeasurable:
			unmeasured[r.Indicator] = true
			if len(r.Warnings) == 0 {
				t.Errorf("%s.%s is not measurable, without a reason", r.Indicator, r.Measure)
			}
		}
	}
	t.Logf("the log of the CAS server alone: %d questions, %d with a figure, %d with one that is not measurable",
		len(asked), len(published), len(unmeasured))
	if len(asked) != len(question.All()) {
		t.Errorf("%d questions of %d", len(asked), len(question.All()))
	}
	if len(unmeasured) < 30 {
		t.Errorf("%d questions with something not measurable", len(unmeasured))
	}
}
