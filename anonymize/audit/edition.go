package audit

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

//go:embed sql/*.sql
var statements embed.FS

// auditor is the audit of one edition under way.
type auditor struct {
	*folder
	report *Report
	engine *engine.Engine
	ready  []string // tables whose bytes and columns are approved
	// altered files are not those of the manifest; they are not read further.
	altered map[string]bool
	// families are those of what must not be known of a school, with how many clusters the tables have of each.
	families map[string]int64
}

func (a *auditor) claim(id, title string, proof Proof, tried int64, ok bool, detail string, numbers ...Number) {
	a.report.claim(a.manifest.Kind, id, title, proof, tried, ok, detail, numbers...)
}

func (a *auditor) open(point string) { a.report.open(point) }

func (a *auditor) has(table string) bool { return slices.Contains(a.ready, table) }

// examineEdition audits the edition in the folder dir but for its signature. An error
// means that it could not be audited at all; a claim that does not hold is in the report.
func examineEdition(ctx context.Context, dir string, c engine.Config) (*auditor, error) {
	f, err := readFolder(dir)
	if err != nil {
		return nil, err
	}
	if f.manifest.Kind == edition.KindTable {
		return nil, errors.New("audit: this is a table of entscope table; hint: --table instead of --edition")
	}
	if len(f.manifest.Combined) > 0 {
		return nil, errors.New("audit: this is a combination of editions; hint: audit those that it is made of, and " +
			"combine them again: the bytes are the same")
	}
	a := &auditor{folder: f, report: newReport(), altered: map[string]bool{}}
	a.report.Synthetic = f.manifest.Synthetic
	a.checkFiles()
	a.checkSchema()
	a.checkClosed()
	if err := a.load(ctx, c); err != nil {
		return nil, err
	}
	defer a.engine.Close()
	p := a.product()
	for _, check := range []func(context.Context, *Product) error{
		a.checkPersons, a.checkAlone, a.checkCells, a.checkNoise,
		a.checkUnnamed, a.checkMeasures, a.checkTexts, a.checkJoins,
	} {
		if err := check(ctx, &p); err != nil {
			return nil, err
		}
	}
	a.checkOrder()
	a.checkPromises()
	a.attested()
	a.report.Products = append(a.report.Products, p)
	return a, nil
}

// load copies the verified tables to a private folder, loads them into an
// engine, locks it and removes the copies.
func (a *auditor) load(ctx context.Context, c engine.Config) error {
	dir, err := os.MkdirTemp(c.TempDir, "audit-")
	if err != nil {
		return fmt.Errorf("audit: private folder: %w", err)
	}
	defer os.RemoveAll(dir)
	paths, err := a.stage(dir)
	if err != nil {
		return err
	}
	e, err := engine.Open(ctx, c)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	var loaded, unreadable []string
	for _, table := range a.ready {
		if err := e.Load(ctx, table, []string{paths[table]}); err != nil {
			if ctx.Err() != nil {
				e.Close()
				return fmt.Errorf("audit: load %s: %w", table, err)
			}
			unreadable = append(unreadable, table)
			continue
		}
		loaded = append(loaded, table)
	}
	a.ready = loaded
	a.claim("readable", "Chaque table se lit en entier.", Proved, int64(len(loaded)), len(unreadable) == 0,
		outcome("Toutes.", named("illisibles", unreadable)))
	if err := e.Lock(ctx); err != nil {
		e.Close()
		return fmt.Errorf("audit: lock: %w", err)
	}
	a.engine = e
	return nil
}

func (a *auditor) product() Product {
	m := a.manifest
	name := "Édition de recherche"
	if m.Kind == "schools" {
		name = "Édition des établissements"
	}
	p := Product{Kind: m.Kind, Name: name, Study: m.Study, Term: m.Term, Start: m.Start, End: m.End, Manifest: a.hash,
		Software: m.Software, InputHash: m.InputHash, ConfigHash: m.ConfigHash, KeyID: m.KeyID, Synthetic: m.Synthetic,
		Files: len(a.names) + 1, Quasi: []QuasiLine{}, Sensitive: []SensitiveLine{}, Attacks: []Attack{},
		Hidden: []Hidden{}}
	return p
}

