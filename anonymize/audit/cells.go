package audit

import (
	"context"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entscope/entscope/anonymize/edition"
)

// tableNames are the plural French names of the cell tables.
var tableNames = map[string]string{
	edition.TableSums: "sommes par grappe", edition.TableTimes: "courbes de délai", edition.TableWeeks: "semaines",
	edition.TableSchoolMeasures: "mesures par établissement", edition.TableCoverage: "couvertures",
}

// checkCells recounts the thresholds of every cell table.
func (a *auditor) checkCells(ctx context.Context, p *Product) error {
	t, noise := a.manifest.Thresholds, int64(math.Ceil(1000*a.manifest.Perturbation.Variance))
	first, last := dayNumber(a.manifest.Start), dayNumber(a.manifest.End)
	for _, c := range []struct {
		table string
		args  []any
	}{
		{edition.TableSums, []any{t.CellPersons, t.CellPersons, noise, noise}},
		{edition.TableTimes, []any{t.CellPersons}},
		{edition.TableWeeks, []any{t.StaffPersons, t.CellPersons, first, last - 6}}, // whole weeks
		{edition.TableSchoolMeasures, []any{t.SchoolPersons}},
		{edition.TableCoverage, []any{first - 6, last}},
	} {
		if !a.has(c.table) {
			continue
		}
		var got []int64
		if err := a.rows(ctx, c.table+"_cells", func(ints []int64, _ []string) { got = ints }, c.args...); err != nil {
			return err
		}
		if c.table == edition.TableSums || c.table == edition.TableSchoolMeasures {
			faults, err := a.noisySums(c.table)
			if err != nil {
				return err
			}
			got = append(got, faults)
		}
		a.judgeCells(c.table, got)
	}
	if a.manifest.Kind == edition.KindSchools && a.has(edition.TableCoverage) && a.has(edition.TableSchoolMeasures) {
		return a.checkNamedCoverage(ctx)
	}
	return nil
}

// checkNamedCoverage: by the name of a school, coverage says no more than that enough persons came in a week. How many
// came is on the other side of the wall.
func (a *auditor) checkNamedCoverage(ctx context.Context) error {
	var got []int64
	if err := a.rows(ctx, "coverage_schools", func(ints []int64, _ []string) { got = ints }); err != nil {
		return err
	}
	a.claim("threshold.coverage", "Par établissement, la couverture ne nomme aucun service, et seulement des "+
		"établissements qui ont des mesures.", Proved, got[0], got[1]+got[2]+got[3] == 0,
		fmt.Sprintf("%d lignes : %d nomment un service, %d un établissement sans mesure, %d une source qui n’y "+
			"transmet rien.", got[0], got[1], got[2], got[3]))
	return nil
}

// dayNumber is a day in days since 1970-01-01; 0 of what is none.
func dayNumber(text string) int64 {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0
	}
	return day.Unix() / (24 * 3600)
}

