package audit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/privacy"
)

// publicationName is the product's name in the claims.
const publicationName = "publication"

// result is one figure of results.json, as the file has it.
type result struct {
	Indicator  string            `json:"indicator"`
	Edition    string            `json:"edition"`
	Population string            `json:"population"`
	Group      map[string]string `json:"group"`
	Measure    string            `json:"measure"`
	Estimate   *float64          `json:"estimate"`
	Low        *float64          `json:"low"`
	High       *float64          `json:"high"`
	Level      float64           `json:"level"`
	Target     string            `json:"target"`
	N          int64             `json:"n"`
	Status     string            `json:"status"`
	Warnings   []string          `json:"warnings"`
}

func (r result) String() string {
	var group []string
	for _, k := range sortedKeys(r.Group) {
		group = append(group, k+"="+r.Group[k])
	}
	return strings.Join([]string{r.Indicator + "." + r.Measure, r.Population, strings.Join(group, ",")}, " ")
}

// publication is the audit of a published folder under way.
type publication struct {
	name    string // the product's in the claims; publicationName when empty
	report  *Report
	files   map[string][]byte
	names   []string
	odd     []string
	results []result
	// comparisons are what the sentences of the report that compare rest on.
	comparisons []comparison
	editions    []*folder
	told        func() (totals, error) // what totals gives
	recipes     map[string]Recipe      // by question and measure
	rules       rules
	manifest    []byte // manifest.json and its signature, of a finished publication
	signed      []byte
	audit       map[string][]byte // the files of audit/
}

func (p *publication) claim(id, title string, tried int64, ok bool, detail string, numbers ...Number) {
	p.report.claim(cmp.Or(p.name, publicationName), id, title, Proved, tried, ok, detail, numbers...)
}

// examinePublication reads a publication and makes all claims but those that need its
// manifest. temp is where it is rendered again.
func examinePublication(ctx context.Context, in Inputs, editions []*folder, temp string) (*publication, error) {
	p := &publication{report: newReport(), files: map[string][]byte{}, audit: map[string][]byte{}, editions: editions,
		recipes: byMeasure(in.Recipes)}
	for _, f := range editions {
		p.report.Synthetic = p.report.Synthetic || f.manifest.Synthetic
	}
	if err := p.read(ctx, in.Published); err != nil {
		return nil, err
	}
	data, ok := p.files[resultsFile]
	if !ok {
		return nil, errors.New("audit: the published folder has no results.json")
	}
	var err error
	if p.results, p.comparisons, err = readResults(data); err != nil {
		return nil, err
	}
	p.product(data)
	ledger := in.Ledger
	if !in.Staged {
		ledger, _ = p.saidLedger()
	}
	p.checkLedger(ledger)
	p.checkRules()
	if err := p.checkRendered(ctx, in, temp); err != nil {
		return nil, err
	}
	p.joinsAgree()
	if err := p.checkSpelled(); err != nil {
		return nil, err
	}
	p.checkStatuses()
	p.checkThresholds()
	p.checkRounding()
	p.checkSource()
	p.checkComparisons()
	p.checkValues()
	p.checkFigures()
	p.checkSchools()
	p.checkPages()
	p.checkData()
	p.report.claim(publicationName, "earlier",
		"Les diffusions antérieures ne permettent pas, par différence, de retrouver un chiffre caché.", Unverifiable, 0,
		true,
		"Cet audit lit une diffusion ; la comparaison avec les précédentes est faite au moment de publier "+
			"et notée au registre des diffusions.")
	return p, nil
}

// resultsFile holds every figure of a publication.
const resultsFile = "results.json"

