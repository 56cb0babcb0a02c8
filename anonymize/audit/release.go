package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/entscope/entscope/anonymize/edition"
)

// tablesName is the product's name in the claims on tables that left on a request.
const tablesName = "tables"

// release is the audit of a folder of tables that left beside a publication.
type release struct {
	*publication
	beside *publication
	record struct {
		Rules       string `json:"rules"`
		Publication string `json:"publication"`
		Earlier     int    `json:"earlier"`
		Request     struct {
			Name string `json:"name"`
		} `json:"request"`
	}
	booking edition.Booking // where they say that they stand in the register of releases
}

// examineRelease audits the tables in in.Release, which left beside the publication p.
func examineRelease(ctx context.Context, in Inputs, p *publication, temp string) (*release, error) {
	t := &release{beside: p, publication: &publication{name: tablesName, report: newReport(),
		files: map[string][]byte{},
		audit: map[string][]byte{}, editions: p.editions, rules: p.rules, recipes: p.recipes}}
	t.report.Synthetic = p.report.Synthetic
	if err := t.read(ctx, in.Release); err != nil {
		return nil, err
	}
	for name, data := range t.audit { // a folder of that name is none of its files
		t.files["audit/"+name] = data
		t.names = append(t.names, "audit/"+name)
	}
	var file struct {
		Results []result `json:"results"`
	}
	var said struct {
		Booking edition.Booking `json:"register"`
	}
	if json.Unmarshal(t.files["tables.json"], &file) != nil ||
		json.Unmarshal(t.files["record.json"], &t.record) != nil {
		return nil, errors.New("audit: the folder holds no tables that left: tables.json and record.json")
	}
	if json.Unmarshal(t.manifest, &said) == nil { // one that is none is not what is made again
		t.booking = said.Booking
	}
	t.results = file.Results
	t.checkBeside()
	if err := t.checkMadeAgain(ctx, in, temp); err != nil {
		return nil, err
	}
	t.checkStatuses()
	t.checkThresholds()
	t.checkRounding()
	t.checkValues()
	t.report.claim(tablesName, "hidden",
		"Aucun chiffre caché ne se retrouve des tables, de la publication et des tables "+
			"antérieures ensemble.", Unverifiable, 0, true,
		"La protection commune est refaite par le même programme ; la recherche indépendante de cet audit "+
			"ne porte que sur la publication.")
	return t, nil
}

// checkBeside: the publication and the rules that the record names are those given.
func (t *release) checkBeside() {
	var others []string
	if t.record.Publication != hash(t.beside.files["results.json"]) {
		others = append(others, "la publication")
	}
	if t.record.Rules != hash(t.beside.files[rulesFile]) {
		others = append(others, "les règles")
	}
	t.claim("beside", "Les tables ont été protégées avec la publication et les règles données à l’audit.", 2,
		len(others) == 0, outcome("Ce sont elles.", named("autres", others)), num("tables antérieures",
			int64(t.record.Earlier)))
}

// checkMadeAgain has the tables made again of editions, publication and request, and compares
// every byte, the manifest's too.
func (t *release) checkMadeAgain(ctx context.Context, in Inputs, temp string) error {
	const id, title = "closed.rendered", "Chaque fichier diffusé est celui que l’on refait des éditions, de la " +
		"publication et de la demande, octet pour octet."
	if in.TablesAgain == nil || !in.whole {
		t.claim(id, title, 0, true, "")
		return nil
	}
	dir, err := os.MkdirTemp(temp, "tables-")
	if err != nil {
		return fmt.Errorf("audit: folder to make tables in: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := in.TablesAgain(ctx, in.Release, dir); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("audit: make tables again: %w", err)
		}
		detail := "Les tables ne peuvent pas être refaites de leur demande."
		if errors.Is(err, ErrBeside) {
			detail = "D’autres tables étaient sorties avant elles ; le registre (--register) qui les nomme n’a pas " +
				"été donné, ou en nomme d’autres."
		}
		t.claim(id, title, 0, false, detail)
		return nil
	}
	want, err := readTree(dir)
	if err != nil {
		return err
	}
	have := map[string][]byte{edition.ManifestFile: t.manifest}
	for name, data := range t.files {
		have[name] = data
	}
	var changed, missing []string
	for _, name := range sortedKeys(want) {
		switch got, ok := have[name]; {
		case !ok || got == nil:
			missing = append(missing, name)
		// It is made again with the place that it says it has in the register, which must be one.
		case !bytes.Equal(got, want[name]), name == edition.ManifestFile && !soundBooking(t.booking):
			changed = append(changed, name)
		}
	}
	extra := append([]string(nil), t.odd...)
	for _, name := range t.names {
		if want[name] == nil {
			extra = append(extra, name)
		}
	}
	t.claim(id, title, int64(len(want)), len(changed)+len(missing)+len(extra) == 0, outcome("Tous identiques.",
		named("différents", changed), named("absents", missing), named("en trop", extra)), num("fichiers comparés",
		int64(len(want))))
	return nil
}
