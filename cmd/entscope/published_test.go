package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

var (
	publishedStudy   = flag.String("published-study", "", "folder of a finished study, the only one looked at")
	publishedRegions = flag.Int("published-regions", 0,
		"regions of each size whose publication is laid beside its edition")
	publishedYears = flag.Int("published-years", 0, "regions of two school years that are laid beside theirs")
)

// A publication says what its edition holds: every published figure has an exact one of
// the same kind and level, which lies where the published one says, and its interval within
// the published one; without an interval it is what the rules round it to. What is not
// measurable is so in the edition, for the same reason, and « too few » are few. The numbers,
// units, ends and words of comparison of every sentence are those of its figure. The tests
// behind the words are made again by the audit, which each of these runs has passed.
//
//	go test ./cmd/entscope -run TestPublishedIsItsEdition -v -published-regions 20 -published-years 1 -timeout 4h
func TestPublishedIsItsEdition(t *testing.T) {
	t.Parallel()
	check := func(dir string) {
		compared, read, faults := besideEdition(t, dir)
		t.Logf("%s: %d figures, %d sentences, %d disagree with the edition", filepath.Base(dir), compared, read,
			len(faults))
		for _, fault := range faults {
			t.Error(fault)
		}
		if compared < 300 {
			t.Errorf("only %d figures were compared", compared)
		}
		if read < 150 {
			t.Errorf("only %d sentences were read", read)
		}
	}
	if *publishedStudy != "" {
		check(*publishedStudy)
		return
	}
	check(finishedDemo(t))
	for seed := range *publishedRegions {
		for _, parents := range []int{2000, 8000} {
			dir := filepath.Join(t.TempDir(), fmt.Sprintf("%d-parents-seed-%d", parents, seed+1))
			code, _, said := entscope(t, "demo", "--out", dir, "--parents", strconv.Itoa(parents), "--seed",
				strconv.Itoa(seed+1))
			if code != 0 && code != 3 {
				t.Errorf("%s: exit %d: %s", filepath.Base(dir), code, said)
				continue
			}
			check(dir)
			os.RemoveAll(dir)
		}
	}
	for seed := range *publishedYears {
		dir := filepath.Join(t.TempDir(), fmt.Sprintf("years-seed-%d", seed+1))
		yearsPublished(t, dir, seed+1)
		check(dir)
	}
}

// yearsPublished makes a region of two school years and publishes it.
func yearsPublished(t *testing.T, dir string, seed int) {
	t.Helper()
	for _, args := range [][]string{
		{"simulate", "--out", dir, "--parents", "1200", "--years", "2", "--seed", strconv.Itoa(seed)},
		{"key", "init", "--out", filepath.Join(dir, "master.key")},
		{"run", filepath.Join(dir, "study.toml")},
	} {
		if code, _, said := entscope(t, args...); code != 0 && code != 3 {
			t.Fatalf("%v: exit %d: %s", args, code, said)
		}
	}
}

