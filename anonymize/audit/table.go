package audit

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/privacy"
)

// TableInputs are what the audit of a table of entscope table is given.
type TableInputs struct {
	Dir string
	// Sealed is the operator's map; without it persons are counted only where each row is one.
	Sealed *Sealed
	// Policy is that of the table; nil leaves unverified what it alone tells.
	Policy *TablePolicy
	// PublicKey checks the signature; nil leaves it unverified.
	PublicKey ed25519.PublicKey
}

// rowsAlone is what the audit says of a promise on persons that rows cannot prove.
const rowsAlone = "Les lignes ne disent pas de qui elles sont ; la table scellée de l’opérateur (--sealed) le permet."

// tableAudit is the audit of one released table under way.
type tableAudit struct {
	*auditor
	sealed  *Sealed
	policy  *TablePolicy
	columns []edition.TextColumn
	quasi   map[string]bool
	other   []string // sensitive and kept columns
	records int64
	// persons are those of the rows; counted says that rows or the sealed map tell them.
	persons int64
	counted bool
}

// Table audits a released table from its files alone: k and the bounds of its policy,
// counted by rows, or by persons where the operator's sealed map is there. An error means
// that it could not be audited at all; a claim that does not hold is in the report.
func Table(ctx context.Context, in TableInputs, c engine.Config) (*Report, error) {
	f, err := readFolder(in.Dir)
	if err != nil {
		return nil, err
	}
	if f.manifest.Kind != edition.KindTable {
		return nil, errors.New("audit: this is an edition; hint: --edition instead of --table")
	}
	if f.manifest.Anonymity == nil {
		return nil, errors.New("audit: the manifest of the table promises nothing")
	}
	a := &tableAudit{auditor: &auditor{folder: f, report: newReport(), altered: map[string]bool{}},
		sealed: in.Sealed, policy: in.Policy, quasi: map[string]bool{}}
	a.checkFiles()
	a.checkClosed()
	p := a.product()
	p.Name = "Table"
	if a.read() {
		if err := a.recount(ctx, &p, c); err != nil {
			return nil, err
		}
	}
	checkSignature(a.report, edition.KindTable, signature{a.raw, a.signed}, in.PublicKey)
	a.report.Products = append(a.report.Products, p)
	return a.report, nil
}

func count(fault bool) int64 {
	if fault {
		return 1
	}
	return 0
}

// recount counts persons by the audit's own statements.
func (a *tableAudit) recount(ctx context.Context, p *Product, c engine.Config) error {
	an, m := a.manifest.Anonymity, a.manifest
	a.counted = a.sealed != nil || m.Population.Persons-an.SuppressedPersons == a.records
	if a.sealed != nil && int64(len(a.sealed.Persons)) != a.records {
		return fmt.Errorf("audit: the sealed map tells of %d rows, the table has %d", len(a.sealed.Persons), a.records)
	}
	var among *TablePopulation
	if a.policy != nil {
		among = a.policy.Population
	}
	if err := a.load(ctx, among, c); err != nil {
		return err
	}
	defer a.engine.Close()
	sizes, least := map[int64]int64{}, a.records
	err := a.rows(ctx, "table_profiles", func(ints []int64, _ []string) {
		sizes[ints[0]] = ints[1]
		least = min(least, ints[1])
	})
	if err != nil {
		return err
	}
	found, err := a.spreads(ctx, sizes)
	if err != nil {
		return err
	}
	a.checkPolicy()
	a.checkLevels()
	a.checkValues()
	a.checkProfiles(least, int64(len(sizes)))
	if err := a.checkUnits(ctx, least); err != nil {
		return err
	}
	a.checkSuppressed()
	a.checkAverage(int64(len(sizes)))
	if err := a.checkSets(ctx); err != nil {
		return err
	}
	if err := a.checkAmong(ctx, among); err != nil {
		return err
	}
	a.checkBounds(found, p)
	a.checkKept(found)
	for _, q := range an.QuasiIdentifiers {
		p.Quasi = append(p.Quasi, QuasiLine{Name: q, Level: an.Transformation[q], Values: a.valuesOf(q)})
	}
	return nil
}

// spreads are those of the columns that are no quasi-identifiers, by name.
func (a *tableAudit) spreads(ctx context.Context, sizes map[int64]int64) (map[string]spread, error) {
	found := map[string]spread{}
	for _, name := range a.other {
		found[name] = spread{classes: map[int64]map[string]int64{}, sizes: sizes, total: map[string]int64{}}
	}
	err := a.rows(ctx, "table_values", func(ints []int64, texts []string) {
		classes := found[texts[0]].classes
		if classes[ints[0]] == nil {
			classes[ints[0]] = map[string]int64{}
		}
		classes[ints[0]][texts[1]] = ints[1]
	})
	if err != nil {
		return nil, err
	}
	err = a.rows(ctx, "table_totals", func(ints []int64, texts []string) {
		found[texts[0]].total[texts[1]] = ints[0]
	})
	if err != nil {
		return nil, err
	}
	err = a.rows(ctx, "table_persons", func(ints []int64, _ []string) { a.persons = ints[0] })
	for name, s := range found {
		s.persons = a.persons
		found[name] = s
	}
	return found, err
}

