package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/entscope/entscope/anonymize/edition"
)

// checkRendered has the publication rendered again and compares every byte: a number, a
// word or a file that the editions and the rules do not give is found wherever it stands.
func (p *publication) checkRendered(ctx context.Context, in Inputs, temp string) error {
	const id, title = "closed.rendered", "Chaque fichier publié est celui que l’on refait des éditions et des " +
		"règles, octet pour octet."
	if in.Again == nil || !in.whole {
		p.report.claim(publicationName, id, title, Proved, 0, true, "")
		return nil
	}
	dir, err := os.MkdirTemp(temp, "again-")
	if err != nil {
		return fmt.Errorf("audit: folder to render in: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := in.Again(ctx, in.Published, dir); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("audit: render again: %w", err)
		}
		if errors.Is(err, ErrBeside) {
			p.claim(id, title, 0, false,
				"Ce qu’elle montre à côté de ses chiffres n’a pas été donné à l’audit, ou est "+
					"autre : les données nationales (--national), les publications antérieures (--previous).")
			return nil
		}
		p.claim(id, title, 0, false, "La publication ne peut pas être refaite de ce qu’elle dit d’elle-même.")
		return nil
	}
	want, err := readTree(dir)
	if err != nil {
		return err
	}
	var changed, missing, extra []string
	for _, name := range sortedKeys(want) {
		if got, ok := p.files[name]; !ok {
			missing = append(missing, name)
		} else if !bytes.Equal(got, want[name]) {
			changed = append(changed, name)
		}
	}
	for _, name := range p.names {
		if _, ok := want[name]; !ok {
			extra = append(extra, name)
		}
	}
	p.claim(id, title, int64(len(want)), len(changed)+len(missing)+len(extra) == 0, outcome("Tous identiques.",
		named("différents", changed), named("absents", missing), named("en trop", extra)), num("fichiers comparés",
		int64(len(want))))
	return nil
}

// ErrBeside says that what a publication shows beside its figures was not given, or is another.
var ErrBeside = errors.New("audit: what the publication shows beside its figures is not given")

// readTree reads every file of a folder that the audit had made.
func readTree(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("audit: read what was rendered again: %w", err)
	}
	return files, nil
}

// checkFinished makes the claims that a staged publication cannot have: its audit is that
// of these files (gate), its manifest that of its files and editions, and signed.
func (p *publication) checkFinished(ctx context.Context, gate, r *Report, in Inputs) {
	p.checkAudit(gate, in.whole)
	p.checkStamp()
	p.checkPlan()
	p.checkPrevious(ctx, in)
	p.checkTogether(ctx, in)
	if s, ok := readStamp(p.manifest); ok {
		checkRegister(r, publicationName, "", s.Booking, in.Register)
	}
	checkSignature(r, publicationName, signature{p.manifest, p.signed}, in.PublicKey)
}

// checkAudit compares audit/ with the audit made now. Its legal record is the operator's
// own word, and is taken as it stands.
func (p *publication) checkAudit(gate *Report, whole bool) {
	const id, title = "closed.audit", "L’audit publié est celui que l’on refait de ces fichiers."
	said, ok := p.saidLedger()
	if !ok {
		p.claim(id, title, 0, false, "audit.json est absent ou illisible.")
		return
	}
	gate.Ledger = said
	if !whole {
		p.claim(id, title, 0, true, "")
		return
	}
	stamp, _ := readStamp(p.manifest) // of none, in French
	want, err := publicFiles(gate, stamp.Lang)
	if err != nil {
		p.claim(id, title, 0, false, "L’audit ne peut pas être refait.")
		return
	}
	var others []string
	for _, name := range sortedKeys(want) {
		if !bytes.Equal(want[name], p.audit[name]) {
			others = append(others, name)
		}
	}
	for _, name := range sortedKeys(p.audit) {
		if want[name] == nil {
			others = append(others, name)
		}
	}
	p.claim(id, title, int64(len(want)), len(others) == 0, outcome("Le même.", named("différents", others)),
		num("fichiers comparés", int64(len(want))))
}

// saidLedger is the legal record that the audit in audit/ carries.
func (p *publication) saidLedger() (Ledger, bool) {
	var said struct {
		Ledger Ledger `json:"ledger"`
	}
	err := json.Unmarshal(p.audit[jsonName], &said)
	return said.Ledger, err == nil
}

// stamp is manifest.json of a publication. Its field order is that of the file.
type stamp struct {
	Software   string            `json:"software"`
	Period     period            `json:"period"`
	Config     string            `json:"config_hash"`
	Legal      string            `json:"legal"` // SHA-256 of the legal record of its audit
	Lang       string            `json:"lang"`
	National   string            `json:"national,omitempty"` // SHA-256 of the national open data beside it
	Plan       string            `json:"plan,omitempty"`     // text of the analysis plan
	Issued     string            `json:"issued,omitempty"`   // day of issue
	Previous   []string          `json:"previous,omitempty"` // SHA-256 of the manifests of earlier publications
	Booking    edition.Booking   `json:"register"`           // how the register of releases stood before its line
	Indicators []string          `json:"indicators"`
	Editions   map[string]string `json:"editions"` // folder → SHA-256 of its manifest
	Files      map[string]string `json:"files"`    // name → SHA-256
}