func (a *auditor) judgeCells(table string, got []int64) {
	t := a.manifest.Thresholds
	promise := fmt.Sprintf("Chaque cellule des %s repose sur au moins %d personnes distinctes.", tableNames[table],
		t.CellPersons)
	switch table {
	case edition.TableCoverage:
		a.claim("arithmetic.coverage", "Les comptes de la couverture sont possibles.", Proved, got[0], got[1] == 0,
			faults(got[1]), num("lignes", got[0]))
		a.claim("week.coverage", "La couverture ne nomme aucun moment plus fin qu’une semaine.", Proved, got[0],
			got[2] == 0, faults(got[2]))
		return
	case edition.TableSchoolMeasures:
		promise = fmt.Sprintf("Chaque cellule des %s repose sur au moins %d personnes distinctes.", tableNames[table],
			t.SchoolPersons)
	case edition.TableWeeks:
		promise = fmt.Sprintf("Chaque cellule des %s repose sur au moins %d personnes distinctes, celles des "+
			"personnels sur au moins %d.", tableNames[table], t.CellPersons, t.StaffPersons)
	}
	a.claim("threshold."+table, promise, Proved, got[0],
		got[2] == 0, fmt.Sprintf("%d cellules, la plus petite de %d personnes ; %d sous le seuil.", got[0], got[1],
			got[2]),
		num("cellules", got[0]), num("plus petite", got[1]), num("sous le seuil", got[2]))
	arithmetic := got[3]
	switch table {
	case edition.TableSums:
		arithmetic = got[4] + got[5] + got[6]
		if got[3] > 0 {
			a.open(fmt.Sprintf("%d cellules des sommes réunissent moins de familles que le seuil de personnes : deux "+
				"responsables d’une famille y comptent pour deux.", got[3]))
		}
	case edition.TableWeeks:
		a.claim("week.weeks", "Les semaines sont nommées par leur lundi ; aucun moment plus fin.", Proved, got[0],
			got[4] == 0, faults(got[4]))
	case edition.TableSchoolMeasures:
		arithmetic += got[5]
		if got[4] > 0 {
			a.open(fmt.Sprintf("%d cellules d’établissement où tous, ou aucun, font la même chose : elles ne sortent "+
				"des tableaux de bord que sous la forme « moins de » ou « plus de ».", got[4]))
		}
	}
	a.claim("arithmetic."+table, "Les colonnes des "+tableNames[table]+" s’accordent entre elles (totaux, carrés, "+
		"histogrammes).", Proved, got[0], arithmetic == 0, faults(arithmetic))
}

func faults(n int64) string {
	if n == 0 {
		return "Aucun écart."
	}
	return fmt.Sprintf("%d lignes en défaut.", n)
}

var month = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])$`)

// checkMeasures holds the tables to the approved list of measures, populations,
// groupings and periods.
func (a *auditor) checkMeasures(ctx context.Context, _ *Product) error {
	for _, table := range []string{edition.TableSums, edition.TableSchoolMeasures} {
		if !a.has(table) {
			continue
		}
		schools := table == edition.TableSchoolMeasures
		var wrong []string
		n, finer := 0, 0
		err := a.rows(ctx, table+"_keys", func(_ []int64, texts []string) {
			n++
			if !slices.Contains(populationsOf(texts[0], schools), texts[1]) {
				wrong = append(wrong, texts[0]+"/"+texts[1])
			}
			if schools && texts[2] != a.manifest.Term && !(month.MatchString(texts[2]) && a.inWindow(texts[2])) {
				finer++
			}
		})
		if err != nil {
			return err
		}
		a.claim("measures."+table, "Les mesures des "+tableNames[table]+" sont toutes sur la liste approuvée, pour "+
			"les populations approuvées.", Proved, int64(n),
			len(wrong) == 0, outcome("Toutes sont sur la liste.", named("hors liste", unique(wrong))),
			num("mesures × populations", int64(n)))
		if table == edition.TableSums && a.manifest.Perturbation.Variance > 0 {
			if err := a.checkBins(ctx); err != nil {
				return err
			}
		}
		if schools {
			a.claim("period."+table, "Les périodes des établissements sont le trimestre ou le mois.", Proved, int64(n),
				finer == 0, faults(int64(finer)))
		}
	}
	return nil
}

// checkBins holds the bins of sums to the measures whose questions read them.
func (a *auditor) checkBins(ctx context.Context) error {
	var wrong []string
	n := 0
	err := a.rows(ctx, "sums_bins", func(_ []int64, texts []string) {
		n++
		if m, _ := edition.FindMeasure(texts[0]); !m.Bins {
			wrong = append(wrong, texts[0])
		}
	})
	a.claim("bins.sums", "Seules les mesures dont une question lit la répartition sortent par tranches.", Proved,
		int64(n), len(wrong) == 0, outcome("Toutes sont sur la liste.", named("hors liste", wrong)), num("mesures", int64(n)))
	return err
}

// What a text of an edition must not look like.
var forbiddenValues = []struct {
	what    string
	pattern *regexp.Regexp
}{
	{"empreinte ou pseudonyme",
		regexp.MustCompile(`(?i)\b[0-9a-f]{16,63}\b|\b[0-9a-f]{65,}\b|\b[a-z2-7]{26,}\b|\b[A-Za-z0-9+/]{22}==`)},
	{"identifiant universel",
		regexp.MustCompile(`(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)},
	{"adresse électronique", regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}`)},
	{"numéro", regexp.MustCompile(`\b[0-9]{9,}[A-Z]{0,2}\b`)},
	{"téléphone", regexp.MustCompile(`\b0[1-9]([ .-]?[0-9]{2}){4}\b`)},
	{"adresse IP", regexp.MustCompile(`\b([0-9]{1,3}\.){3}[0-9]{1,3}\b`)},
	{"moment précis", regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}`)},
}

