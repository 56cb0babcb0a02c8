package audit

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// The figures of a publication are computed again from the edition: what a figure is made of
// is the catalogue's word (Recipe), the arithmetic is written here a second time. What has no
// second arithmetic is said to be not verified, and never to hold.

// tables are what figures are made again from.
type tablesAgain struct {
	sums map[cellOf]moments // of all clusters
	// strata are the rows by level and IPS band, for models.
	strata []edition.SumRow
	times  map[cellOf][]edition.TimeRow // source is the curve
	weeks  []edition.CoverageRow
}

const (
	sumsAgain   = "Les parts, taux, rapports et effets publiés sont ceux que l’audit refait de l’édition."
	weeksAgain  = "Les parts de semaines transmises sont celles que l’audit recompte de la couverture de l’édition."
	livesAgain  = "Les chiffres lus sur une table de survie sont ceux que l’audit refait de l’édition."
	modelsAgain = "Les rapports de cotes publiés sont ceux d’une régression que l’audit refait de l’édition."
	othersAgain = "Les chiffres d’autres formes (comptages, inégalités, corrélations, tests) ne sont refaits que par " +
		"le même programme."
)

// checkValues computes the published figures again.
func (p *publication) checkValues() {
	if len(p.recipes) == 0 {
		return
	}
	t, err := p.tablesAgain()
	if err != nil {
		p.claim("values.sums", sumsAgain, 0, false, "Les tables de l’édition de recherche ne peuvent pas être lues.")
		return
	}
	if t == nil {
		p.report.open("L’édition de recherche n’a pas été donnée à l’audit : aucun chiffre n’a été refait.")
		return
	}
	tried, wrong := map[string]int64{}, map[string][]string{}
	others := map[string]int64{}
	for _, r := range p.results {
		if r.Status != "published" || r.Edition != edition.KindResearch {
			continue
		}
		recipe, ok := p.recipes[r.Indicator+"."+r.Measure]
		v, class := made{number: math.NaN()}, ""
		if ok {
			v, class = t.again(recipe, r, t.sums)
		}
		if class == "" || math.IsNaN(v.number) {
			others[recipe.Estimator]++
			continue
		}
		tried[class]++
		if !p.agrees(r, recipe, v) {
			wrong[class] = append(wrong[class], r.String())
		}
	}
	for _, c := range []struct{ id, title string }{
		{"values.sums", sumsAgain}, {"values.lives", livesAgain}, {"values.models", modelsAgain},
		{"values.weeks", weeksAgain},
	} {
		p.claim(c.id, c.title, tried[c.id], len(wrong[c.id]) == 0, outcome("Tous.", named("autrement", wrong[c.id])),
			num("refaits", tried[c.id]), num("autrement", int64(len(wrong[c.id]))))
	}
	var names []string
	left := int64(0)
	for _, name := range sortedKeys(others) {
		names, left = append(names, fmt.Sprintf("%s (%d)", strings.TrimSpace(name+" "), others[name])),
			left+others[name]
	}
	p.report.claim(publicationName, "values.others", othersAgain, Unverifiable, 0, true,
		fmt.Sprintf("%d chiffres non vérifiés par un second calcul : %s.", left, strings.Join(names, ", ")),
		num("non vérifiés", left))
}

// made is a figure computed again, and the least denominator that it rests on.
type made struct{ number, least float64 }

// again is a figure computed again, and the claim that it belongs to; "" of what is not.
func (t *tablesAgain) again(recipe Recipe, r result, sums map[cellOf]moments) (made, string) {
	out := made{math.NaN(), float64(r.N)}
	grouping, group := "all", ""
	for k, v := range r.Group {
		grouping, group = k, v
	}
	if len(r.Group) > 1 || recipe.Apart {
		return out, ""
	}
	at := cellOf{"", r.Population, grouping, group}
	switch recipe.Estimator {
	case "life", "life_quantile":
		out.number = t.life(recipe, at)
		return out, "values.lives"
	case "feeds":
		out.number, out.least = t.transmitted(group), math.Inf(1) // weeks are not rounded
		return out, "values.weeks"
	case "logit":
		out.number = t.odds(recipe, r)
		return out, "values.models"
	case "event_study", "imbalance", "pairwise", "relative_magnitudes":
		at.grouping, at.group = "all", ""
	case "naive_ratio":
		at.population = edition.PopAll
	case "":
		if !slices.Contains([]string{"share", "event_share", "rate"}, recipe.Kind) {
			return out, ""
		}
	}
	form, ok := forms[recipe.Estimator]
	if !ok {
		return out, ""
	}
	out.number = form(recipe, group, func(source string) moments {
		at.source = source
		if s, ok := sums[at]; ok {
			out.least = math.Min(out.least, s.y)
			return s
		}
		return moments{math.NaN(), math.NaN(), math.NaN()}
	})
	return out, "values.sums"
}