// period is the study, and the days of it, that a publication is of.
type period struct {
	Study     string `json:"study"`
	Term      string `json:"term"`
	Start     string `json:"start"`
	End       string `json:"end"`
	Subject   string `json:"subject"`
	Synthetic bool   `json:"synthetic"`
}

// isoDay is a day as manifests write it.
var isoDay = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// sha256Text is a SHA-256 and no other text.
var sha256Text = regexp.MustCompile(`^[0-9a-f]{64}$`)

// readStamp reads it; nothing but the text of its fields is one.
func readStamp(data []byte) (s stamp, ok bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return s, false
	}
	if !soundStamp(s) {
		return s, false
	}
	text, err := json.MarshalIndent(s, "", "  ")
	return s, err == nil && bytes.Equal(append(text, '\n'), data)
}

// checkStamp compares the files with the manifest of the publication. An edition that was
// changed and signed again is not the one published from.
func (p *publication) checkStamp() {
	const id, title = "hash", "Chaque fichier publié est celui que le manifeste de la publication a signé."
	stamp, ok := readStamp(p.manifest)
	if !ok {
		p.claim(id, title, 0, false, "manifest.json est absent, ou n’est pas celui d’une publication.")
		return
	}
	have := map[string]string{}
	for name, data := range p.files {
		have[name] = hash(data)
	}
	for name, data := range p.audit {
		have["audit/"+name] = hash(data)
	}
	var wrong, missing, extra []string
	for _, name := range sortedKeys(stamp.Files) {
		switch have[name] {
		case stamp.Files[name]:
		case "":
			missing = append(missing, name)
		default:
			wrong = append(wrong, name)
		}
	}
	for _, name := range sortedKeys(have) {
		if stamp.Files[name] == "" {
			extra = append(extra, name)
		}
	}
	if said, _ := p.saidLedger(); said.Hash() != stamp.Legal {
		wrong = append(wrong, "le registre juridique")
	}
	p.claim(id, title, int64(len(stamp.Files)), len(wrong)+len(missing)+len(extra) == 0,
		outcome("Toutes les empreintes sont identiques.", named("altérés", wrong), named("absents", missing),
			named("non signés", extra)),
		num("fichiers", int64(len(stamp.Files))))
	p.checkEditions(stamp)
}

// checkEditions: the editions of the audit are those of the manifest, names and all.
func (p *publication) checkEditions(s stamp) {
	var others []string
	for _, f := range p.editions {
		name := f.manifest.Kind + "-" + f.manifest.Term
		if s.Editions[name] != f.hash {
			others = append(others, name)
		}
		m := f.manifest
		if s.Period != (period{m.Study, m.Term, m.Start, m.End, m.Subject, m.Synthetic}) {
			others = append(others, "la période dite n’est pas celle de "+name)
		}
	}
	if len(s.Editions) != len(p.editions) && len(p.editions) > 1 {
		others = append(others, "le manifeste en nomme d’autres")
	}
	if len(p.editions) > 0 {
		software, config := p.editions[0].manifest.Software, p.editions[0].manifest.ConfigHash
		if s.Software != software || s.Config != config {
			p.report.open("La publication et les éditions ne sont pas faites par la même version ou sous la même " +
				"configuration.")
		}
	}
	p.claim("editions", "Les éditions auditées sont celles dont la publication est faite (nom et empreinte de leur "+
		"manifeste).",
		int64(len(p.editions)), len(others) == 0, outcome("Ce sont elles.", named("autres éditions", others)),
		num("éditions", int64(len(p.editions))))
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// signature is a manifest and what signs it.
type signature struct{ manifest, signed []byte }

// checkSignature claims that a manifest is signed by the key that the officer keeps.
// Without the key nothing is verified, whatever lies beside the manifest.
func checkSignature(r *Report, product string, s signature, public ed25519.PublicKey) {
	const id, title = "signature", "Le manifeste est signé par la clé du responsable de traitement."
	if public == nil {
		detail := "Une signature est jointe ; sans la clé publique, elle ne prouve rien."
		if s.signed == nil {
			detail = "Aucune signature n’est jointe, et aucune clé publique n’a été donnée."
		}
		r.claim(product, id, title, Unverifiable, 0, true, detail)
		return
	}
	ok := len(s.signed) == ed25519.SignatureSize && ed25519.Verify(public, s.manifest, s.signed)
	missing := s.signed == nil
	r.claim(product, id, title, Proved, 1, ok, outcome("La signature est celle de ces octets.",
		differs(!missing, "aucune signature n’est jointe : manifest.sig manque"),
		differs(ok || missing, "la signature n’est pas celle de ces octets")))
}

func (a *auditor) checkSignature(r *Report, public ed25519.PublicKey) {
	checkSignature(r, a.manifest.Kind, signature{a.raw, a.signed}, public)
}
