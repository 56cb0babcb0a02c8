package indicator

import (
	"bytes"
	"context"
	"encoding/json"
	"go/parser"
	"go/token"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
)

func testPolicy(t testing.TB) disclosure.Policy {
	t.Helper()
	p, err := disclosure.ParsePolicy(disclosure.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func compute(t testing.TB, ed *query.Edition, ids ...string) []Result {
	t.Helper()
	results, err := Compute(context.Background(), ed, ids)
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// find returns the one result with the given key.
func find(t testing.TB, results []Result, id, population, measure string, group map[string]string) Result {
	t.Helper()
	for _, r := range results {
		if r.Indicator == id && r.Population == population && r.Measure == measure && reflect.DeepEqual(r.Group,
			group) {
			return r
		}
	}
	t.Fatalf("no result %s %s %s %v", id, population, measure, group)
	return Result{}
}

var whole = map[string]string{}

// Every estimator and statement that the catalogue names exists.
func TestCatalogue(t *testing.T) {
	for _, ind := range question.All() {
		for _, m := range ind.Measures {
			_, table := tables[m.Estimator]
			if !table && estimators[m.Estimator] == nil {
				t.Errorf("%s: measure %s: no estimator %q", ind.ID, m.Name, m.Estimator)
			}
		}
		for _, name := range ind.SQL {
			if _, err := query.SQL(name); err != nil {
				t.Errorf("%s: %v", ind.ID, err)
			}
		}
	}
}

// Every column a question reads exists in the edition, and every source in the
// reviewed list of measures.
func TestColumnsExist(t *testing.T) {
	rows := map[string]reflect.Type{
		edition.TableParents: reflect.TypeFor[edition.ParentRow](),
		edition.TableSums:    reflect.TypeFor[edition.SumRow](), edition.TableTimes: reflect.TypeFor[edition.TimeRow](),
		edition.TableWeeks:          reflect.TypeFor[edition.WeekRow](),
		edition.TableCoverage:       reflect.TypeFor[edition.CoverageRow](),
		edition.TableSchoolMeasures: reflect.TypeFor[edition.SchoolRow](),
	}
	list := question.All()
	questions := map[string]bool{}
	for _, ind := range list {
		if len(ind.Measures) > 0 && ind.Reads != "manifest" && len(ind.SQL) == 0 {
			t.Errorf("%s: computed without a question", ind.ID)
		}
		for _, q := range ind.SQL {
			questions[q] = true
		}
	}
	for q := range questions {
		reads, err := query.Reads(q)
		if err != nil {
			t.Fatal(err)
		}
		row, ok := rows[reads.Table]
		if !ok {
			t.Fatalf("%s reads %q, which is no table of an edition", q, reads.Table)
		}
		var columns []string
		for i := range row.NumField() {
			name, _, _ := strings.Cut(row.Field(i).Tag.Get("parquet"), ",")
			columns = append(columns, name)
		}
		for _, c := range reads.Columns {
			if !slices.Contains(columns, c) {
				t.Errorf("%s: column %s is not in %s", q, c, reads.Table)
			}
		}
	}
}

func TestCompute(t *testing.T) {
	r := newRegion(1, 60)
	ed := r.research(t)
	results := compute(t, ed)
	seen := map[string]bool{}
	type key struct{ id, population, measure, group string }
	once := map[key]bool{}
	for _, x := range results {
		seen[x.Indicator] = true
		k := key{x.Indicator, x.Population, x.Measure, groupText(x.Group)}
		if once[k] {
			t.Errorf("%v appears twice", k)
		}
		once[k] = true
		check(t, x)
	}
	for _, q := range question.All() {
		if !seen[q.ID] {
			t.Errorf("%s has no result", q.ID)
		}
	}
	never := find(t, results, "L2", "all_accounts", "never", whole)
	if never.Level != 0.95 {
		t.Errorf("level %v, want 0.95", never.Level)
	}
	if never.Target != targetSchools {
		t.Errorf("target %q, want %q", never.Target, targetSchools)
	}
	if never.Estimate == nil || math.Abs(*never.Estimate-baseShare) > 0.05 {
		t.Errorf("L2.never: %+v", never)
	}
	effect := find(t, results, "A2", "matched", "rate_ratio", whole)
	if effect.Low == nil || *effect.Low > 1.6 || *effect.High < 1.6 {
		t.Errorf("A2.rate_ratio: %v [%v, %v], planted 1.6", *effect.Estimate, *effect.Low, *effect.High)
	}
	first := find(t, results, "D3", "all_accounts", "first_login_8w", whole)
	if first.Estimate == nil || *first.Estimate < 0.6 || *first.Estimate > 0.66 {
		t.Errorf("D3.first_login_8w: %+v", first)
	}
	child := find(t, results, "P1", "pupils", "child_account", whole)
	if child.Estimate != nil || child.Target != targetBounds || *child.Low > baseShare/3 || *child.High < baseShare {
		t.Errorf("P1: %+v", child)
	}
	bounds := find(t, results, "L2", "all_accounts", "never_bounds", whole)
	if bounds.Estimate != nil || *bounds.Low > *never.Low || *bounds.High != *never.High || *bounds.Low < 0 {
		t.Errorf("L2.never_bounds: %+v", bounds)
	}
	// The planted visits are Poisson of mean 1.4·12/4 with a school effect.
	median := find(t, results, "L1", "all_accounts", "visits_median", whole)
	if median.Low == nil || *median.Low > 4.2 || *median.High < 4 || median.Target != targetBounds {
		t.Errorf("L1.visits_median: %+v", median)
	}
	for _, want := range []struct {
		id, population, measure string
		low, high               float64
	}{
		{"L2", "all_accounts", "school_icc", 0.005, 0.08}, // planted effect of SD 0.4 on the logit: π²/3 latent
		{"F5", "all_accounts", "theil_between", 0.02, 0.25},
		{"A2", "matched", "e_value", 2.2, 3},
	} {
		x := find(t, results, want.id, want.population, want.measure, whole)
		if x.Estimate == nil || *x.Estimate < want.low || *x.Estimate > want.high {
			t.Errorf("%s.%s: %v", want.id, want.measure, number(x.Estimate))
		}
	}
	share := find(t, results, "C2", "visits", "parent_share", whole)
	if share.Estimate == nil || *share.Estimate != 0.5 {
		t.Errorf("C2.parent_share: %+v", share)
	}
	for _, want := range []struct {
		id, population, measure string
		group                   map[string]string
		truth                   float64
	}{
		{"A2", "matched", "week_ratio", map[string]string{"relative_week": "+3"}, planted},
		{"A2", "matched", "week_ratio", map[string]string{"relative_week": "-3"}, 1},
		{"A2", "matched", "placebo_ratio", whole, 1},
		{"A2", "matched_long", "week_ratio_long", map[string]string{"relative_week": "+8"}, planted},
		{"A2", "matched", "sensitivity_ratio", map[string]string{"relative_magnitude": "0"}, planted},
		{"A3", "matched", "effect_2_ratio", whole, planted},
		{"A3", "matched", "pairwise_ratio", map[string]string{"forms": "1 / 4"}, 1},
		// 0.4 of the rate, drawn at a quarter of 12 weeks over 4
		{"A5", "pairs", "days_difference", whole, -0.3 * math.Exp(0.4*0.4/2)},
		{"C1", "concerned_accounts", "visits_ratio", whole, planted * 1.05 * math.Exp(0.4*0.4/2)},
		{"C2", "pupils", "grade_odds_ratio", whole, math.Exp(gradeSlope)},
		{"M5", "threads", "grade_odds_ratio", whole, math.Exp(gradeSlope)},
		{"F4", "families", "loan_ratio", whole, planted},
		{"M1", "recipients", "individual_odds_ratio", whole, plantedOdds},
		{"N8", "pairs", "deferred_ratio", whole, plantedDeferred},
		{"L1", "all_accounts", "count_ratio", map[string]string{"level": "lycee"}, plantedLycee},
		{"L1", "all_accounts", "hurdle_count_ratio", map[string]string{"level": "lycee"}, plantedLycee},
		{"L2", "all_accounts", "logit_odds_ratio", map[string]string{"ips_band": "2"}, 1},
		{"F2", "all_accounts", "never_slope_odds_ratio", map[string]string{"level": "college"}, 1},
		{"F2", "all_accounts", "email_odds_ratio", whole, 1},
		{"R1", "all_accounts", "logit_odds_ratio", map[string]string{"level": "college"}, 1},
		{"D2", "all_accounts", "seniority_never_gap", whole, 0},
		{"M6", "schools", "messages_all", whole, 2.0 / 3},
		{"M4", "active_accounts", "two_any", whole, 0.5},
		{"L3", "regular_accounts", "burstiness", whole, 0},
		{"L3", "regular_accounts", "weekday_entropy", whole, 1},
		{"N6", "published_grades", "parent_first_24h", whole, incidence(0.125, 0.1, 6)},
		{"N6", "published_grades", "pupil_first_14d", whole, incidence(0.1, 0.125, 14)},
		{"N4", "pairs", "seen_24h", whole, 1 - math.Pow(0.875, 6)},
	} {
		x := find(t, results, want.id, want.population, want.measure, want.group)
		if x.Low == nil || x.Level == 0 || *x.Low > want.truth+0.02 || *x.High < want.truth-0.02 {
			t.Errorf("%s.%s %v: %s [%s, %s] %v, planted %v", want.id, want.measure, want.group,
				number(x.Estimate), number(x.Low), number(x.High), x.Warnings, want.truth)
		}
	}
	// Half of the grades are seen when 0.875^t = ½: after 5.19 bins, in that from 12 to 24 hours.
	x := find(t, results, "N4", "pairs", "hours_median", whole)
	if x.Target != targetBounds || x.Estimate != nil || *x.Low > 12 || *x.High < 24 {
		t.Errorf("N4.hours_median: %+v", x)
	}
	x = find(t, results, "N6", "seen_grades", "parent_first_bounds", whole)
	if x.Target != targetBounds || *x.Low >= baseShare+0.02 || *x.High <= baseShare+0.05 {
		t.Errorf("N6.parent_first_bounds: %+v", x)
	}
	x = find(t, results, "F1", "surveyed_pupils", "no_computer_bounds", whole)
	if x.Target != targetBounds || *x.Low > 0.2 || *x.High < 0.8 || *x.High > 1 {
		t.Errorf("F1.no_computer_bounds: a fifth answered: %+v", x)
	}
	x = find(t, results, "A3", "matched", "pairwise_p", map[string]string{"forms": "2 / 3"})
	if x.Estimate == nil || *x.Estimate < 0.01 || *x.Estimate > 1 {
		t.Errorf("A3.pairwise_p: two forms alike: %+v", x)
	}
}

// incidence is what n bins give an event when a share a of those at risk has it in
// each and a share b its rival.
func incidence(a, b float64, n int) float64 {
	left, sum := 1.0, 0.0
	for range n {
		sum, left = sum+left*a, left*(1-a-b)
	}
	return sum
}

// check holds what is true of every result.
func check(t testing.TB, r Result) {
	t.Helper()
	if (r.Status != Published) != (r.Estimate == nil && r.Low == nil) {
		t.Errorf("%s %s %v: status %s with values %v %v", r.Indicator, r.Measure, r.Group, r.Status, r.Estimate, r.Low)
	}
	if r.Status == NotMeasurable && len(r.Warnings) == 0 {
		t.Errorf("%s %s: not measurable without a reason", r.Indicator, r.Measure)
	}
	for _, w := range r.Warnings {
		if w.Code == "" || w.Sentence() == "" || !strings.HasSuffix(w.Sentence(), ".") {
			t.Errorf("%s: warning %q", r.Indicator, w)
		}
	}
	if r.Estimate != nil && r.Low != nil && (*r.Low > *r.Estimate || *r.High < *r.Estimate) {
		t.Errorf("%s %s: %v outside [%v, %v]", r.Indicator, r.Measure, *r.Estimate, *r.Low, *r.High)
	}
}

func TestUnknownIDs(t *testing.T) {
	ed := newRegion(1, 3).research(t)
	_, err := Compute(context.Background(), ed, []string{"L2", "Z9", "Z8"})
	if err == nil || !strings.Contains(err.Error(), "Z9") || !strings.Contains(err.Error(), "Z8") {
		t.Errorf("got %v", err)
	}
}

func TestFewSchools(t *testing.T) {
	results := compute(t, newRegion(1, 9).of("L2").research(t), "L2")
	never := find(t, results, "L2", "all_accounts", "never", whole)
	if never.Estimate == nil || never.Low != nil || never.Warnings[0].Code != CodeFewClusters {
		t.Errorf("nine clusters: %+v", never)
	}
	results = compute(t, newRegion(1, 33).of("L2").research(t), "L2")
	level := find(t, results, "L2", "all_accounts", "never", map[string]string{"level": "lycee"})
	if level.Low != nil || level.Warnings[0].Code != CodeFewSchools {
		t.Errorf("eleven schools: %+v", level)
	}
}

func TestNotMeasurable(t *testing.T) {
	r := newRegion(2, 60)
	r.without = []string{"N5.very_frequent", "N3.empty"}
	r.noGrades = true
	r.skip = query.Group{Grouping: "ep", Value: "REP+"}
	r.stop = 8
	results := compute(t, r.of("N5", "N3", "L2").research(t), "N5", "L2", "Q1")
	n5 := find(t, results, "N5", "pairs", "very_frequent", whole)
	if n5.Status != NotMeasurable || n5.Warnings[0].Code != CodeNoFeed {
		t.Errorf("N5 without a feed: %+v", n5)
	}
	never := find(t, results, "L2", "all_accounts", "never", whole)
	i := slices.IndexFunc(never.Warnings, func(w Warning) bool { return w.Code == CodeFeedStopped })
	if i < 0 || !strings.Contains(never.Warnings[i].Sentence(), "3 novembre 2025") {
		t.Errorf("stopped feed: %v", never.Warnings)
	}
	q := find(t, results, "Q1", "school_weeks", "reporting_share", map[string]string{"feed": "cas"})
	if q.Estimate == nil || math.Abs(*q.Estimate-8.0/12) > 1e-12 || len(q.Warnings) != 1 {
		t.Errorf("Q1: %+v", q)
	}
	q = find(t, results, "Q1", "school_weeks", "reporting_share", map[string]string{"feed": "neo"})
	if len(q.Warnings) != 0 || *q.Estimate != 1 {
		t.Errorf("Q1 neo: %+v", q)
	}
}

// TestToldBefore: what an earlier edition of these days tells already is not said to lack a source, nor persons.
func TestToldBefore(t *testing.T) {
	r := newRegion(2, 60)
	for _, m := range edition.Measures {
		if m.Pages == edition.PagesNever {
			r.without = append(r.without, m.Name)
		}
	}
	r.unnamed = map[string]string{}
	for _, family := range edition.Families() {
		r.unnamed[family] = "research-2025-T1"
	}
	ids := []string{"N5", "N6", "P1", "P3", "R3", "L2"}
	asked := 0
	for _, x := range compute(t, r.of(ids...).research(t), ids...) {
		ind, err := question.Lookup(x.Indicator)
		if err != nil {
			t.Fatal(err)
		}
		m, _ := ind.Measure(x.Measure)
		if !slices.ContainsFunc(append([]string{m.Curve, m.Rival}, m.Sources...), func(name string) bool {
			return edition.FamilyOf(name) != ""
		}) {
			continue
		}
		if asked++; x.Status != NotMeasurable || x.Warnings[0].Code != CodeTold {
			t.Errorf("%s.%s %v: %s %v", x.Indicator, x.Measure, x.Group, x.Status, x.Warnings)
		}
	}
	if asked < 20 {
		t.Errorf("%d figures were asked", asked)
	}
}

// TestContactsToldBefore: of an edition of which another tells which addresses are known, that is told elsewhere, and
// nothing else is.
func TestContactsToldBefore(t *testing.T) {
	r := newRegion(2, 60)
	for _, m := range edition.Measures {
		if m.Family == edition.FamilyContacts {
			r.without = append(r.without, m.Name)
		}
	}
	r.unnamed = map[string]string{edition.FamilyContacts: "research-2025-T1"}
	told := map[string]int{}
	for _, x := range compute(t, r.of("R3", "N5", "L2").research(t), "R3", "N5", "L2") {
		if x.Status == NotMeasurable && x.Warnings[0].Code == CodeTold {
			told[x.Indicator]++
		}
	}
	if told["R3"] == 0 {
		t.Error("no figure of R3 is said to be told before")
	}
	if told["N5"]+told["L2"] > 0 {
		t.Errorf("other figures are: %v", told)
	}
}

// A study with login records alone: what needs a register, an activation date,
// grades or pupils says which of them is missing.
func TestLoginsOnly(t *testing.T) {
	r := newRegion(2, 40)
	r.noGrades = true
	for _, m := range edition.Measures {
		if slices.Contains([]byte("ANPRM"), m.Name[0]) || m.Name == "D3.activated" || m.Name[0] == 'C' ||
			m.Name[:2] == "F1" {
			r.without = append(r.without, m.Name)
		}
	}
	ids := []string{"A1", "A2", "R1", "D3", "N1", "P1", "L2", "M1", "C1", "C4", "F1"}
	results := compute(t, r.of(ids...).research(t), ids...)
	for _, want := range [][4]string{
		{"A1", "all_accounts", "accompanied", "registre"}, {"A2", "matched", "rate_ratio", "registre"},
		{"R1", "all_accounts", "ready", "activation"},
		{"D3", "all_accounts", "activated", "activation"}, {"N1", "pairs", "views_per_day", "consultations de notes"},
		{"P1", "pupils", "child_account", "élèves"},
		{"M1", "recipients", "individual", "messages"}, {"C1", "concerned_accounts", "visits_ratio", "contenus"},
		{"F1", "surveyed_pupils", "no_computer", "enquête"},
		{"C4", "concerned_accounts", "opened", "téléservices"}, {"R1", "concerned_accounts", "ready_D30", "échéance"},
		{"A2", "matched", "week_ratio", "registre"},
	} {
		x := find(t, results, want[0], want[1], want[2], whole)
		if x.Status != NotMeasurable || x.Warnings[0].Code != CodeNoFeed ||
			!strings.Contains(x.Warnings[0].Sentence(), want[3]) {
			t.Errorf("%s: %s %v", want[0], x.Status, x.Warnings)
		}
	}
	if x := find(t, results, "L2", "all_accounts", "never", whole); x.Status != Published {
		t.Errorf("L2: %v", x.Warnings)
	}
}

func TestBreach(t *testing.T) {
	steady := func() []reported {
		var w []reported
		for i := range int32(weeks) {
			w = append(w, reported{firstMonday + 7*i, 40, 39 + int64(i%2)})
		}
		return w
	}
	for name, test := range map[string]struct {
		change func(w []reported)
		want   string
	}{
		"steady":             {func([]reported) {}, ""},
		"stopped":            {func(w []reported) { w[10].reporting, w[11].reporting = 0, 0 }, CodeFeedStopped},
		"stopped, last week": {func(w []reported) { w[11].reporting = 0 }, CodeFeedStopped},
		"one school, a week": {func(w []reported) { w[11] = reported{w[11].week, 1, 0} }, ""},
		"dropped":            {func(w []reported) { w[10].reporting, w[11].reporting = 15, 12 }, CodeFeedDropped},
		"partial":            {func(w []reported) { w[10].reporting, w[11].reporting = 37, 38 }, CodeFeedPartial},
		"partial, one week":  {func(w []reported) { w[11].reporting = 37 }, ""},
		"late":               {func(w []reported) { w[0].reporting = 0 }, CodeFeedLate},
		"never":              {func(w []reported) { clear(w) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := steady()
			test.change(w)
			if got := breach("neo", 0, w).Code; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A research edition with coverage alone: everything is « non mesurable », with
// its reason, and nothing is 0.
func TestEmptyEdition(t *testing.T) {
	r := newRegion(3, 6)
	ed := commit(t, r.manifest("research"), func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableCoverage, r.coverage(false), nil)
	})
	seen := map[string]bool{}
	defer func() {
		for _, q := range question.All() {
			if !seen[q.ID] {
				t.Errorf("%s has no result", q.ID)
			}
		}
	}()
	for _, x := range compute(t, ed) {
		seen[x.Indicator] = true
		check(t, x)
		ind, _ := question.Lookup(x.Indicator)
		if ind.Reads != "coverage" && ind.Reads != "manifest" && x.Status != NotMeasurable {
			t.Errorf("%s %s: %s", x.Indicator, x.Measure, x.Status)
		}
	}
}

func TestWriteResults(t *testing.T) {
	half := 0.5
	var b bytes.Buffer
	results := []Result{
		{Indicator: "L2", Measure: "never", Estimate: &half, Status: Published, Method: "a < b"},
		{Indicator: "C4", Status: NotMeasurable},
	}
	if err := WriteResults(&b, results); err != nil {
		t.Fatal(err)
	}
	var back struct {
		Results []map[string]any `json:"results"`
	}
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || len(back.Results) != 2 {
		t.Fatalf("%v: %s", err, b.String())
	}
	var keys []string
	for k := range back.Results[0] {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	if want := slices.Sorted(slices.Values(csvHeader)); !slices.Equal(keys, want) {
		t.Errorf("keys %v, want %v", keys, want)
	}
	if back.Results[1]["estimate"] != nil || back.Results[1]["group"] == nil || back.Results[1]["warnings"] == nil {
		t.Errorf("%v", back.Results[1])
	}
	b.Reset()
	if err := WriteCSV(&b, results); err != nil || strings.Count(b.String(), "\n") != 3 {
		t.Errorf("%v: %s", err, b.String())
	}
}

// Nothing downstream of an edition can read anything upstream.
func TestImports(t *testing.T) {
	allowed := []string{
		"analysis/indicator", // its examples
		"analysis/query", "analysis/question", "analysis/stats",
		"anonymize/edition", "anonymize/engine", "anonymize/disclosure",
	}
	// of protection: rules as data, how a file is read, a solver that knows nothing of the house, which an attacker of
	// the tests has too
	leaves := []string{"anonymize/privacy", "anonymize/policy/keyline", "anonymize/linear"}
	for _, dir := range []string{".", "../../anonymize/disclosure"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, name := range files {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range f.Imports {
				path, _ := strconv.Unquote(spec.Path.Value)
				inner, house := strings.CutPrefix(path, "github.com/entscope/entscope/")
				if dir != "." {
					allowed = leaves
				}
				attacker := inner == "anonymize/linear" && strings.HasSuffix(name, "_test.go")
				if house && !attacker && !slices.Contains(allowed, inner) {
					t.Errorf("%s imports %s", name, inner)
				}
			}
		}
	}
}

// A ratio that the data do not bound is no figure: an interval up to 10²⁴ speaks of where
// the search for a maximum stopped.
func TestRatioWithoutBound(t *testing.T) {
	for _, c := range []struct {
		value, low, high float64
		want             Status
	}{
		{1.3, 0.9, 1.9, Published}, {2, 2e-5, 2e5, Published}, {1e-8, 1e-40, 4.6e24, NotMeasurable},
		{1, 0.5, 2e6, NotMeasurable}, {1, 2e-7, 2, NotMeasurable}, {3e6, math.NaN(), math.NaN(), NotMeasurable},
		{1.3, math.NaN(), math.NaN(), Published},
	} {
		e := stats.Estimate{Value: c.value, SE: 1, Low: c.low, High: c.high, Level: 0.95, Clusters: 30, DF: 20}
		if math.IsNaN(c.low) {
			e.Level = 0
		}
		r := Result{}.fitted(e, 30)
		if r.Status != c.want {
			t.Errorf("%v in [%v, %v]: %s, want %s", c.value, c.low, c.high, r.Status, c.want)
		}
	}
}

// A group without an event has no ratio, and takes that of no other: one level where
// nobody is without a visit.
func TestModelWithoutSolution(t *testing.T) {
	r := newRegion(3, 60).of("L2")
	sums := r.sums()
	for i := range sums {
		if strings.HasPrefix(sums[i].Group, "lycee") && sums[i].Measure == "L2.never" {
			sums[i].Numerator, sums[i].SumXX, sums[i].SumXY, sums[i].H00, sums[i].H01 = 0, 0, 0, sums[i].Persons, 0
		}
	}
	ed := commit(t, r.manifest("research"), func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableSums, sums, nil)
	})
	results := compute(t, ed, "L2")
	ratio := func(level string) Result {
		return find(t, results, "L2", "all_accounts", "logit_odds_ratio", map[string]string{"level": level})
	}
	if x := ratio("lycee"); x.Status != NotMeasurable || x.Warnings[0].Code != CodeModel {
		t.Errorf("%+v", x)
	}
	if x := ratio("college"); x.Status != Published || x.Low == nil || !(*x.Low < *x.Estimate) {
		t.Errorf("%+v", x)
	}
}
