package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/plan"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// What was planned is marked where it stands: beside each family of tests, under each
// question that was not planned, and once for the whole report.

// families says which tests of a figure were corrected together, and what was declared of
// them before the edition was opened.
func (d *drawer) families(s spec) []string {
	if s.form == question.Multiples {
		return nil // its cells are not tested
	}
	var out []string
	seen := map[string]bool{}
	for _, c := range d.comparisons {
		if c.Indicator != s.indicator || !s.shows(c.Measure) || c.Tests == 0 || seen[c.Family] {
			continue
		}
		seen[c.Family] = true
		if text := d.family(c); !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// family words one family of tests.
func (d *drawer) family(c indicator.Comparison) string {
	number := fmt.Sprintf(d.lang.T("%d comparaisons", "%d comparisons"), c.Tests)
	if c.Tests == 1 {
		number = d.lang.T("1 comparaison", "1 comparison")
	}
	text := number + d.declaredAs(c)
	switch {
	case c.Tests == 1:
		return text + "."
	case c.Primary:
		return text + d.lang.T(" ; jugées ensemble (Holm).", "; judged together (Holm).")
	}
	return text + d.lang.T(" ; jugées ensemble : une sur vingt des différences établies peut être fausse.",
		"; judged together: one in twenty of the differences shown may be false.")
}

// declaredAs says what a plan, or the catalogue for want of one, says of a family.
func (d *drawer) declaredAs(c indicator.Comparison) string {
	many := func(one, several string) string {
		if c.Tests == 1 {
			return one
		}
		return several
	}
	planned := d.plan != nil && d.plan.Family(c.Family)
	switch {
	case d.plan == nil && c.Primary:
		return d.lang.T(
			many(" principale", " principales")+" dans le catalogue d’entscope ; l’étude n’a déposé aucun plan",
			" primary in entscope's catalogue; the study registered no plan")
	case d.plan == nil:
		return d.lang.T(many(" exploratoire", " exploratoires"), ", exploratory")
	case !planned:
		return d.lang.T(many(" exploratoire", " exploratoires")+", hors du plan d’analyse",
			", exploratory, not in the plan")
	case c.Primary && d.plan.Order == plan.Before:
		return d.lang.T(many(" déclarée principale", " déclarées principales")+" dans le plan, avant l’édition",
			" declared primary in the plan, before the edition")
	case c.Primary:
		return d.lang.T(many(" déclarée principale", " déclarées principales")+" dans un plan écrit après l’édition",
			" declared primary in a plan written after the edition")
	case d.plan.Order == plan.Before:
		return d.lang.T(many(" exploratoire, prévue", " exploratoires, prévues")+" au plan avant l’édition",
			", exploratory, planned before the edition")
	}
	return d.lang.T(many(" exploratoire", " exploratoires")+", dans un plan écrit après l’édition",
		", exploratory, in a plan written after the edition")
}

// unplanned says of a question that it was not planned, or is not what was planned; "" when
// it is, or when there is no plan.
func (d *drawer) unplanned(id string) string {
	if d.plan == nil {
		return ""
	}
	switch planned, same := d.plan.Planned(id); {
	case !planned:
		return d.lang.T("Cette question n’était pas au plan d’analyse.", "This question was not in the analysis plan.")
	case !same:
		return d.lang.T("La définition de cette question a changé depuis le plan d’analyse.",
			"The definition of this question has changed since the analysis plan.")
	}
	return ""
}

// order says in short whether a plan came before the edition.
func (v *volume) order() string {
	switch {
	case v.plan == nil:
		return v.lang.T("Aucun plan d’analyse n’a été déposé avant l’ouverture de ces données.",
			"No analysis plan was registered before these data were opened.")
	case v.plan.Order == plan.Before:
		return v.lang.T("Un plan d’analyse a été écrit avant l’ouverture de ces données.",
			"An analysis plan was written before these data were opened.")
	}
	return v.lang.T("Le plan d’analyse a été écrit après l’ouverture de ces données.",
		"The analysis plan was written after these data were opened.")
}

// expectedFalse says how many of the differences that the pages show are expected to be none:
// of those of exploratory families the share q that Benjamini and Hochberg's method lets pass.
// A page shows the widest of the gaps of a grouping, the last to be false: it is at most that.
func (v *volume) expectedFalse() string {
	found, primary := 0, 0
	for _, c := range v.comparisons {
		switch {
		case c.Outcome != indicator.Differs && c.Outcome != indicator.Above && c.Outcome != indicator.Below:
		case c.Primary:
			primary++
		default:
			found++
		}
	}
	if found+primary == 0 {
		return ""
	}
	text := fmt.Sprintf(v.lang.T("Écarts dits établis : %d, dont %d dans une famille principale",
		"Gaps said to be shown: %d, of which %d in a primary family"), found+primary, primary)
	if found == 0 {
		return text + "."
	}
	return text + fmt.Sprintf(v.lang.T(" ; des %d autres, %s au plus sont faux en moyenne (%s des écarts dits établis).",
		"; of the other %d, %s at most are false on the average (%s of the gaps said to be established)."), found,
		v.lang.Number(indicator.FalseDifferences*float64(found), 1), v.lang.Percent(100*indicator.FalseDifferences))
}

// registered says once what was planned and when.
func (v *volume) registered() []string {
	if v.plan == nil {
		return []string{v.lang.T("Aucun plan d’analyse n’a été déposé avant l’ouverture de l’édition : ce que ces "+
			"pages disent « principal » l’est dans le catalogue d’entscope.",
			"No analysis plan was registered before the edition "+
				"was opened: what these pages call primary is so in entscope's catalogue.")}
	}
	p := v.plan.Plan
	primary := 0
	for _, f := range p.Families {
		if f.Primary {
			primary++
		}
	}
	out := []string{fmt.Sprintf(v.lang.T("Plan d’analyse du %s (date donnée par ses auteurs) : %d questions, %d "+
		"familles de comparaisons (principales : %d). Son texte est dans manifest.json.",
		"Analysis plan of %s (the date is its "+
			"authors'): %d questions, %d families of comparisons (primary: %d). Its text is in manifest.json."),
		v.lang.Date(p.Study.Written), len(p.Questions), len(p.Families), primary)}
	switch {
	case v.plan.Order == plan.Before:
		out = append(out, v.lang.T("Il précède l’édition, dont le manifeste porte son empreinte.",
			"It came before the edition, whose manifest holds its hash."))
	case len(v.plan.Earlier) > 0:
		out = append(out, v.lang.T("Il a été écrit alors qu’une édition de la période existait déjà : ",
			"It was written when an edition of the period was there already: ")+strings.Join(v.plan.Earlier, ", ")+
			v.lang.T(". Rien ici n’est confirmatoire.", ". Nothing here is confirmatory."))
	default:
		out = append(out, v.lang.T(
			"Il a été écrit après l’édition, qui ne le connaît pas. Rien ici n’est confirmatoire.",
			"It was written after the edition, which does not know it. Nothing here is confirmatory."))
	}
	for _, departed := range []struct {
		is   bool
		text question.Text
	}{
		{!v.plan.Window, question.Text{FR: "La période ou la population n’est plus celle du plan.",
			EN: "The window or the population is no longer that of the plan."}},
		{!v.plan.Configuration,
			question.Text{FR: "Les sources, les règles ou les questions de l’étude ont changé depuis " +
				"le plan.", EN: "The sources, the rules or the questions of the study have changed since the plan."}},
	} {
		if departed.is {
			out = append(out, v.words(departed.text))
		}
	}
	if outside := v.outside(); len(outside) > 0 {
		out = append(out, v.lang.T("Hors du plan, ou redéfinies depuis : ", "Not in the plan, or defined anew since: ")+
			v.lang.List(outside)+".")
	}
	return out
}

// outside are the questions of the report that are not those of the plan.
func (v *volume) outside() []string {
	var out []string
	for _, c := range v.chapters {
		if v.unplanned(c.ID) != "" {
			out = append(out, wording.Inert(c.ID))
		}
	}
	return out
}