var uaiPattern = regexp.MustCompile(`\b[0-9]{7}[A-Z]\b`)

// checkTexts reads every distinct text of the tables: no value looks like an
// identifier, behaviours are the fixed bands, no school in the research edition.
func (a *auditor) checkTexts(ctx context.Context, _ *Product) error {
	found, outside, schools := map[string]int{}, map[string]int{}, 0
	n := int64(0)
	for _, table := range a.ready {
		err := a.rows(ctx, table+"_texts", func(_ []int64, texts []string) {
			n++
			field, content := texts[0], texts[1]
			for _, f := range forbiddenValues {
				if f.pattern.MatchString(content) {
					found[table+"."+field+" ("+f.what+")"]++
				}
			}
			if allowed := a.bandsOf(field); table == edition.TableParents && allowed != nil &&
				!slices.Contains(allowed, content) {
				outside[field]++
			}
			if a.manifest.Kind == "research" && (field == "uai" && content != "" || uaiPattern.MatchString(content)) {
				schools++
			}
		})
		if err != nil {
			return err
		}
	}
	a.claim("texts", "Aucun texte des tables ne ressemble à un pseudonyme, à un identifiant, à une adresse ni à une "+
		"date précise.", Proved, n,
		len(found) == 0, outcome("Aucun.", named("colonnes en cause", sortedKeys(found))), num("textes différents lus",
			n))
	if a.has(edition.TableParents) {
		a.claim("bands", "Les comportements ne prennent que les valeurs fixes de la liste approuvée.", Proved, n,
			len(outside) == 0,
			outcome("Toutes sur la liste.", named("colonnes en cause", sortedKeys(outside))))
	}
	if a.manifest.Kind == "research" {
		a.claim("uai", "L’édition de recherche ne nomme aucun établissement.", Proved, n, schools == 0,
			faults(int64(schools)))
	}
	a.checkProse()
	return a.checkWords(ctx)
}

// bandsOf are the values that a behaviour may take: of one that was left out, none.
func (a *auditor) bandsOf(field string) []string {
	if an := a.manifest.Anonymity; an != nil && bands[field] != nil && slices.Contains(an.LeftOut, field) {
		return []string{""}
	}
	return bands[field]
}

// checkProse scans the files that are no table: codebook, data package.
func (a *auditor) checkProse() {
	var bad []string
	prose := int64(0)
	for _, name := range a.names {
		if strings.HasSuffix(name, ".parquet") {
			continue
		}
		prose++
		for _, f := range forbiddenValues {
			if f.what != "adresse électronique" && f.what != "identifiant universel" && f.what != "adresse IP" {
				continue // a codebook has hashes, dates and sizes of its own
			}
			if f.pattern.Match(a.content[name]) {
				bad = append(bad, name+" ("+f.what+")")
			}
		}
	}
	a.claim("prose", "Les fichiers qui accompagnent les tables ne contiennent aucun identifiant.", Proved, prose,
		len(bad) == 0,
		outcome("Aucun.", named("en cause", bad)))
}

func unique(list []string) []string {
	seen := map[string]int{}
	for _, s := range list {
		seen[s]++
	}
	return sortedKeys(seen)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func round4(x float64) float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return -1
	}
	return math.Round(x*1e4) / 1e4
}

// comma writes a number with a French decimal comma.
func comma(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return strings.Replace(s, ".", ",", 1)
}
