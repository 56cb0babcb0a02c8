package pipeline

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// stamp is published/manifest.json: what the publication was made from and the
// hash of every file of it.
type stamp struct {
	Software string            `json:"software"`
	Config   string            `json:"config_hash"`
	Lang     string            `json:"lang"`     // of the pages
	Editions map[string]string `json:"editions"` // folder → SHA-256 of its manifest
	Files    map[string]string `json:"files"`    // name → SHA-256
}

// publish computes the indicators of the editions, protects them jointly,
// renders the pages beside the final place, has the audit look at editions and
// pages, and only then lets them appear. It reads nothing upstream of an edition.
func (b *Batch) publish(ctx context.Context) (out outcome, err error) {
	var dirs []string
	for _, kind := range kinds {
		newest, _, err := b.currentEdition(kind, "")
		if err != nil {
			return outcome{}, err
		}
		if newest.dir == "" {
			return outcome{}, fmt.Errorf("%w: there is no %s edition; hint: entscope anonymize", ErrInput, kind)
		}
		dirs = append(dirs, newest.dir)
	}
	want, err := b.stampOf(dirs)
	if err != nil {
		return outcome{}, err
	}
	final := b.Study.Path(b.Study.Output.Published)
	out = outcome{counts: map[string]int64{}, outputs: []string{filepath.Join(final, "report", "index.html"), filepath.Join(final, "schools", "index.html"), filepath.Join(final, "audit", "internal.html")}}
	if err := durable.Recover(final); err != nil {
		return out, err
	}
	if isPublished(final, want) {
		b.Progress("report", 1000, 1000)
		return out, nil
	}
	staged, err := durable.NewStage(final, 0o755)
	if err != nil {
		return out, err
	}
	// Pages that the audit refused, or that are not whole, stay nowhere.
	defer func() { err = errors.Join(err, staged.Abort()) }()
	stage := staged.Dir()
	ledger, err := b.render(ctx, dirs, stage, out.counts)
	if err != nil {
		return out, err
	}
	if err := b.audit(ctx, dirs, stage); err != nil {
		return out, err
	}
	if err := writeStamp(stage, want); err != nil {
		return out, err
	}
	// The ledger first: killed in between, the same release enters it once more.
	if err := b.writeLedger(ledger); err != nil {
		return out, err
	}
	b.Progress("report", 1000, 1000)
	out.changed = true
	return out, staged.Commit(study.IsPublication)
}

// render computes, protects and writes everything but the audit. It gives the
// ledger of all releases, this one among them.
func (b *Batch) render(ctx context.Context, dirs []string, stage string, counts map[string]int64) (ledger disclosure.Ledger, err error) {
	policy, err := b.publicationPolicy()
	if err != nil {
		return ledger, err
	}
	earlier, err := b.readLedger()
	if err != nil {
		return ledger, err
	}
	config, clean, err := b.engineConfig()
	if err != nil {
		return ledger, err
	}
	defer clean()
	b.Progress("report", 100, 1000)
	research, err := query.Open(ctx, dirs[0], config)
	if err != nil {
		return ledger, err
	}
	defer research.Close()
	exact, err := indicator.Compute(ctx, research, b.Study.Indicators.Compute)
	if err != nil {
		return ledger, err
	}
	b.Progress("report", 500, 1000)
	perSchool, err := query.Open(ctx, dirs[1], config)
	if err != nil {
		return ledger, err
	}
	defer perSchool.Close()
	codebook, err := indicator.Codebook()
	if err != nil {
		return ledger, err
	}
	if err := os.WriteFile(filepath.Join(stage, "INDICATEURS.fr.md"), codebook, 0o644); err != nil {
		return ledger, err
	}
	manifest, err := readManifest(dirs[0])
	if err != nil {
		return ledger, err
	}
	results, schools, ledger, err := indicator.ReleaseAgainst(ctx, exact, perSchool, indicator.ReleaseOptions{
		Policy: policy, Earlier: earlier, Name: filepath.Base(dirs[0]), Start: manifest.Start, End: manifest.End,
	})
	if err != nil {
		return ledger, err
	}
	for _, r := range results {
		counts[string(r.Status)]++
	}
	counts["schools"] = int64(len(schools))
	var list bytes.Buffer
	if err := indicator.WriteResults(&list, results); err != nil {
		return ledger, err
	}
	if err := os.WriteFile(filepath.Join(stage, "results.json"), list.Bytes(), 0o644); err != nil {
		return ledger, err
	}
	facts := factsOf(manifest, policy, b.Software)
	if err := report.Write(filepath.Join(stage, "report"), report.Input{Lang: b.Lang, Results: results, Facts: facts}); err != nil {
		return ledger, err
	}
	b.Progress("report", 700, 1000)
	return ledger, report.WriteSchools(filepath.Join(stage, "schools"), report.SchoolsInput{Lang: b.Lang, Facts: facts, Schools: dashboards(schools)})
}

