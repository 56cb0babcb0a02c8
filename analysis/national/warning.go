package national

import (
	"fmt"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/stats"
)

// Codes of warnings that only these answers have.
const (
	CodeNoFile     = "no_file"        // not measurable: a file is missing
	CodeBreak      = "break"          // a break of method lies before or inside
	CodeAcross     = "across"         // compared across a break because it was asked for
	CodeStopped    = "stopped"        // not measurable: the feed stood still
	CodeIncomplete = "incomplete"     // the school year is not complete
	CodeEcological = "ecological"     // speaks of schools, not of families
	CodeIPSYear    = "ips_year"       // the IPS is of another school year
	CodeNoYear     = "no_year"        // not measurable: no school year to compare with
	CodeNoSchool   = "no_school"      // not measurable: no school in the group
	CodeWeekly     = "weekly"         // not measurable: the files are weekly
	CodeUnknown    = "unknown_column" // a column of visits that is not known
)

// sentence is a warning before its parameters, in both languages.
type sentence struct{ code, french, english string }

// with gives a sentence its parameters.
func (s sentence) with(params ...any) indicator.Warning {
	return indicator.Warning{Code: s.code, French: s.french, Params: params}
}

var (
	noFile = sentence{CodeNoFile,
		"non mesurable : il manque le fichier « %s » ; à télécharger : %s",
		"not measurable: the file “%s” is missing; to download: %s"}
	breakMark = sentence{CodeBreak,
		"Rupture de méthode entre %s et %s : le changement de niveau n’est pas un changement d’usage.",
		"Break of method between %s and %s: the change of level is no change of use."}
	breakRefused = sentence{CodeBreak,
		"non mesurable : rupture de méthode entre %s et %s",
		"not measurable: break of method between %s and %s"}
	acrossBreak = sentence{CodeAcross,
		"Comparaison demandée à travers la rupture de méthode entre %s et %s : elle ne dit rien de l’usage.",
		"Compared, as asked, across the break of method between %s and %s: it says nothing of use."}
	stoppedWeek = sentence{CodeStopped,
		"non mesurable : flux arrêté ou fichier tronqué cette semaine",
		"not measurable: the feed stopped or the file was cut this week"}
	stoppedYear = sentence{CodeStopped,
		"non mesurable : le flux « %s » est arrêté en %s ; ce n’est pas zéro",
		"not measurable: the feed “%s” stopped in %s; it is not zero"}
	stoppedFor = sentence{indicator.CodeFeedStopped,
		"Sans %d établissements d’académies dont le flux est arrêté.",
		"Without %d schools of académies whose feed stopped."}
	incompleteYear = sentence{CodeIncomplete,
		"Année scolaire %s incomplète : du %s au %s.",
		"School year %s is not complete: %s to %s."}
	ecological = sentence{CodeEcological,
		"Lien entre établissements, non entre familles : il ne dit pas que les familles d’une position sociale " +
			"viennent plus ou moins.",
		"A link between schools, not families: it does not say that families of one social position come more or less."}
	ipsYear = sentence{CodeIPSYear,
		"IPS de l’année la plus proche : %s pour %d établissements.",
		"IPS of the nearest year: %s for %d schools."}
	noYear = sentence{CodeNoYear,
		"non mesurable : il faut au moins deux années scolaires complètes dans le fichier des profils",
		"not measurable: the file of profiles needs two complete school years at least"}
	noWholeYear = sentence{CodeNoYear,
		"non mesurable : le fichier des profils n’a aucune année scolaire complète avec des visites de parents",
		"not measurable: the file of profiles has no complete school year with visits of parents"}
	outside = sentence{CodeNoYear,
		"non mesurable : « %s » n’est dans aucune année scolaire complète du fichier des profils",
		"not measurable: “%s” is in no complete school year of the file of profiles"}
	noSchool = sentence{CodeNoSchool,
		"non mesurable : aucun établissement mesuré dans ce groupe",
		"not measurable: no school was measured in this group"}
	weekly = sentence{CodeWeekly,
		"non mesurable : les fichiers comptent par semaine, et ne disent pas quand les bulletins paraissent",
		"not measurable: the files count by week, and do not say when report books come out"}
	shortSeries = sentence{indicator.CodeShort,
		"non mesurable : il faut %d semaines de classe avant et après l’événement",
		"not measurable: %d weeks of term are needed before and after the event"}
	noColumn = sentence{indicator.CodeNoFeed,
		"non mesurable : aucun fichier n’a la colonne « %s »",
		"not measurable: no file has the column “%s”"}
	unknownColumn = sentence{CodeUnknown,
		"Colonne inconnue « %s » : elle n’entre dans aucune part.",
		"Unknown column “%s”: it is in no share."}
	fewUnits = sentence{indicator.CodeFewClusters,
		"Moins de %d unités (établissements ou départements) : pas d’intervalle.",
		"Fewer than %d units (schools or départements): no interval."}
	undefined = sentence{indicator.CodeNoInterval, "L’intervalle n’est pas défini.", "The interval is not defined."}
)

// all are the sentences, for English.
func all() []sentence {
	return []sentence{
		noFile, breakMark, breakRefused, acrossBreak, stoppedWeek, stoppedYear, stoppedFor, incompleteYear, ecological,
		ipsYear, noYear, noWholeYear, outside, noSchool, weekly, shortSeries, noColumn, unknownColumn,
		fewUnits, undefined,
	}
}

// English says a warning of these answers in English.
func English(w indicator.Warning) string {
	for _, s := range all() {
		if s.french == w.French {
			return fmt.Sprintf(s.english, w.Params...)
		}
	}
	return w.Sentence()
}

// portal is where the files are.
const portal = "https://data.education.gouv.fr/explore/"

// downloads are the files of the portal by kind of input, by name and place: what to give
// when one is missing.
var downloads = map[string]struct{ name, place string }{
	"profils":           {"fr-en-dnma-par-uai-profils", "dataset/fr-en-dnma-par-uai-profils/"},
	"services":          {"fr-en-dnma-par-uai-services", "dataset/fr-en-dnma-par-uai-services/"},
	"profils_appareils": {"fr-en-dnma-par-uai-profils-appareils", "dataset/fr-en-dnma-par-uai-profils-appareils/"},
	"ips":               {"fr-en-ips-ecoles, -colleges, -lycees", "?q=indices+de+position+sociale"},
	"calendar":          {"fr-en-calendrier-scolaire", "dataset/fr-en-calendrier-scolaire/"},
}

// missingFile says which file is missing and where it is.
func missingFile(kind string) indicator.Warning {
	return noFile.with(downloads[kind].name, portal+downloads[kind].place)
}

// noInterval says why an estimate has no interval.
func noInterval(e stats.Estimate) indicator.Warning {
	for _, w := range e.Warnings {
		if w.Code == stats.FewClusters || w.Code == stats.FewInGroup {
			return fewUnits.with(stats.MinClusters)
		}
	}
	return undefined.with()
}

// about are the doubts that belong to every figure of a school year.
func (e *Edition) about(year int) []indicator.Warning {
	var out []indicator.Warning
	y := e.Years[year]
	if !y.Complete {
		first, last := Date(y.First).Format("02/01/2006"), Date(y.Last+6).Format("02/01/2006")
		out = append(out, incompleteYear.with(y.Label, first, last))
	}
	if y.Break != nil {
		out = append(out, y.Break.Mark())
	}
	return out
}
