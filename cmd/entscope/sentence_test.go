package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// A figure as the report publishes it: its sentences, and the results that they read.
type publishedFigure struct {
	Figure  string             `json:"figure"`
	Reading []string           `json:"reading"`
	Results []indicator.Result `json:"results"`
}

// falseSentences says which sentences of the figures of a report say what their figures do
// not: a number that is none of theirs in the unit of their kind; the lowest and the highest
// group with others' names or values; a word of comparison that no test gave; a point for
// non-use where bounds stand first.
func falseSentences(t *testing.T, published string, comparisons []indicator.Comparison) (read int, faults []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(published, "report", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no figures in %s: %v", published, err)
	}
	figures := map[string]publishedFigure{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var f publishedFigure
		if err := json.Unmarshal(data, &f); err != nil {
			t.Fatal(err)
		}
		f.Results = slices.DeleteFunc(f.Results, func(r indicator.Result) bool {
			return r.Status != indicator.Published
		})
		figures[f.Figure] = f
		read += len(f.Reading)
		said := f.falseNumbers()
		said = append(said, f.falseExtremes(comparisons)...)
		said = append(said, f.falseOutcomes(comparisons)...)
		for _, fault := range said {
			faults = append(faults, f.Figure+": "+fault)
		}
	}
	faults = append(faults, falseRanges(figures)...)
	front, err := os.ReadFile(filepath.Join(published, "report", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range headlines.FindAllSubmatch(front, -1) {
		sentence := plain(tags.ReplaceAllString(string(m[1]), ""))
		if read++; strings.Contains(sentence, "jamais") && !nonUse.MatchString(sentence) {
			faults = append(faults, "non-use without its bounds or its window: "+sentence)
		}
		if strings.Contains(sentence, "accompagnement") {
			faults = append(faults, falseEffect(figures, sentence)...)
		}
	}
	return read, faults
}

// falseRanges are the ranges over thresholds that are not those of the figure of thresholds.
func falseRanges(figures map[string]publishedFigure) (faults []string) {
	grid := figures["N5-seuils"].Results
	for _, sentence := range figures["N5-tres-frequent"].Reading {
		s := plain(sentence)
		m := thresholds.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		found := false
		for _, population := range []string{"pairs", "active_pairs"} {
			low, high, n := math.Inf(1), math.Inf(-1), 0
			for _, r := range grid {
				if r.Population != population || r.Status != indicator.Published || len(r.Group) > 0 {
					continue
				}
				n++
				for _, v := range []*float64{r.Estimate, r.Low, r.High} {
					if v != nil && (r.Estimate == nil || v == r.Estimate) {
						low, high = min(low, 100**v), max(high, 100**v)
					}
				}
			}
			found = found || math.Abs(low-decimal(m[1])) < 1e-6 && math.Abs(high-decimal(m[2])) < 1e-6 &&
				decimal(m[3]) == float64(n)
		}
		if !found {
			faults = append(faults, "not the range of the thresholds: "+s)
		}
	}
	return faults
}

// falseEffect says what the first sentence on accompaniment lacks, or says wrong: the interval
// of the effect, and the joint test of the weeks before.
func falseEffect(figures map[string]publishedFigure, sentence string) (faults []string) {
	of := func(figure, measure string) *indicator.Result {
		for _, r := range figures[figure].Results {
			if r.Measure == measure && r.Status == indicator.Published && len(r.Group) == 0 {
				return &r
			}
		}
		return nil
	}
	effect, test := of("A2-effet", "rate_ratio"), of("A2-avant", "leads_p")
	m := effects.FindStringSubmatch(sentence)
	if interval := effect != nil && effect.Level > 0; interval != (m != nil) {
		return []string{"an interval there or not: " + sentence}
	}
	if m != nil && (math.Abs(decimal(m[1])-*effect.Low) > 1e-6 || math.Abs(decimal(m[2])-*effect.High) > 1e-6) {
		faults = append(faults, fmt.Sprintf("not [%v, %v]: %s", *effect.Low, *effect.High, sentence))
	}
	m = jointTest.FindStringSubmatch(sentence)
	if tested := test != nil; tested != (m != nil) {
		return append(faults, "a joint test there or not: "+sentence)
	}
	if m != nil && math.Abs(decimal(m[1])-*test.Estimate) > 1e-6 {
		faults = append(faults, fmt.Sprintf("not p = %v: %s", *test.Estimate, sentence))
	}
	return faults
}

// plain is a sentence with simple spaces.
func plain(s string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", "", "−", "-").Replace(s)
}

func decimal(t string) float64 {
	v, err := strconv.ParseFloat(strings.ReplaceAll(t, ",", "."), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

const numeral = `(-?\d+(?:,\d+)?)`

var (
	labels    = regexp.MustCompile(`\((?:[^i)][^)]*|i[^n)][^)]*)\)|intervalle à 95 %`)
	headlines = regexp.MustCompile(`(?s)<p class="what">(.*?)</p>`)
	tags      = regexp.MustCompile(`<[^>]*>`)
	nonUse    = regexp.MustCompile(`[Ee]ntre \d+ et \d+ % .* en \d+ semaines`)
	withUnit  = regexp.MustCompile(`(?:` + numeral + ` (?:à|et) )?` + numeral + ` (%|points?)`)
	timesUnit = regexp.MustCompile(`× ` + numeral)
	// a range over thresholds is of another figure: see falseRanges
	thresholds = regexp.MustCompile(`, et de ` + numeral + ` à ` + numeral + ` % selon les seuils \((\d+) combinaisons\)`)
	effects    = regexp.MustCompile(`intervalle à 95 % : de (?:plus de )?` + numeral + ` à (?:moins de )?× ` + numeral)
	jointTest  = regexp.MustCompile(`se verraient par hasard avec une probabilité de ` + numeral)
	extremes   = regexp.MustCompile(`^Par ([^:]*?) : de (?:× )?` + numeral + `(?: %)? \((.*?)\) à (?:× )?` + numeral +
		`(?: %| points?)? \((.*?)\)(?: ; (.*))?\.$`)
)

// falseNumbers are the numbers with a unit that no result of the figure has. A sum says
// « environ », and a number that the catalogue's own words hold is a constant.
func (f publishedFigure) falseNumbers() (faults []string) {
	units := map[string][]float64{}
	for _, r := range f.Results {
		unit, factor := "×", 1.0
		switch kindOf(r) {
		case question.Share, question.EventShare, question.Bounds, question.Coverage, question.Quantile:
			unit, factor = "%", 100
		case question.Gap, question.Difference, question.Index:
			unit, factor = "points", 100
		}
		for _, v := range []*float64{r.Estimate, r.Low, r.High} {
			if v != nil {
				units[unit] = append(units[unit], factor**v)
			}
		}
	}
	known := func(number, unit string) bool {
		return slices.ContainsFunc(units[unit], func(v float64) bool { return math.Abs(v-decimal(number)) < 1e-6 })
	}
	for _, sentence := range f.Reading {
		s := labels.ReplaceAllString(thresholds.ReplaceAllString(plain(sentence), ""), "")
		if strings.HasPrefix(s, "Environ ") || strings.Contains(s, "le hasard seul le ferait dire de moins de 5 %") ||
			strings.Contains(s, "Le repère de") {
			continue
		}
		for _, m := range withUnit.FindAllStringSubmatch(s, -1) {
			unit := strings.TrimSuffix(m[3], "s")
			if unit == "point" {
				unit = "points"
			}
			for _, number := range m[1:3] {
				if number != "" && !known(number, unit) {
					faults = append(faults, fmt.Sprintf("%s %s is no figure: %s", number, unit, s))
				}
			}
		}
		for _, m := range timesUnit.FindAllStringSubmatch(s, -1) {
			if !known(m[1], "×") {
				faults = append(faults, fmt.Sprintf("× %s is no figure: %s", m[1], s))
			}
		}
	}
	return faults
}

func kindOf(r indicator.Result) question.Kind {
	q, err := question.Lookup(r.Indicator)
	if err != nil {
		return ""
	}
	m, _ := q.Measure(r.Measure)
	return m.Kind
}

// saidOf are the words of what a test of the lowest and the highest group gave.
var saidOf = map[indicator.Outcome]string{
	indicator.Differs:   "l’écart dépasse ce que le hasard",
	indicator.NotShown:  "aucune différence n’est établie",
	indicator.NotTested: "écart non testé",
	"":                  "écart non testé",
}

// groupingsSaid are the groupings as sentences call them.
var groupingsSaid = map[string]string{
	"niveau": "level", "position sociale": "ips_band", "éducation prioritaire": "ep", "ancienneté": "seniority",
	"nombre d’ENT": "products", "source de données": "feed", "semaine": "week", "classe": "grade",
}

// falseExtremes are the sentences on groups whose ends are not the least and the largest
// value, or whose word is not that of the test.
func (f publishedFigure) falseExtremes(comparisons []indicator.Comparison) (faults []string) {
	for _, sentence := range f.Reading {
		s := plain(sentence)
		m := extremes.FindStringSubmatch(s)
		if m == nil || len(f.Results) == 0 {
			continue
		}
		grouping := ""
		for words, name := range groupingsSaid {
			if strings.Contains(m[1], words) {
				grouping = name
			}
		}
		first := f.Results[0]
		var values []float64
		for _, r := range f.Results {
			if _, ok := r.Group[grouping]; ok && r.Measure == first.Measure && r.Population == first.Population &&
				r.Estimate != nil {
				values = append(values, *r.Estimate)
			}
		}
		if grouping == "" || len(values) == 0 {
			continue
		}
		factor := 1.0
		if strings.Contains(m[0], "%") {
			factor = 100
		}
		if math.Abs(decimal(m[2])-factor*slices.Min(values)) > 1e-6 ||
			math.Abs(decimal(m[4])-factor*slices.Max(values)) > 1e-6 {
			faults = append(faults, fmt.Sprintf("not from %v to %v: %s", slices.Min(values), slices.Max(values), s))
		}
		var outcome indicator.Outcome
		for _, c := range comparisons {
			if c.Lowest != "" && c.Indicator == first.Indicator && c.Measure == first.Measure &&
				c.Population == first.Population && c.Grouping == grouping {
				outcome = c.Outcome
			}
		}
		if m[6] != "" && !strings.Contains(m[6], saidOf[outcome]) {
			faults = append(faults, fmt.Sprintf("the test said %q: %s", outcome, s))
		}
	}
	return faults
}

// falseOutcomes are the lists of established and missing differences that are longer or
// shorter than the tests of the figure against « no effect » say.
func (f publishedFigure) falseOutcomes(comparisons []indicator.Comparison) (faults []string) {
	counts := map[string]int{}
	for _, c := range comparisons {
		at := slices.IndexFunc(f.Results, func(r indicator.Result) bool {
			return cellKey(r.Indicator, r.Population, r.Group, r.Measure) ==
				cellKey(c.Indicator, c.Population, c.Group, c.Measure)
		})
		if c.Lowest != "" || at < 0 || f.Results[at].Population != f.Results[0].Population {
			continue
		}
		switch c.Outcome {
		case indicator.Above, indicator.Below:
			counts["Différence établie"]++
		case indicator.NotShown:
			counts["Aucune différence établie"]++
		}
	}
	for words, want := range counts {
		for _, sentence := range f.Reading {
			s := plain(sentence)
			if !strings.HasPrefix(s, words) {
				continue
			}
			if names := strings.Count(s, " ; ") + 1; names != want {
				faults = append(faults, fmt.Sprintf("%d tests: %s", want, s))
			}
		}
	}
	return faults
}

// The check itself finds one change in true sentences.
func TestFalseSentencesAreFound(t *testing.T) {
	value := func(v float64, group map[string]string) indicator.Result {
		return indicator.Result{Indicator: "L2", Measure: "never", Population: "all_accounts", Group: group,
			Estimate: &v,
			Status:   indicator.Published}
	}
	level := func(name string) map[string]string { return map[string]string{"level": name} }
	comparison := []indicator.Comparison{{Indicator: "L2", Measure: "never", Population: "all_accounts",
		Grouping: "level", Lowest: "college", Highest: "ecole", Outcome: indicator.Differs}}
	for name, c := range map[string]struct {
		sentence string
		faults   int
	}{
		"true":             {"Par niveau : de 38 % (Collège) à 51 % (École) ; l’écart dépasse ce que le hasard explique.", 0},
		"another number":   {"39 % des parents ne se sont jamais connectés.", 1},
		"another unit":     {"38 points des parents ne se sont jamais connectés.", 1},
		"another end":      {"Par niveau : de 38 % (Collège) à 45 % (Lycée) ; l’écart dépasse ce que le hasard explique.", 1},
		"another word":     {"Par niveau : de 38 % (Collège) à 51 % (École) ; aucune différence n’est établie.", 1},
		"a label's number": {"38 % des parents (25 % des jours) ne se sont jamais connectés.", 0},
	} {
		f := publishedFigure{Reading: []string{c.sentence}, Results: []indicator.Result{
			value(0.38, level("college")), value(0.45, level("lycee")), value(0.51, level("ecole"))}}
		if got := append(f.falseNumbers(), f.falseExtremes(comparison)...); len(got) != c.faults {
			t.Errorf("%s: %v", name, got)
		}
	}
}