func (a *tableAudit) valuesOf(name string) int64 {
	for _, c := range a.columns {
		if c.Name == name {
			return int64(len(c.Values))
		}
	}
	return 0
}

// load writes the rows as the statements ask for them: whose row it is and which profile,
// and a line for each other value. The engine reads these files, not the ones received.
func (a *tableAudit) load(ctx context.Context, among *TablePopulation, c engine.Config) error {
	type inhabitant struct {
		Person  int64  `parquet:"person"`
		Profile string `parquet:"profile"`
	}
	type bearer struct {
		Record  int64  `parquet:"record"`
		Person  int64  `parquet:"person"`
		Profile string `parquet:"profile"`
	}
	type borne struct {
		Record    int64  `parquet:"record"`
		Attribute string `parquet:"attribute"`
		Band      string `parquet:"band"`
	}
	type member struct {
		Record int64  `parquet:"record"`
		Unit   string `parquet:"unit"`
		Member int64  `parquet:"member"`
	}
	dir, err := os.MkdirTemp(c.TempDir, "audit-")
	if err != nil {
		return fmt.Errorf("audit: private folder: %w", err)
	}
	defer os.RemoveAll(dir)
	bearers, values, members := []bearer{}, []borne{}, []member{}
	for row := range int(a.records) {
		b := bearer{Record: int64(row), Person: int64(row)}
		if a.sealed != nil {
			b.Person = a.sealed.Persons[row]
			for _, unit := range sortedKeys(a.sealed.Units) {
				members = append(members, member{int64(row), unit, a.sealed.Units[unit][row]})
			}
		}
		for _, col := range a.columns {
			text := col.Values[col.Codes[row]]
			if a.quasi[col.Name] {
				b.Profile += profiled(text)
			} else {
				values = append(values, borne{int64(row), col.Name, text})
			}
		}
		bearers = append(bearers, b)
	}
	e, err := engine.Open(ctx, c)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	tables := map[string]func(string) error{
		"bearer": func(path string) error { return parquet.WriteFile(path, bearers) },
		"borne":  func(path string) error { return parquet.WriteFile(path, values) },
		"member": func(path string) error { return parquet.WriteFile(path, members) },
	}
	if among != nil {
		inhabitants := make([]inhabitant, len(among.Persons))
		for row, person := range among.Persons {
			inhabitants[row].Person = person
			for _, col := range a.columns {
				if a.quasi[col.Name] {
					inhabitants[row].Profile += profiled(among.Texts[col.Name][row])
				}
			}
		}
		tables["inhabitant"] = func(path string) error { return parquet.WriteFile(path, inhabitants) }
	}
	for table, write := range tables {
		path := filepath.Join(dir, table+".parquet")
		if err = write(path); err == nil {
			err = e.Load(ctx, table, []string{path})
		}
		if err != nil {
			return errors.Join(fmt.Errorf("audit: rows of the table: %w", err), e.Close())
		}
	}
	if err := e.Lock(ctx); err != nil {
		return errors.Join(fmt.Errorf("audit: lock: %w", err), e.Close())
	}
	a.engine = e
	return nil
}

// profiled is a text as a part of a profile, which no other parts give.
func profiled(text string) string { return strconv.Itoa(len(text)) + ":" + text }

// proof is what a count of persons proves: nothing where rows do not tell them apart.
func (a *tableAudit) proof() Proof {
	if a.counted {
		return Proved
	}
	return Unverifiable
}

func (a *tableAudit) checkProfiles(least, classes int64) {
	an := a.manifest.Anonymity
	title := fmt.Sprintf("Chaque profil est partagé par au moins %d personnes.", an.K)
	detail := fmt.Sprintf("Le plus petit profil en réunit %d.", least)
	if !a.counted {
		detail = fmt.Sprintf("Le plus petit profil compte %d lignes. ", least) + rowsAlone
	}
	// A profile of fewer rows than k persons is below k, whoever they are.
	a.claim("k", title, a.proof(), a.records, least >= an.K || classes == 0, detail, num("k promis", an.K),
		num("plus petit profil", least), num("lignes", a.records))
	a.claim("classes", "Le nombre de profils est celui que le manifeste annonce.", Proved, a.records,
		classes == an.Classes, outcome("Le même.", differs(classes == an.Classes, "un autre nombre")),
		num("profils trouvés", classes), num("profils annoncés", an.Classes))
	announced := a.manifest.Population.Persons - an.SuppressedPersons
	person := an.UnitsK["person"]
	same := an.AchievedK == slices.Min(slices.AppendSeq([]int64{person}, maps.Values(an.UnitsK))) &&
		(!a.counted || a.persons == announced && least == person) &&
		(!slices.Contains(a.manifest.Notes, edition.NoteRowsArePersons) || announced == a.records)
	detail = outcome("Les mêmes nombres.", differs(same, "d’autres nombres que ceux du manifeste"))
	if !a.counted && same {
		detail = rowsAlone
	}
	a.claim("achieved", "Le plus petit profil est celui que le manifeste annonce.", a.proof(), a.records, same, detail,
		num("annoncé", person), num("trouvé", least))
}

