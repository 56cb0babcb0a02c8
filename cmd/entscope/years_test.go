package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/simulate"
)

var (
	yearSeeds   = flag.Int("year-seeds", 1, "regions of two school years whose counts must come back")
	yearParents = flag.Int("year-parents", 1200, "parents of each of these regions")
	yearSchools = flag.Int("year-schools", 20, "schools of each of these regions")
)

// cell is a numerator and a denominator.
type cell struct{ x, y int64 }

func (c cell) ratio() float64 { return float64(c.x) / float64(c.y) }

// yearsRegion simulates a region of two school years and makes its edition.
func yearsRegion(t *testing.T, dir string, config simulate.Config) (direct simulate.Truth) {
	t.Helper()
	if err := simulateRegion(t.Context(), regionFlags{out: dir, config: config}, io.Discard); err != nil {
		t.Fatal(err)
	}
	s, err := study.Read(filepath.Join(dir, "study.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := pseudonym.CreateKey(s.Path(s.Key.File), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := runBatch(t.Context(), s, "anonymize", "", io.Discard); err != nil {
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

// cellsOf adds up what the clusters of an edition hold, under the keys of
// direct.json; a curve gives its events and those at risk at its start.
func cellsOf(t *testing.T, dir string) map[string]cell {
	t.Helper()
	cells := map[string]cell{}
	add := func(measure, population, grouping, group string, x, y int64) {
		key := measure + " " + population
		if grouping != "all" {
			key += " " + grouping + "=" + group
		}
		cells[key] = cell{cells[key].x + x, cells[key].y + y}
	}
	sums, err := parquet.ReadFile[edition.SumRow](filepath.Join(dir, "sums.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range sums {
		add(r.Measure, r.Population, r.Grouping, r.Group, r.Numerator, r.Denom)
	}
	times, err := parquet.ReadFile[edition.TimeRow](filepath.Join(dir, "times.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	start := map[string]int32{}
	for _, r := range times {
		key := r.Curve + r.Grouping + r.Group
		if n, ok := start[key]; !ok || r.Bin < n {
			start[key] = r.Bin
		}
	}
	for _, r := range times {
		risk := int64(0)
		if r.Bin == start[r.Curve+r.Grouping+r.Group] {
			risk = r.AtRisk
		}
		add(r.Curve, "curve", r.Grouping, r.Group, r.Events, risk)
	}
	coverage, err := parquet.ReadFile[edition.CoverageRow](filepath.Join(dir, "coverage.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range coverage {
		name, setting := map[string]string{edition.FeedObserved: "D1.observed", edition.FeedDeclared: "D1.declared"}[r.Feed], strings.TrimPrefix(r.Feed, edition.FeedSetting)
		if strings.HasPrefix(setting, "messages ") {
			name = "M6." + setting
		}
		if name != "" {
			add(name, "schools", "level", r.Level, int64(r.Reporting), int64(r.Expected))
			add(name, "schools", "all", "", int64(r.Reporting), int64(r.Expected))
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
	all     [2]float64 // estimate of the whole population: edition, direct
}

// loose are the beginnings of the measures for which the edition is not the
// direct estimate, by how much at most, and why: the stated bias.
var loose = map[string]struct {
	gap float64
	why string
}{
	"A2.after.control":  {0.6, "another random order of the controls"},
	"A2.before.control": {0.6, "another random order of the controls"},
	"A2.first.control":  {2, "another random order of the controls"},
	"A2.after.acc":      {0.1, "those who found a control"},
	"A2.before.acc":     {0.1, "those who found a control"},
	"A2.first.acc":      {0.2, "those who found a control"},
	"N1.views_per_day":  {0.15, "two instruments see one view twice"},
	"C2.parent_share":   {0.05, "two instruments see one view twice"},
	"C6.views":          {0.25, "two instruments see one view twice"},
}

// allowed is how far an estimate may be from the counted one when nothing is
// taken away, by the rounding of a person's contribution.
const allowed = 0.005

// bias is how far an estimate may be when a share of its denominator was kept.
func bias(key, group string, kept float64) float64 {
	limit := allowed + 2*math.Max(0, 1-kept)
	if strings.HasSuffix(key, " curve") {
		limit += 0.1 // a curve ends where fewer than the floor are at risk
	}
	for prefix, l := range loose {
		if strings.HasPrefix(key, prefix) {
			limit += l.gap
			if group != "" {
				limit += 2 * l.gap
			}
		}
	}
	return limit
}

// TestYearsComeBack lays the cell tables of editions of regions of two school
// years beside the counts on the un-anonymised persons: the same numerator over
// the same denominator, but for what the thresholds take away.
//
//	go test ./cmd/entscope -run TestYearsComeBack -v -year-seeds 20 -year-parents 4000 -year-schools 40 -timeout 2h
func TestYearsComeBack(t *testing.T) {
	found := map[string]*deviation{}
	for seed := 1; seed <= *yearSeeds; seed++ {
		dir := filepath.Join(t.TempDir(), "region")
		direct := yearsRegion(t, dir, simulate.Config{Years: 2, Parents: *yearParents, Schools: *yearSchools, Seed: uint64(seed)})
		cells := cellsOf(t, filepath.Join(dir, "editions", "research-2024-2026"))
		for _, c := range direct.Counts {
			compareCount(found, c, cells)
		}
		if seed == 1 {
			secondInstrument(t, dir, cells, direct.Counts)
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
	}
	if compared < 150 {
		t.Errorf("only %d measures were compared", compared)
	}
}

func compareCount(found map[string]*deviation, c simulate.Count, cells map[string]cell) {
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
	want := cell{c.Numerator, c.Denom}
	d.cells++
	d.kept = math.Min(d.kept, float64(got.y)/float64(want.y))
	gap := math.Abs(got.ratio()-want.ratio()) / math.Max(want.ratio(), 1/float64(want.y))
	if gap > bias(key, group, float64(got.y)/float64(want.y)) {
		d.beyond = append(d.beyond, strings.TrimSpace(fmt.Sprintf("%s: %d of %d, counted %d of %d", group, got.x, got.y, want.x, want.y)))
	}
	if gap > d.worst {
		d.worst, d.where = gap, strings.TrimSpace(group)
	}
	if group == "" {
		d.all = [2]float64{got.ratio(), want.ratio()}
	}
}

func deviationTable(found map[string]*deviation) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nmeasure\tcells\tmissing\tleast kept\tlargest gap\tat\tedition\tdirect")
	for _, key := range slices.Sorted(maps.Keys(found)) {
		d := found[key]
		fmt.Fprintf(w, "%s\t%d\t%d\t%.3f\t%.4f\t%s\t%.4f\t%.4f\n", key, d.cells, d.missing, d.kept, d.worst, d.where, d.all[0], d.all[1])
	}
	_ = w.Flush()
	return text.String()
}

// secondInstrument: the log of the application's front holds what neo's events
// hold too, and polling for people who never come, and not one visit more comes of
// it; nor of the sign-ins that failed.
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
		if len(c.Group) > 0 || !slices.Contains([]string{"L1.visits_per_week all_accounts", "L2.never all_accounts", "D3.connected all_accounts"}, key) {
			continue
		}
		// Its clock is up to a second late, which can bridge a pause of half an hour.
		if got := cells[key]; math.Abs(float64(got.x-c.Numerator)) > 1e-5*float64(c.Numerator) || got.y != c.Denom {
			t.Errorf("%s: %d of %d, counted %d of %d", key, got.x, got.y, c.Numerator, c.Denom)
		}
	}
	for _, key := range []string{"R2.failures attempting_accounts", "M4.tools.messages active_accounts"} {
		if cells[key].x == 0 {
			t.Errorf("%s is 0", key)
		}
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
	if _, err := runBatch(t.Context(), s, "", "", io.Discard); err != nil {
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
	t.Logf("the log of the CAS server alone: %d questions, %d with a figure, %d with one that is not measurable", len(asked), len(published), len(unmeasured))
	if len(asked) != 52 || len(unmeasured) < 30 {
		t.Errorf("%d questions, %d with something not measurable", len(asked), len(unmeasured))
	}
}