// rows runs one embedded question and hands each row over as integers and texts,
// each in the order of its columns.
func (a *auditor) rows(ctx context.Context, question string, f func(ints []int64, texts []string), args ...any) error {
	sql, err := statements.ReadFile("sql/" + question + ".sql")
	if err != nil {
		return fmt.Errorf("audit: no question %q", question)
	}
	err = a.engine.Query(ctx, string(sql), func(rec arrow.Record) error {
		for i := range int(rec.NumRows()) {
			var ints []int64
			var texts []string
			for _, col := range rec.Columns() {
				switch c := col.(type) {
				case *array.Int64:
					ints = append(ints, c.Value(i))
				case *array.String:
					texts = append(texts, strings.Clone(c.Value(i))) // the batch is freed after the callback
				default:
					return fmt.Errorf("audit: %s: a column is neither a count nor a text", question)
				}
			}
			f(ints, texts)
		}
		return nil
	}, args...)
	if err != nil {
		return fmt.Errorf("audit: %s: %w", question, err)
	}
	return nil
}

// checkPromises refuses promises that are too weak, whatever the files hold.
func (a *auditor) checkPromises() {
	t := a.manifest.Thresholds
	var weak []string
	if a.manifest.Kind == "research" {
		if an := a.manifest.Anonymity; an == nil {
			weak = append(weak, "aucune promesse de k")
		} else if an.K < kFloor {
			weak = append(weak, "k")
		}
		if t.CellPersons < cellFloor {
			weak = append(weak, "seuil des cellules")
		}
		if t.StaffPersons < staffFloor {
			weak = append(weak, "seuil des personnels")
		}
		if t.Unnamed < clusterLeast {
			weak = append(weak, "établissements réunis")
		}
	} else if t.SchoolPersons < schoolFloor {
		weak = append(weak, "seuil des établissements")
	}
	a.claim("floors", "Les seuils promis ne sont pas sous les planchers retenus (k 5, cellules et personnels 11, "+
		"établissements 20).", Proved, 1,
		len(weak) == 0, outcome("Planchers respectés.", named("promesses trop faibles", weak)),
		num("seuil des cellules", t.CellPersons), num("seuil des personnels", t.StaffPersons),
		num("seuil des établissements", t.SchoolPersons))
}

// attestedDetail says which counts of the zone were made twice.
func attestedDetail(m *edition.Manifest) string {
	const alone = "Le périmètre est dit avec le bruit d’une cellule. Les comptes de la zone ne sont dans aucun fichier " +
		"de l’édition : une somme exacte dirait ce qu’une personne y apporte."
	if len(m.Recounted) == 0 {
		return alone
	}
	return alone + fmt.Sprintf(" Avant la signature, %d d’entre eux ont été refaits par d’autres requêtes, avec le même "+
		"résultat : %s.", len(m.Recounted), strings.Join(m.Recounted, ", "))
}

// attested lists what the operator signs and no file of the edition can prove.
func (a *auditor) attested() {
	m := a.manifest
	numbers := []Number{num("personnes", m.Population.Persons), num("enfants", m.Population.Children),
		num("familles", m.Population.Families), num("bruit au plus", int64(m.Perturbation.Maximum))}
	a.claim("attested", "L’opérateur atteste les comptes faits dans la zone restreinte avant sa destruction.", Attested,
		0, true,
		attestedDetail(m), numbers...)
	a.claim("pseudonyms", "Les pseudonymes sont des HMAC-SHA-256 sous une clé propre à l’étude ; les identifiants "+
		"d’origine sont morts à l’entrée.", Attested, 0, m.KeyID != "",
		"La valeur de contrôle de la clé est "+m.KeyID+" ; la clé n’est pas dans les fichiers.")
	if m.Anonymity != nil {
		an := m.Anonymity
		numbers = nil
		ok := true
		for _, unit := range sortedKeys(an.UnitsK) {
			numbers = append(numbers, num("k "+unit, an.UnitsK[unit]))
			ok = ok && an.UnitsK[unit] >= an.K
		}
		a.claim("units", "k tient aussi pour les enfants et les familles, comptés comme personnes distinctes.",
			Attested, 0, ok,
			"La table ne porte ni enfant ni famille : le compte a été fait de l’autre côté du mur.", numbers...)
		a.claim("cluster", "Une grappe de la table de personnes réunit au moins trois établissements d’une même "+
			"strate.", Attested, 0,
			m.Thresholds.ClusterOf >= clusterLeast, "L’établissement n’est pas dans la table : il ne peut pas être "+
				"recompté.",
			num("établissements par grappe", m.Thresholds.ClusterOf))
	}
	a.attacks()
	a.cost()
	a.claim("external", "Personne ne détient à côté une information qui permettrait de reconnaître quelqu’un.",
		Unverifiable, 0, true,
		"Aucun fichier ne peut le prouver ; c’est l’objet de l’analyse d’impact et du contrôle d’accès.")
	a.claim("former", "Aucune édition antérieure ne permet, par différence, de retrouver quelqu’un.", Unverifiable, 0,
		true,
		"Cet audit lit une seule édition ; le registre des diffusions reste à tenir.")
}
