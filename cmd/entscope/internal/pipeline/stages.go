package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/plan"
	"github.com/entscope/entscope/analysis/publication"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/anonymize"
	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/input"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// Each stage is one call of the package that does it: the study's keys become its
// options, its outcome becomes the stage's account.

func (b *Batch) pull(ctx context.Context) (outcome, error) {
	pulled, err := input.Pull(ctx, b.Study, input.PullOptions{
		Stdin: b.Stdin, Disk: b.Disk, Progress: b.stageProgress("pull"), Log: b.Log,
	})
	out := outcome{changed: pulled.Changed, counts: map[string]int64{}, warnings: pulled.Left}
	b.report.Unfetched = pulled.Failed
	for _, s := range pulled.Sources {
		out.counts[s.Name] = int64(s.Files)
		if s.Remote {
			out.counts[s.Name+" fetched"] = int64(s.Fetched)
		}
	}
	if err != nil {
		return out, err
	}
	b.Progress("pull", 1, 1)
	return out, nil
}

func (b *Batch) ingest(ctx context.Context) (outcome, error) {
	s := b.Study
	feeds, err := input.Feeds(s)
	if err != nil {
		return outcome{}, err
	}
	key, err := b.studyKey()
	if err != nil {
		return outcome{}, err
	}
	filled, err := zone.Fill(ctx, zone.FillOptions{
		Dir: s.Path(s.Output.Restricted), Disk: b.Disk, Key: key, Feeds: feeds, Threads: s.Limits.Threads,
		Study: input.Subject(s), Limits: input.Limits(s), AcceptLoss: b.AcceptLoss, Progress: b.Progress,
		Directory: input.DirectoryOf(s),
	})
	out := outcome{changed: filled.Changed, warnings: filled.Warnings, counts: map[string]int64{}}
	left := make(map[string]bool) // feeds with deliveries that are looked at again
	if filled.Summary != nil {
		for _, r := range filled.Refused {
			left[r.Feed] = true
		}
	}
	var unusable *zone.UnusableError
	switch {
	case errors.As(err, &unusable):
		return out, fmt.Errorf("%w: %w", study.ErrInput, err)
	case err != nil:
		return out, err
	}
	for _, f := range filled.Feeds {
		b.Log.Debug("feed", "name", f.Name, "format", f.Format, "deliveries", f.Deliveries, "bytes", f.Bytes,
			"events", f.Events, "ignored", f.Skipped(), "rejects", f.Rejected())
		out.counts["events"] += f.Events
		out.counts["ignored"] += f.Skipped()
		out.counts["rejects"] += f.Rejected()
	}
	out.counts["deliveries"], out.counts["read now"] = int64(filled.Read+filled.Known), int64(filled.Read)
	if filled.Stale > 0 {
		out.warnings = append(out.warnings,
			fmt.Sprintf("%d deliveries stand as an older directory had them: their files are gone", filled.Stale))
	}
	return out, input.Unspool(b.Disk, s, left)
}