// besideEdition compares the published figures of a finished study with those of its
// research edition, and says which disagree.
func besideEdition(t *testing.T, dir string) (compared, read int, faults []string) {
	t.Helper()
	s, err := study.Read(filepath.Join(dir, "study.toml"))
	if err != nil {
		t.Fatal(err)
	}
	editions, err := filepath.Glob(filepath.Join(dir, "editions", "research-*"))
	if err != nil || len(editions) != 1 {
		t.Fatalf("editions %v: %v", editions, err)
	}
	config, clean, err := tempEngine(256, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer clean()
	ed, err := query.Open(t.Context(), editions[0], config)
	if err != nil {
		t.Fatal(err)
	}
	defer ed.Close()
	list, err := indicator.Compute(t.Context(), ed, s.Indicators.Compute)
	if err != nil {
		t.Fatal(err)
	}
	exact := map[string]indicator.Result{}
	for _, r := range list {
		exact[cellKey(r.Indicator, r.Population, r.Group, r.Measure)] = r
	}
	data, err := os.ReadFile(filepath.Join(dir, "published", "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	var published struct {
		Results     []indicator.Result     `json:"results"`
		Comparisons []indicator.Comparison `json:"comparisons"`
	}
	if err := json.Unmarshal(data, &published); err != nil {
		t.Fatal(err)
	}
	rules, err := os.ReadFile(filepath.Join(dir, "published", "publication.toml"))
	if err != nil {
		t.Fatal(err)
	}
	policy, err := disclosure.ParsePolicy(rules)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range published.Results {
		key := cellKey(r.Indicator, r.Population, r.Group, r.Measure)
		fault := unreason(policy, r, exact[key])
		if r.Status == indicator.Published {
			compared++
			fault = disagreement(policy, r, exact[key], denominator(t, ed, exact[key]))
		}
		if fault != "" {
			faults = append(faults, key+": "+fault)
		}
	}
	for _, c := range published.Comparisons {
		if c.Lowest != "" {
			continue // of two groups: the audit makes that test again
		}
		key := cellKey(c.Indicator, c.Population, c.Group, c.Measure)
		if fault := unestablished(c.Outcome, exact[key]); fault != "" {
			faults = append(faults, key+": "+fault)
		}
	}
	read, untrue := falseSentences(t, filepath.Join(dir, "published"), published.Comparisons)
	return compared, read, append(faults, untrue...)
}

// unestablished says why the interval of a figure does not leave « no effect » on the side
// that its test says, "" where it does.
func unestablished(outcome indicator.Outcome, exact indicator.Result) string {
	none := 0.0
	if kindOf(exact) == question.Ratio {
		none = 1
	}
	switch {
	case outcome != indicator.Above && outcome != indicator.Below:
		return ""
	case exact.Level == 0:
		return "a difference, of a figure without an interval"
	case outcome == indicator.Above && *exact.Low <= none, outcome == indicator.Below && *exact.High >= none:
		return fmt.Sprintf("%s, and the interval is [%v, %v]", outcome, *exact.Low, *exact.High)
	}
	return ""
}

// unreason says why the reason that a publication gives for a figure that it does not give
// is not that of the edition, "" where it is.
func unreason(p disclosure.Policy, r, exact indicator.Result) string {
	said := func(r indicator.Result, code string) bool {
		return slices.ContainsFunc(r.Warnings, func(w indicator.Warning) bool { return w.Code == code })
	}
	switch {
	case r.Status == indicator.NotMeasurable && exact.Status != indicator.NotMeasurable:
		return "not measurable, and the edition measures it"
	case r.Status == indicator.NotMeasurable && len(exact.Warnings) > 0 && !said(r, exact.Warnings[0].Code):
		return fmt.Sprintf("not measurable for another reason than %q", exact.Warnings[0].Code)
	case r.Status == indicator.Suppressed && said(r, indicator.CodeTooFew) &&
		exact.N > max(p.Persons.Minimum, p.Persons.School, p.Persons.Stigmatising, 10*p.Persons.Part):
		return fmt.Sprintf("too few, of %d persons", exact.N)
	}
	return ""
}

// denominator is what a share of the edition is a share of. Noise makes it another number than
// the persons behind it; a figure that is no sum over clusters has these alone.
func denominator(t *testing.T, ed *query.Edition, r indicator.Result) float64 {
	t.Helper()
	q, err := question.Lookup(r.Indicator)
	if err != nil || len(r.Group) > 1 {
		return float64(r.N)
	}
	m, _ := q.Measure(r.Measure)
	if m.Estimator != "" || len(m.Sources) != 1 {
		return float64(r.N)
	}
	grouping, group := "all", ""
	for grouping, group = range r.Group {
	}
	rows, err := ed.Sums(t.Context(), m.Sources[0], grouping)
	if err != nil {
		t.Fatal(err)
	}
	total := int64(0)
	for _, row := range rows {
		if row.Group == group && row.Population == r.Population {
			total += row.Y
		}
	}
	if total == 0 {
		return float64(r.N)
	}
	return float64(total)
}

// disagreement says what a published figure and the exact one, a share of so many, disagree
// in, "" for nothing.
func disagreement(p disclosure.Policy, r, exact indicator.Result, of float64) string {
	const rounding = 1e-9
	inside := func(v *float64) bool { return v == nil || *r.Low-rounding <= *v && *v <= *r.High+rounding }
	switch {
	case exact.Status != indicator.Published:
		return "the edition has no such figure"
	case r.Low == nil:
		if r.Estimate != nil && exact.Estimate != nil &&
			math.Abs(*r.Estimate-*exact.Estimate) > rounding+halfStep(p, r, exact, of) {
			return fmt.Sprintf("%v, of the edition %v", *r.Estimate, *exact.Estimate)
		}
		return ""
	case !inside(exact.Estimate):
		return fmt.Sprintf("[%v, %v] without %v", *r.Low, *r.High, *exact.Estimate)
	case r.Level == 0 && exact.Target != r.Target: // a form of protection: less than a bound
		return ""
	case r.Level != exact.Level || r.Target != exact.Target:
		return fmt.Sprintf("level %v of %s, of the edition %v of %s", r.Level, r.Target, exact.Level, exact.Target)
	case !inside(exact.Low) || !inside(exact.High):
		return fmt.Sprintf("[%v, %v], of the edition [%v, %v]", *r.Low, *r.High, *exact.Low, *exact.High)
	}
	return ""
}

// halfStep is how far the rules may take a figure without an interval: half of a whole
// percent and what rounding the two counts of a share does, or half of the last of the
// significant digits; a p-value and a share of persons left out are rounded up, k down.
func halfStep(p disclosure.Policy, r, exact indicator.Result, of float64) float64 {
	q, err := question.Lookup(r.Indicator)
	if err != nil {
		return 0
	}
	m, _ := q.Measure(r.Measure)
	v, half := *exact.Estimate, float64(p.Rounding.Base/2)
	digit := math.Max(0.01, disclosure.Step(v, p.Rounding.SignificantDigits))
	switch {
	case m.Kind == question.Share || m.Kind == question.EventShare:
		return 0.005 + half*(1+v)/math.Max(1, of-half)
	case m.Kind == question.Gap:
		return 0.005
	case m.Kind == question.Coverage, m.Estimator == "leads", m.Estimator == "pairwise":
		return digit
	}
	return digit / 2
}
