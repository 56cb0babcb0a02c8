package audit

import (
	"encoding/json"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// schoolFile is schools/<UAI>.json: the figures of one page as data.
type schoolFile struct {
	UAI     string   `json:"uai"`
	Results []result `json:"results"`
	Similar []result `json:"similar"`
	// Comparisons are with the similar schools.
	Comparisons []comparison `json:"comparisons"`
}

// checkSchools holds the dashboards to their own rules: 20 persons, whole
// percents, no interval, approved measures only, the numbers of the edition, and
// nothing hidden that follows from the other schools and the report.
func (p *publication) checkSchools() {
	pages, unreadable, lone := pagesOf(p.names, p.files)
	p.claim("schools.data", "Chaque page d’établissement est accompagnée de ses chiffres, sous le même code.",
		int64(len(pages)), len(unreadable)+len(lone) == 0,
		outcome("Toutes.", named("illisibles", unreadable), named("sans page ou sans données", lone)),
		num("établissements", int64(len(pages))))
	p.checkSchoolFigures(pages)
	rows, err := p.schoolRows()
	if err != nil {
		p.claim("schools.source", "Les chiffres des pages d’établissement sont ceux de l’édition.", 0, false,
			"La table school_measures ne peut pas être lue.")
		return
	}
	p.checkSchoolSource(pages, rows)
	if rows != nil {
		p.checkLikeness(pages, rows)
	}
	p.checkHidden(pages, rows)
}

// pagesOf reads the data of the pages of schools, and names what is unreadable and what has no page or no data.
func pagesOf(names []string, files map[string][]byte) (pages []schoolFile, unreadable, lone []string) {
	for _, name := range names {
		if path.Dir(name) != "schools" || path.Base(name) == "index.html" {
			continue
		}
		base := strings.TrimSuffix(name, path.Ext(name))
		if files[base+".html"] == nil || files[base+".json"] == nil {
			lone = append(lone, name)
		}
		if path.Ext(name) != ".json" {
			continue
		}
		var f schoolFile
		if err := json.Unmarshal(files[name], &f); err != nil || f.UAI+".json" != path.Base(name) {
			unreadable = append(unreadable, name)
			continue
		}
		pages = append(pages, f)
	}
	return pages, unreadable, lone
}

func (p *publication) checkSchoolFigures(pages []schoolFile) {
	var small, fine, intervals, others, everybody []string
	n := int64(0)
	for _, f := range pages {
		for _, r := range append(append([]result(nil), f.Results...), f.Similar...) {
			where := f.UAI + " " + r.String()
			if !slices.Contains(populationsOf(r.Indicator+"."+r.Measure, true), r.Population) {
				others = append(others, where)
			}
			if r.Status != "published" {
				if r.Estimate != nil || r.Low != nil || r.High != nil {
					small = append(small, where)
				}
				continue
			}
			n++
			if r.N < p.rules.school()-p.rules.half() || r.N%p.rules.Rounding.Base != 0 {
				small = append(small, where)
			}
			if r.Level != 0 || r.Estimate != nil && (r.Low != nil || r.High != nil) {
				intervals = append(intervals, where)
			}
			for _, x := range []*float64{r.Estimate, r.Low, r.High} {
				if x != nil && !p.rules.rounded(*x) {
					fine = append(fine, where)
					break
				}
			}
			if e := r.Estimate; kindOf(r) == shareOfPersons && e != nil && (*e <= 0 || *e >= 1) {
				everybody = append(everybody, where)
			}
		}
	}
	p.claim("schools.threshold", fmt.Sprintf("Aucun chiffre d’établissement ne repose sur moins de %d personnes ; "+
		"les effectifs sont arrondis à %d.", p.rules.school(), p.rules.Rounding.Base), n, len(small) == 0,
		outcome("Tous au-dessus du seuil.", named("en cause", small)), num("chiffres lus", n))
	p.claim("schools.rounding", "Les chiffres d’établissement sont arrondis, sans 0 % ni 100 % de personnes, et sans "+
		"intervalle d’échantillonnage.", n, len(fine)+len(everybody)+len(intervals) == 0,
		outcome("Tous.", named("trop précis", fine), named("0 ou 100 %", everybody), named("avec un intervalle",
			intervals)))
	p.claim("schools.measures", "Les pages d’établissement ne portent que les mesures approuvées pour elles.", n,
		len(others) == 0,
		outcome("Toutes.", named("hors liste", others)))
}

// checkSchoolSource compares the pages with the schools edition, and tries to
// get hidden figures back from the report, the other schools and the marks of
// similar schools.
func (p *publication) checkSchoolSource(pages []schoolFile, rows []edition.SchoolRow) {
	if rows == nil {
		if len(pages) > 0 {
			p.report.OpenPoints = append(p.report.OpenPoints, "L’édition des établissements n’a pas été donnée à "+
				"l’audit : les tableaux de bord n’ont pas été confrontés à elle.")
		}
		return
	}
	index := map[string]edition.SchoolRow{}
	for _, r := range rows {
		index[strings.Join([]string{r.UAI, r.Period, r.Measure, r.Population}, "\x00")] = r
	}
	term := p.folderOf("schools").Term
	var far []string
	compared := int64(0)
	for _, f := range pages {
		for _, r := range f.Results {
			period := term
			if m := r.Group["month"]; m != "" {
				period = m
			}
			row, ok := index[strings.Join([]string{f.UAI, period, r.Indicator + "." + r.Measure, r.Population}, "\x00")]
			if r.Status != "published" {
				continue
			}
			if !ok || r.Group["uai"] != "" && r.Group["uai"] != f.UAI {
				far = append(far, f.UAI+" "+r.String())
				continue
			}
			if r.Estimate == nil || row.Denom == 0 {
				continue
			}
			compared++
			t := ofSchool(row)
			exact := float64(row.Numerator) / float64(row.Denom)
			if math.Abs(exact-*r.Estimate) > p.rules.allowance(r, t, exact) {
				far = append(far, f.UAI+" "+r.String())
			}
		}
	}
	p.claim("schools.source", "Les chiffres des pages d’établissement sont ceux de l’édition, aux arrondis près.",
		compared, len(far) == 0,
		outcome("Tous concordent.", named("différents", far)), num("comparés", compared), num("différents",
			int64(len(far))))
}

func (p *publication) schoolRows() ([]edition.SchoolRow, error) {
	for _, f := range p.editions {
		if f.manifest.Kind != "schools" || f.content[edition.TableSchoolMeasures+".parquet"] == nil {
			continue
		}
		data := f.content[edition.TableSchoolMeasures+".parquet"]
		rows, err := readRows[edition.SchoolRow](data)
		if err != nil {
			return nil, fmt.Errorf("audit: school_measures: %w", err)
		}
		return rows, nil
	}
	return nil, nil
}

const schoolSubtractionTitle = "Aucun chiffre caché d’un établissement ne se retrouve à partir du rapport, des " +
	"autres établissements ou du repère des établissements semblables."

// checkFigures compares the data beside each figure of the report with
// results.json.
func (p *publication) checkFigures() {
	index := map[string]result{}
	for _, r := range p.results {
		index[r.Edition+" "+r.String()] = r
	}
	var wrong []string
	n := int64(0)
	for _, name := range p.names {
		if path.Dir(name) != "report" || path.Ext(name) != ".json" {
			continue
		}
		var f struct {
			Results []result `json:"results"`
		}
		if err := json.Unmarshal(p.files[name], &f); err != nil {
			wrong = append(wrong, name)
			continue
		}
		for _, r := range f.Results {
			n++
			want, ok := index[r.Edition+" "+r.String()]
			if !ok || want.Status != r.Status || !same(want.Estimate, r.Estimate) || !same(want.Low, r.Low) ||
				!same(want.High, r.High) {
				wrong = append(wrong, name)
				break
			}
		}
	}
	p.claim("figures", "Les données à côté de chaque figure sont celles de results.json.", n, len(wrong) == 0,
		outcome("Toutes.", named("différentes", wrong)), num("chiffres comparés", n))
}

// same compares two published numbers; a page shows at most two decimals.
func same(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return math.Abs(*a-*b) < 0.0051+1e-6*math.Abs(*a)
}