func (b *Batch) anonymize(ctx context.Context) (outcome, error) {
	o, err := b.editionOptions()
	if err != nil {
		return outcome{}, err
	}
	config, clean, err := b.engineConfig()
	if err != nil {
		return outcome{}, err
	}
	defer clean()
	o.Engine = config
	made, err := anonymize.Make(ctx, o)
	if errors.Is(err, anonymize.ErrUnsatisfiable) || errors.Is(err, anonymize.ErrNotAdmitted) {
		return outcome{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if errors.Is(err, release.ErrDamaged) {
		return outcome{}, fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	if err != nil {
		return outcome{}, err
	}
	if err := b.auditEditions(ctx, made, config); err != nil {
		return outcome{}, errors.Join(err, made.Withdraw())
	}
	b.editions = made
	for _, e := range []edition.Revision{made.Research, made.Schools} {
		b.Log.Debug("edition", "kind", e.Manifest.Kind, "dir", e.Dir, "persons", e.Manifest.Population.Persons)
	}
	research := made.Research.Manifest
	out := outcome{changed: len(made.Made) > 0, outputs: []string{made.Research.Dir, made.Schools.Dir},
		counts: map[string]int64{}}
	out.counts["persons"] = made.Schools.Manifest.Population.Persons
	if research.Population.Persons == 0 {
		out.warnings = append(out.warnings,
			"no person of the directory is studied in a covered school: "+
				"every figure about persons is not measurable; hint: entscope check")
	}
	for _, name := range made.Stands {
		out.warnings = append(out.warnings,
			fmt.Sprintf("edition %s stays as it is: since it was made, fewer persons changed than a cell "+
				"must hold, or the reference of a school, so that a new one would tell who they are, or which; they "+
				"enter with the next period", name))
	}
	if len(made.Made) > 0 && made.Withheld != "" {
		out.warnings = append(out.warnings,
			fmt.Sprintf("edition %s holds no rows of persons: those of this period have left with %s; "+
				"hint: take every copy of it back, say so with entscope releases recall, and run again",
				filepath.Base(made.Research.Dir), made.Withheld))
	}
	if a := research.Anonymity; a != nil {
		b.Log.Debug("anonymity", "k", a.AchievedK, "suppressed", a.SuppressedPersons, "classes", a.Classes,
			"metric", a.Metric, "proved optimal", a.ProvedOptimal, "generalisation", fmt.Sprint(a.Transformation))
		out.counts["suppressed"] = research.Anonymity.SuppressedPersons
		out.counts["k"] = research.Anonymity.AchievedK
	}
	return out, nil
}

// auditEditions looks at the editions that were made now: where a claim fails they do not
// stay, whether a publication is to follow or not.
func (b *Batch) auditEditions(ctx context.Context, made *anonymize.Outcome, config engine.Config) error {
	if len(made.Made) == 0 {
		return nil
	}
	findings, err := audit.Folders(ctx, audit.Inputs{Editions: made.Made, Staged: true,
		Ledger: audit.Ledger(b.Study.Legal)},
		config)
	if err != nil {
		return err
	}
	return refusedBy(findings)
}

// editionOptions are what both editions are made from, but for the engine.
func (b *Batch) editionOptions() (anonymize.Options, error) {
	s := b.Study
	z, err := zone.Open(s.Path(s.Output.Restricted))
	if err != nil {
		return anonymize.Options{}, err
	}
	if err := tooLittle(z.Rows("people"), s.Limits.MemoryMB); err != nil {
		return anonymize.Options{}, err
	}
	key, err := b.studyKey()
	if err != nil {
		return anonymize.Options{}, err
	}
	rules, err := s.Rules()
	if err != nil {
		return anonymize.Options{}, err
	}
	_, planned, err := s.Planned()
	if err != nil {
		return anonymize.Options{}, err
	}
	releases, err := b.releases()
	if err != nil {
		return anonymize.Options{}, err
	}
	sign, err := signer(s)
	if err != nil {
		return anonymize.Options{}, err
	}
	feeds := make([]string, len(s.Sources))
	for i, src := range s.Sources {
		feeds[i] = src.Name
	}
	measured, err := zone.Joins(z.Dir())
	if err != nil {
		return anonymize.Options{}, err
	}
	return anonymize.Options{
		Zone: z, Joins: anonymize.Joins{Measured: measured, Floor: s.Limits.Joins().Known},
		Study: anonymize.Study{
			Name: s.About.Name, Term: s.About.Term, SchoolYear: s.About.SchoolYear,
			Start: s.About.Start.AsTime(time.UTC), End: s.About.End.AsTime(time.UTC),
			Subject: s.About.Subject, Synthetic: s.About.Synthetic, Feeds: feeds, Declared: s.Declared(),
			Plan: hashOf(planned),
		},
		Research: rules.Research, Schools: rules.Schools, Files: s.HierarchyFile,
		Disk: b.Disk, Key: key, Sign: sign, Releases: releases, Out: s.Path(s.Output.Editions), Software: b.Software,
		ConfigHash: s.Hash,
		Progress:   func(done, total int) { b.Progress("anonymize", int64(done), int64(total)) },
	}, nil
}

// hashOf is the hash of a plan, "" of none.
func hashOf(planned []byte) string {
	if planned == nil {
		return ""
	}
	return plan.Hash(planned)
}

// publish reads nothing upstream of an edition, and books what it publishes.
func (b *Batch) publish(ctx context.Context) (outcome, error) {
	s := b.Study
	editions, err := b.newestEditions()
	if err != nil {
		return outcome{}, err
	}
	rules, err := s.Rules()
	if err != nil {
		return outcome{}, err
	}
	config, clean, err := b.engineConfig()
	if err != nil {
		return outcome{}, err
	}
	defer clean()
	releases, err := b.releases()
	if err != nil {
		return outcome{}, err
	}
	dir := s.Path(s.Output.Published)
	out := outcome{counts: map[string]int64{}}
	out.outputs = append(out.outputs, filepath.Join(dir, "index.html"),
		filepath.Join(internalAudit(s), "internal.html"))
	options, err := b.publicationOptions(ctx, editions, rules, config)
	if err != nil {
		return out, err
	}
	ledger := audit.Ledger(s.Legal)
	candidate, err := b.published(editions)
	if err != nil {
		return out, err
	}
	earlier, err := earlierPublications(releases, candidate, rules.Publication)
	if err != nil {
		return out, err
	}
	options.Booking, options.Beside = releases.Before(candidate), earlier.beside
	again := options
	again.Progress = nil
	options.Audit = func(ctx context.Context, editions []string, published string, decided indicator.Standing) error {
		findings, err := audit.Folders(ctx, audit.Inputs{
			Editions: editions, Published: published, Staged: true, Ledger: ledger, Recipes: Recipes(),
			Again: func(ctx context.Context, _, dir string) error { return again.Again(ctx, dir) },
		}, config)
		if err != nil {
			return err
		}
		if !sameFigures(published, dir) {
			if err := besideTables(releases, candidate); err != nil {
				return err
			}
		}
		if err := earlier.allow(decided); err != nil {
			return err
		}
		if err := b.writeFindings(filepath.Join(published, "audit"), findings); err != nil {
			return err
		}
		if candidate.Cells, err = cellsOf(rules.Publication, decided); err != nil {
			return err
		}
		_, err = releases.Book(candidate, false, "")
		return err
	}
	made, err := publication.Make(ctx, options)
	if err != nil {
		return out, err
	}
	out.changed = made.Changed
	if made.Changed {
		out.counts = made.Statuses
		out.counts["schools"] = int64(made.Schools)
	}
	return out, nil
}

// publicationOptions are those of a publication of two editions, as the study asks for it.
func (b *Batch) publicationOptions(
	ctx context.Context, editions []string, rules study.Rules, config engine.Config,
) (publication.Options, error) {
	s := b.Study
	marks, hash, err := b.nationalMarks(ctx)
	if err != nil {
		return publication.Options{}, err
	}
	sign, err := signer(s)
	if err != nil {
		return publication.Options{}, err
	}
	planned, _, err := s.Planned()
	if err != nil {
		return publication.Options{}, err
	}
	ledger := audit.Ledger(s.Legal)
	options := publication.Options{
		Plan:  planned,
		Legal: ledger.Hash(), Sender: report.SenderOf(ledger.Controller),
		National: marks, NationalHash: hash,
		Research: editions[0], Schools: editions[1], Dir: s.Path(s.Output.Published), Disk: b.Disk, Sign: sign,
		Policy:     rules.Publication,
		Indicators: s.Indicators.Compute, Lang: b.Lang, Software: b.Software, ConfigHash: s.Hash, Engine: config,
		Progress: b.stageProgress("report"),
	}
	return options, b.remember(&options)
}

// remember sets the publications of earlier periods that the study names. Each must stand in
// the register of releases: what has left already may stand beside what leaves now.
func (b *Batch) remember(options *publication.Options) error {
	var dirs []string
	for _, dir := range b.Study.Reference.Previous {
		dirs = append(dirs, b.Study.Path(dir))
	}
	if len(dirs) == 0 {
		return nil
	}
	if err := options.Remember(dirs); err != nil {
		return fmt.Errorf("%w: reference.previous: %w", study.ErrInput, err)
	}
	releases, err := b.releases()
	if err != nil {
		return err
	}
	for _, e := range options.Earlier {
		term, _, _ := strings.Cut(e.Period.Term, ".") // of an edition that was made again
		was := release.Candidate{Kind: release.KindPublication, Name: published + term, Made: madeOf(e.Made)}
		if !releases.Booked(was) {
			return fmt.Errorf("%w: reference.previous: the publication of %s is not in the register of releases; "+
				"hint: name one that this study made under the same master key, and did not withdraw", study.ErrInput,
				e.Period.Term)
		}
	}
	return nil
}

// published is a publication as the register books it: by the editions it is made of.
func (b *Batch) published(editions []string) (release.Candidate, error) {
	s := b.Study
	var of []int
	made := publication.Made{Config: s.Hash, Software: b.Software, Lang: cmp.Or(b.Lang, "fr")}
	for _, dir := range editions {
		made.Editions = append(made.Editions, filepath.Base(dir))
		m, err := edition.ReadDir(dir)
		if err != nil {
			return release.Candidate{}, err
		}
		of = append(of, m.Booking.Lines+1) // it has the next line
	}
	return release.Candidate{
		Kind: release.KindPublication, Name: publishedName(s), Study: s.About.Name, Of: of,
		Made: madeOf(made), Start: s.About.Start.String(), End: s.About.End.String(),
	}, nil
}

// madeOf is what a publication is made of, as the register knows it.
func madeOf(m publication.Made) string {
	h := sha256.New()
	for _, name := range m.Editions {
		fmt.Fprintf(h, "%s\n", name)
	}
	fmt.Fprintf(h, "%s\n%s\n%s\n", m.Config, m.Software, m.Lang)
	return hex.EncodeToString(h.Sum(nil))
}

// publishedName is the publication's in the register.
func publishedName(s *study.Study) string { return published + s.About.Term }

// published begins the name of each publication in the register.
const published = "published-"

func (b *Batch) newestEditions() ([]string, error) {
	var dirs []string
	for _, kind := range []string{edition.KindResearch, edition.KindSchools} {
		newest, err := edition.Newest(b.Study.Path(b.Study.Output.Editions), kind, b.Study.About.Term)
		if err != nil {
			return nil, err
		}
		if newest.Dir == "" {
			return nil, fmt.Errorf("%w: there is no %s edition; hint: entscope anonymize", study.ErrInput, kind)
		}
		dirs = append(dirs, newest.Dir)
	}
	return dirs, nil
}

// internalAudit is the folder of what the officer alone reads of the audit, beside that of
// the publication.
func internalAudit(s *study.Study) string {
	return filepath.Join(filepath.Dir(s.Path(s.Output.Published)), "audit-internal")
}

// writeFindings keeps what everybody may read of the audit with the pages, and the rest
// apart. A claim that fails refuses the publication.
func (b *Batch) writeFindings(dir string, findings *audit.Report) error {
	if findings.OK() {
		if err := audit.WriteInternal(b.Disk, internalAudit(b.Study), findings); err != nil {
			return err
		}
		return audit.WritePublic(b.Disk, dir, findings)
	}
	return refusedBy(findings)
}

// refusedBy is the refusal for the claims that failed; nil where none did.
func refusedBy(findings *audit.Report) error {
	if findings.OK() {
		return nil
	}
	var failed []string
	for _, claim := range findings.Failed() {
		failed = append(failed, claim.ID+": "+claim.Title+" "+claim.Detail)
	}
	return fmt.Errorf("%w: the audit failed: %s", ErrRefused, strings.Join(failed, "; "))
}

// stageProgress is Progress for one stage.
func (b *Batch) stageProgress(stage string) func(done, total int64) {
	return func(done, total int64) { b.Progress(stage, done, total) }
}