// ledgerFile is in the restricted zone: it holds exact counts of what earlier
// releases published, so that no later one gives them away by difference.
func (b *Batch) ledgerFile() string {
	return filepath.Join(b.Study.Path(b.Study.Output.Restricted), "ledger.json")
}

func (b *Batch) readLedger() (disclosure.Ledger, error) {
	f, err := os.Open(b.ledgerFile())
	if errors.Is(err, fs.ErrNotExist) {
		return disclosure.Ledger{}, nil
	}
	if err != nil {
		return disclosure.Ledger{}, err
	}
	defer f.Close()
	return disclosure.ReadLedger(f)
}

func (b *Batch) writeLedger(l disclosure.Ledger) error {
	var text bytes.Buffer
	if err := l.Write(&text); err != nil {
		return err
	}
	return durable.WriteFile(b.ledgerFile(), text.Bytes(), 0o600)
}

func (b *Batch) publicationPolicy() (disclosure.Policy, error) {
	text, err := os.ReadFile(b.Study.Path(b.Study.Policies.Publication))
	if err != nil {
		return disclosure.Policy{}, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	policy, err := disclosure.ParsePolicy(text)
	if err != nil {
		return policy, fmt.Errorf("%w: policies.publication: %w", ErrConfig, err)
	}
	return policy, nil
}

// audit has the editions and the pages audited and keeps the findings with them.
// A claim that fails refuses the publication.
func (b *Batch) audit(ctx context.Context, dirs []string, stage string) error {
	config, clean, err := b.engineConfig()
	if err != nil {
		return err
	}
	defer clean()
	findings, err := Audit(ctx, dirs, stage, config)
	if err != nil {
		return err
	}
	findings.Ledger = audit.Ledger(b.Study.Legal)
	b.Progress("report", 950, 1000)
	if !findings.OK() {
		var failed []string
		for _, claim := range findings.Failed() {
			failed = append(failed, claim.ID+": "+claim.Title+" "+claim.Detail)
		}
		return fmt.Errorf("%w: the audit failed: %s", ErrRefused, strings.Join(failed, "; "))
	}
	return audit.Write(filepath.Join(stage, "audit"), findings)
}

func factsOf(m *edition.Manifest, policy disclosure.Policy, software string) report.Facts {
	f := report.Facts{
		Study: m.Study, Term: m.Term, Start: m.Start, End: m.End, Subject: m.Subject, Synthetic: m.Synthetic,
		Persons: m.Population.Persons, Families: m.Population.Families, Schools: m.Population.Schools,
		CellPersons: policy.Persons.Minimum, SchoolPersons: policy.Persons.School, Software: software, Notes: m.Notes,
	}
	if m.Anonymity != nil {
		f.K = m.Anonymity.K
	}
	return f
}

func dashboards(schools []indicator.School) []report.School {
	pages := make([]report.School, len(schools))
	for i, s := range schools {
		pages[i] = report.School{
			UAI: s.UAI, Name: s.Name, Level: s.Level, IPSBand: s.IPSBand, EP: s.EP, CoveredWeeks: s.CoveredWeeks, ExpectedWeeks: s.ExpectedWeeks,
			Feeds: s.Feeds, Results: s.Results, Similar: s.Similar, PeerLabel: s.PeerLabel, PeerSchools: s.PeerSchools,
		}
	}
	return pages
}

// stampOf is what the publication must have been made from to be up to date.
func (b *Batch) stampOf(dirs []string) (stamp, error) {
	s := stamp{Software: b.Software, Config: b.Study.Hash, Lang: cmp.Or(b.Lang, "fr"), Editions: map[string]string{}, Files: map[string]string{}}
	for _, dir := range dirs {
		data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
		if err != nil {
			return s, err
		}
		s.Editions[filepath.Base(dir)] = digest(data)
	}
	return s, nil
}

// isPublished reports whether dir is a publication of want with every file intact.
func isPublished(dir string, want stamp) bool {
	data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return false
	}
	var have stamp
	if json.Unmarshal(data, &have) != nil || have.Software != want.Software || have.Config != want.Config || have.Lang != want.Lang || len(have.Editions) != len(want.Editions) {
		return false
	}
	for name, sum := range want.Editions {
		if have.Editions[name] != sum {
			return false
		}
	}
	files, err := hashTree(dir)
	if err != nil || len(files) != len(have.Files) {
		return false
	}
	for name, sum := range have.Files {
		if files[name] != sum {
			return false
		}
	}
	return true
}

// writeStamp hashes what lies in dir and writes its manifest last.
func writeStamp(dir string, s stamp) error {
	files, err := hashTree(dir)
	if err != nil {
		return err
	}
	s.Files = files
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "manifest.json"), append(data, '\n'), 0o644)
}

// hashTree hashes every file of dir but its own manifest.
func hashTree(dir string) (map[string]string, error) {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || name == "manifest.json" {
			return err
		}
		data, err := os.ReadFile(path)
		files[filepath.ToSlash(name)] = digest(data)
		return err
	})
	return files, err
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
