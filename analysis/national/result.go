package national

import (
	"maps"
	"math"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/stats"
)

// The targets of an interval, as package indicator writes them.
const (
	targetSchools = "superpopulation of schools"
	targetNone    = "none"
)

// Codes of warnings that only these answers have.
const (
	CodeNoFile     = "no_file"    // not measurable: a file is missing
	CodeBreak      = "break"      // a break of method lies before or inside
	CodeAcross     = "across"     // compared across a break because it was asked for
	CodeStopped    = "stopped"    // not measurable: the feed stood still
	CodeIncomplete = "incomplete" // the school year is not complete
	CodeEcological = "ecological" // speaks of schools, not of families
	CodeIPSYear    = "ips_year"   // the IPS is of another school year
	CodeNoYear     = "no_year"    // not measurable: no school year to compare with
	CodeNoSchool   = "no_school"  // not measurable: no school in the group
	CodeWeekly     = "weekly"     // not measurable: the files are weekly
	CodeNoCalendar = "no_calendar"
	CodeUnknown    = "unknown_column" // a column of visits that is not known
)

const level = 0.95

// group is one key and its value, or several.
type group map[string]string

// and adds a key; an empty value adds none.
func (g group) and(key, value string) group {
	out := group{}
	maps.Copy(out, g)
	if value != "" {
		out[key] = value
	}
	return out
}

// figure is where a result belongs.
type figure struct {
	indicator, measure, population string
	group                          group
}

func (f figure) result() indicator.Result {
	return indicator.Result{Indicator: f.indicator, Edition: "national", Population: f.population, Group: f.group,
		Measure: f.measure, Target: targetNone, Status: indicator.Published, Method: "count"}
}

// counted is a sum or a number of schools: it has no sampling error.
func (f figure) counted(value, schools int64, warnings ...indicator.Warning) indicator.Result {
	r := f.result()
	v := float64(value)
	r.Estimate, r.N, r.Warnings = &v, schools, warnings
	return r
}

// plain is a number without interval.
func (f figure) plain(value float64, schools int64, method string, warnings ...indicator.Warning) indicator.Result {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return f.missing(noSchool())
	}
	r := f.result()
	r.Estimate, r.N, r.Method, r.Warnings = &value, schools, method, warnings
	return r
}

// estimated is a number with the interval of its schools.
func (f figure) estimated(e stats.Estimate, schools int64, warnings ...indicator.Warning) indicator.Result {
	r := f.plain(e.Value, schools, e.Method, warnings...)
	if r.Status != indicator.Published {
		return r
	}
	if e.HasInterval() {
		low, high := e.Low, e.High
		r.Low, r.High, r.Level, r.Target = &low, &high, e.Level, targetSchools
		return r
	}
	r.Warnings = append(r.Warnings, noInterval(e))
	return r
}

// noInterval says why an estimate has no interval.
func noInterval(e stats.Estimate) indicator.Warning {
	for _, w := range e.Warnings {
		if w.Code == stats.FewClusters || w.Code == stats.FewInGroup {
			return indicator.Warning{Code: indicator.CodeFewClusters,
				French: "Moins de %d unités (établissements ou départements) : pas d’intervalle.", Params: []any{stats.MinClusters}}
		}
	}
	return indicator.Warning{Code: indicator.CodeNoInterval, French: "L’intervalle n’est pas défini."}
}

// missing is « non mesurable », and why.
func (f figure) missing(why indicator.Warning) indicator.Result {
	r := f.result()
	r.Status, r.Method, r.Warnings = indicator.NotMeasurable, "", []indicator.Warning{why}
	return r
}

func noSchool() indicator.Warning {
	return indicator.Warning{Code: CodeNoSchool, French: "non mesurable : aucun établissement mesuré dans ce groupe"}
}

// downloads are the files of the portal by kind of input: what to give when one is
// missing.
var downloads = map[string]string{
	"profils":           "https://data.education.gouv.fr/explore/dataset/fr-en-dnma-par-uai-profils/",
	"services":          "https://data.education.gouv.fr/explore/dataset/fr-en-dnma-par-uai-services/",
	"profils_appareils": "https://data.education.gouv.fr/explore/dataset/fr-en-dnma-par-uai-profils-appareils/",
	"ips": "https://data.education.gouv.fr/explore/?q=indices+position+sociale " +
		"(fr-en-ips-ecoles-ap2022, fr-en-ips-colleges-ap2023, fr-en-ips-lycees-ap2023)",
	"calendar": "https://data.education.gouv.fr/explore/dataset/fr-en-calendrier-scolaire/",
	"annuaire": "https://data.education.gouv.fr/explore/dataset/fr-en-annuaire-education/",
}

// noFile says which file is missing and where it is.
func noFile(kind string) indicator.Warning {
	return indicator.Warning{
		Code:   CodeNoFile,
		French: "non mesurable : il manque le fichier « %s » ; à télécharger : %s",
		Params: []any{kind, downloads[kind]},
	}
}

func incomplete(y Year) indicator.Warning {
	return indicator.Warning{Code: CodeIncomplete, French: "Année scolaire %s incomplète : du %s au %s.",
		Params: []any{y.Label, Date(y.First).Format("02/01/2006"), Date(y.Last + 6).Format("02/01/2006")}}
}

// about are the doubts that belong to every figure of a school year.
func (e *Edition) about(year int) []indicator.Warning {
	var out []indicator.Warning
	y := e.Years[year]
	if !y.Complete {
		out = append(out, incomplete(y))
	}
	if y.Break != nil {
		out = append(out, y.Break.warning())
	}
	return out
}