// checkUnits counts the further units of each profile, which the sealed map alone tells.
func (a *tableAudit) checkUnits(ctx context.Context, least int64) error {
	const title = "Chaque profil réunit au moins k de chaque unité protégée, autant que le manifeste l’annonce."
	an := a.manifest.Anonymity
	if a.sealed == nil {
		if len(an.UnitsK) > 1 {
			a.claim("units", title, Unverifiable, 0, true, "Les lignes ne disent pas de quelles unités elles sont ; la "+
				"table scellée de l’opérateur (--sealed) le permet.")
		}
		return nil
	}
	found := map[string]int64{"person": least}
	if len(a.sealed.Units) > 0 {
		err := a.rows(ctx, "table_units", func(ints []int64, texts []string) { found[texts[0]] = ints[0] })
		if err != nil {
			return err
		}
	}
	same, enough := maps.Equal(found, an.UnitsK), true
	for _, k := range found {
		enough = enough && k >= an.K
	}
	a.claim("units", title, Proved, a.records, same && enough, outcome("Il les réunit.",
		differs(same, "d’autres nombres que ceux du manifeste, ou d’autres unités"), differs(enough, "moins de k")),
		num("unités", int64(len(found))))
	return nil
}

// checkSuppressed holds what was taken out to the limit. The sealed map alone counts it.
func (a *tableAudit) checkSuppressed() {
	const title = "La part des personnes retirées est sous la limite."
	an, all := a.manifest.Anonymity, a.manifest.Population.Persons
	persons, rows, proof := an.SuppressedPersons, an.SuppressedRows, Attested
	if a.sealed != nil {
		proof, persons, rows, all = Proved, a.sealed.SuppressedPersons, a.sealed.SuppressedRows,
			a.persons+a.sealed.SuppressedPersons
	}
	same := persons == an.SuppressedPersons && rows == an.SuppressedRows && all == a.manifest.Population.Persons
	detail := fmt.Sprintf("%d personnes retirées sur %d.", persons, all)
	if !same {
		detail = capitalised("d’autres nombres que ceux du manifeste") + "."
	}
	within := float64(persons)/max(1, float64(all)) <= an.SuppressionLimit+tolerance
	a.claim("suppressed", title, proof, a.records, same && within,
		detail, Number{"limite", an.SuppressionLimit}, num("lignes retirées", rows))
}

// checkBounds recomputes each promised bound. Distinct diversity is the same by rows.
func (a *tableAudit) checkBounds(spreads map[string]spread, p *Product) {
	an := a.manifest.Anonymity
	slack := 0.0
	if total := a.manifest.Population.Persons; total > 0 {
		slack = float64(an.SuppressedPersons) / float64(total)
	}
	for i, s := range an.Sensitive {
		title := fmt.Sprintf("L’attribut « %s » est borné dans chaque profil (%s).", s.Name, modelText(s))
		id := fmt.Sprintf("sensitive.%d.%s.%s", i+1, s.Name, s.Model)
		found, known := achieved(s, spreads[s.Name])
		switch {
		case !known:
			a.claim(id, title, Unverifiable, 0, false, "Ce modèle n’est pas de ceux que l’audit sait recompter.")
			continue
		case !a.counted && s.Model != string(privacy.DistinctL):
			a.claim(id, title, Unverifiable, 0, true, rowsAlone)
			continue
		}
		ok, proof, detail := judge(s, found, slack)
		p.Sensitive = append(p.Sensitive, SensitiveLine{Name: s.Name, Model: s.Model, Bound: limit(s),
			Announced: round4(s.Achieved), Found: round4(found), OK: ok})
		a.claim(id, title, proof, a.records, ok, detail, Number{"borne", limit(s)}, Number{"trouvé", round4(found)},
			Number{"annoncé", round4(s.Achieved)})
	}
}

// checkKept counts the persons whom a column that leaves as it is tells apart within
// their profile: nobody promised that there are none, so it is said, not judged.
func (a *tableAudit) checkKept(spreads map[string]spread) {
	for _, name := range a.other {
		if slices.ContainsFunc(a.manifest.Anonymity.Sensitive,
			func(s edition.SensitiveClaim) bool { return s.Name == name }) {
			continue
		}
		alone := int64(0)
		for _, class := range spreads[name].classes {
			for _, persons := range class {
				alone += count(persons == 1)
			}
		}
		proof, detail := a.proof(), "Personne."
		if alone > 0 {
			proof, detail = Unverifiable,
				fmt.Sprintf("%d valeurs n’ont qu’un porteur dans leur profil : qui en connaît "+
					"une reconnaît la personne.", alone)
		}
		a.claim("kept."+name, fmt.Sprintf("La colonne « %s », diffusée telle quelle, ne distingue personne dans son "+
			"profil.", name), proof, a.records, true, detail, num("valeurs d’un seul porteur", alone))
	}
}