func readResults(data []byte) ([]result, []comparison, error) {
	var file struct {
		Results     []result     `json:"results"`
		Comparisons []comparison `json:"comparisons"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, nil, errors.New("audit: results.json is not a list of results")
	}
	return file.Results, file.Comparisons, nil
}

// read takes every plain file of the folder through an os.Root.
func (p *publication) read(ctx context.Context, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("audit: open publication: %w", err)
	}
	defer root.Close()
	folders := map[string]int{} // and what lies in them
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		folders[path.Dir(name)]++
		switch {
		case err != nil:
			return fmt.Errorf("audit: read publication: %w", err)
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir():
			folders[name] += 0
			return nil
		case !d.Type().IsRegular():
			p.odd = append(p.odd, name)
			return nil
		}
		data, err := readAll(root, name)
		if err != nil {
			return err
		}
		inAudit, isAudit := strings.CutPrefix(name, "audit/")
		switch {
		case isAudit:
			p.audit[inAudit] = data
		case name == edition.ManifestFile:
			p.manifest = data
		case name == edition.SignatureFile:
			p.signed = data
		default:
			p.files[name] = data
			p.names = append(p.names, name)
		}
		return nil
	})
	for _, name := range sortedKeys(folders) {
		if folders[name] == 0 { // its name may say what no file does
			p.odd = append(p.odd, name)
		}
	}
	return err
}

func (p *publication) product(results []byte) {
	sum := sha256.Sum256(results)
	out := Product{Kind: publicationName, Name: "Publication : rapport, tableaux de bord, données",
		Manifest:  hex.EncodeToString(sum[:]),
		Synthetic: p.report.Synthetic, Files: len(p.names), Quasi: []QuasiLine{}, Sensitive: []SensitiveLine{},
		Attacks: []Attack{}, Hidden: []Hidden{}}
	if len(p.editions) > 0 {
		m := p.editions[0].manifest
		out.Study, out.Term, out.Start, out.End, out.Software = m.Study, m.Term, m.Start, m.End, m.Software
		out.InputHash, out.ConfigHash, out.KeyID = m.InputHash, m.ConfigHash, m.KeyID
	}
	p.report.Products = append(p.report.Products, out)
}

// checkStatuses: three statuses, and no number under the two that hide one.
func (p *publication) checkStatuses() {
	var unknown, leaking, disordered []string
	counts := map[string]int64{}
	for _, r := range p.results {
		counts[r.Status]++
		some := r.Estimate != nil || r.Low != nil || r.High != nil
		switch r.Status {
		case "published":
			if !some {
				disordered = append(disordered, r.String())
			}
			if r.Low != nil && r.High != nil && (*r.Low > *r.High || r.Estimate != nil && (*r.Estimate < *r.Low-0.01 ||
				*r.Estimate > *r.High+0.01)) {
				disordered = append(disordered, r.String())
			}
		case "suppressed", "not_measurable":
			if some {
				leaking = append(leaking, r.String())
			}
		default:
			unknown = append(unknown, r.String())
		}
	}
	p.claim("status", "Un chiffre est publié, non diffusé ou non mesurable ; sous les deux derniers, aucun nombre ne "+
		"reste.",
		int64(len(p.results)), len(unknown)+len(leaking)+len(disordered) == 0,
		outcome("Aucun nombre caché ne reste dans les données.", named("statuts inconnus", unknown),
			named("nombres restés sous un chiffre non diffusé", leaking),
			named("publiés sans valeur ou hors de leurs bornes", disordered)),
		num("publiés", counts["published"]), num("non diffusés", counts["suppressed"]), num("non mesurables",
			counts["not_measurable"]))
}

// aboutPersons says whether N of a result counts persons.
func aboutPersons(r result) bool {
	switch r.Indicator {
	case "Q1", "Q2", "D1":
		return false
	}
	return !slices.Contains([]string{"schools", "school_weeks", "visits", "services"}, r.Population)
}

// checkRules reads the rules of the publication: everything after is held to them.
func (p *publication) checkRules() {
	var faults []string
	p.rules, faults = readRules(p.files[rulesFile])
	research := p.folderOf(edition.KindResearch)
	p.rules.noisy = research == nil || research.Perturbation.Variance > 0
	if research == nil {
		p.report.open("L’édition de recherche n’a pas été donnée à l’audit : que ses cellules portent un bruit, " +
			"ce dont dépend l’arrondi permis, n’a pas été vérifié.")
	}
	p.claim("rules", "La publication porte les règles de sa protection, aucune plus faible que son plancher.",
		int64(len(privacy.PublicationLimits)), len(faults) == 0,
		outcome("Toutes les règles sont fixées.", named("règles en défaut", faults)),
		num("personnes, rapport", p.rules.Persons.Minimum), num("personnes, établissement", p.rules.school()),
		num("personnes, question sensible", p.rules.Persons.Stigmatising), num("base d’arrondi", p.rules.Rounding.Base))
}

func (p *publication) checkThresholds() {
	var below, unrounded []string
	counted := int64(0)
	least := int64(math.MaxInt64)
	for _, r := range p.results {
		if r.Status != "published" || !aboutPersons(r) {
			continue
		}
		counted++
		least = min(least, r.N)
		if r.N < p.rules.floor(r)-p.rules.half() { // N is rounded to the nearest base
			below = append(below, r.String())
		}
		if r.N%p.rules.Rounding.Base != 0 {
			unrounded = append(unrounded, r.String())
		}
	}
	if least == math.MaxInt64 {
		least = 0
	}
	p.claim("threshold", fmt.Sprintf("Aucun chiffre ne repose sur moins de %d personnes (%d pour un établissement, "+
		"%d pour la consultation très fréquente) ; les effectifs sont arrondis à %d.", p.rules.Persons.Minimum,
		p.rules.school(), p.rules.Persons.Stigmatising, p.rules.Rounding.Base), counted,
		len(below)+len(unrounded) == 0,
		outcome("Tous au-dessus du seuil.", named("trop petits", below), named("effectif non arrondi", unrounded)),
		num("plus petit effectif", least), num("sous le seuil", int64(len(below))))
}

// What a figure is, for the rules that differ.
const (
	shareOfPersons = "share of persons"
	otherFigure    = "figure"
)

// kindOf says whether a figure is a share of distinct persons: of a measure of
// the approved list in which everybody counts once, or of one of the person
// table. The publication's own word is not asked.
func kindOf(r result) string {
	if strings.HasPrefix(r.Measure, "class_") || r.Measure == "never_share" || r.Measure == "child_account" ||
		r.Measure == "first_login_8w" {
		return shareOfPersons
	}
	for _, m := range edition.Measures {
		if m.Name == r.Indicator+"."+r.Measure {
			if m.Kind == edition.KindShare {
				return shareOfPersons
			}
			break
		}
	}
	return otherFigure
}

// checkRounding: whole percents, two significant digits for rates, and no share
// of persons at 0 or 100 %, which would speak of everybody.
func (p *publication) checkRounding() {
	var fine, everybody []string
	counted, shares := int64(0), int64(0)
	for _, r := range p.results {
		if r.Status != "published" {
			continue
		}
		counted++
		kind := kindOf(r)
		for _, x := range []*float64{r.Estimate, r.Low, r.High} {
			if x != nil && !p.rules.fine(r, *x) {
				fine = append(fine, r.String())
				break
			}
		}
		if e := r.Estimate; kind == shareOfPersons && e != nil && aboutPersons(r) {
			shares++
			if *e <= 0 || *e >= 1 {
				everybody = append(everybody, r.String())
			}
		}
	}
	title := fmt.Sprintf("Les parts sont des pourcentages entiers, les taux ont au plus %d chiffres significatifs "+
		"et deux décimales", p.rules.Rounding.Digits)
	if p.rules.noisy {
		title += fmt.Sprintf(" ; avec un intervalle, le bruit des cellules permet des parts au pas d’au moins %d "+
			"personnes (un dixième de pour cent au plus fin) et %d chiffres ailleurs",
			p.rules.Rounding.StepPersons, p.rules.Rounding.NoisyDigits)
	}
	p.claim("rounding", title+".", counted, len(fine) == 0,
		outcome("Tous arrondis.", named("trop précis", fine)), num("trop précis", int64(len(fine))))
	p.claim("everybody", "Aucune part de personnes n’est donnée comme 0 % ou 100 % : elle parlerait de tout le groupe.",
		shares, len(everybody) == 0,
		outcome("Aucune.", named("en cause", everybody)), num("en cause", int64(len(everybody))))
}

// onEdge reports whether a number is an edge of a fixed bin, or the last count before one.
func onEdge(x float64) bool {
	edges := edition.HistogramEdges[:]
	return x == math.Trunc(x) && (slices.Contains(edges, int64(x)) || slices.Contains(edges, int64(x)+1))
}

// onCurve reports whether a bound of a figure is an edge of a bin of a life table, which is the
// same in every edition: a time read off one is known to its bin.
func onCurve(of result, x float64) bool {
	if of.Target != "bounds" || x != math.Trunc(x) {
		return false
	}
	return slices.ContainsFunc(edition.Curves, func(c edition.Curve) bool { return slices.Contains(c.Edges, int32(x)) })
}

// isPage says whether a file is a page people open.
func isPage(name string) bool { return path.Ext(name) == ".html" }

// folderOf finds the edition of a kind, nil when it was not given.
func (p *publication) folderOf(kind string) *edition.Manifest {
	for _, f := range p.editions {
		if f.manifest.Kind == kind {
			return f.manifest
		}
	}
	return nil
}