// agrees reports whether a published figure is v as it is rounded, and v lies in its interval.
// Both counts are rounded to the base of the rules, then shares to whole percents, and other
// figures to the significant digits of the rules or to a step that follows their interval.
func (p *publication) agrees(r result, recipe Recipe, again made) bool {
	v := again.number
	if recipe.Kind == "share" || recipe.Kind == "event_share" { // noise may carry a count past its whole
		v = math.Max(0, math.Min(1, v))
	}
	if recipe.Kind == "coverage" && v < 1 { // what lacks a week is not said to be whole
		v = math.Min(v, 0.99)
	}
	base := float64(p.rules.half() + 1)
	counts := base * (1 + math.Abs(v)) / math.Max(1, again.least-base) // of rounding them
	slack := 1e-9
	if r.Level == 0 || r.Estimate == nil { // bounds of a share of nearly nobody or nearly everybody
		slack += counts
	}
	if r.Low != nil && v < *r.Low-slack || r.High != nil && v > *r.High+slack {
		return false
	}
	if r.Estimate == nil {
		return r.Low != nil || r.High != nil
	}
	half := 0.005 // whole percents and points, two decimals
	if !slices.Contains([]string{"share", "event_share", "gap", "coverage"}, recipe.Kind) {
		leading := math.Floor(math.Log10(math.Abs(*r.Estimate)))
		half = math.Max(half, math.Pow(10, leading+1-float64(p.rules.Rounding.Digits))/2)
		if r.Low != nil && r.High != nil {
			half = math.Max(half, (*r.High-*r.Low)/20)
		}
	}
	return math.Abs(*r.Estimate-v) <= half+counts+1e-9
}

// tablesAgain reads the tables of the research edition; nil when it was not given.
func (p *publication) tablesAgain() (*tablesAgain, error) {
	for _, f := range p.editions {
		if f.manifest.Kind != edition.KindResearch {
			continue
		}
		t := &tablesAgain{sums: map[cellOf]moments{}, times: map[cellOf][]edition.TimeRow{}}
		err := eachRowOf(f.content[edition.TableSums+".parquet"], func(r edition.SumRow) {
			at := cellOf{r.Measure, r.Population, r.Grouping, r.Group}
			t.sums[at] = t.sums[at].plus(r)
			if r.Grouping == "stratum" {
				t.strata = append(t.strata, r)
			}
		})
		if err != nil {
			return nil, err
		}
		if t.weeks, err = readRows[edition.CoverageRow](f.content[edition.TableCoverage+".parquet"]); err != nil {
			return nil, err
		}
		return t, eachRowOf(f.content[edition.TableTimes+".parquet"], func(r edition.TimeRow) {
			at := cellOf{r.Curve, "", r.Grouping, r.Group}
			t.times[at] = append(t.times[at], r)
		})
	}
	return nil, nil
}

// transmitted is the share of the expected school weeks that a feed sent, or that carried
// the grades of whatever feed. Feeds in brackets are none: they count schools over the window.
func (t *tablesAgain) transmitted(name string) float64 {
	const grades = 3
	var sent, expected float64
	for _, w := range t.weeks {
		ofFeed := w.Service == 0 && w.Feed == name
		ofGrades := w.Service == grades && name == "grades"
		if (ofFeed || ofGrades) && !strings.HasPrefix(w.Feed, "(") {
			sent, expected = sent+float64(w.Reporting), expected+float64(w.Expected)
		}
	}
	return sent / expected
}
