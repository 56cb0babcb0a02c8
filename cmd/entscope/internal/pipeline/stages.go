package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/analysis/plan"
	"github.com/entscope/entscope/anonymize"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/input"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/directory"
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
	if b.store != nil {
		if err := b.store.FetchShards(ctx); err != nil {
			return outcome{}, OfStore(err)
		}
	}
	var files []directory.FileCounts
	filled, err := zone.Fill(ctx, zone.FillOptions{
		Dir: s.Path(s.Output.Restricted), Disk: b.Disk, Key: key, Feeds: feeds, Threads: s.Limits.Threads,
		Study: input.Subject(s), Limits: input.Limits(s), AcceptLoss: b.AcceptLoss, Progress: b.Progress,
		Directory: func(ctx context.Context, add input.Rows) (*directory.Directory, error) {
			d, err := input.Directory(ctx, s, add)
			if err == nil {
				files = d.Files
			}
			return d, err
		},
	})
	out := outcome{changed: filled.Changed, warnings: filled.Warnings, counts: map[string]int64{}}
	left := make(map[string]bool) // feeds with deliveries that are looked at again
	if filled.Summary != nil {
		for _, r := range filled.Refused {
			left[r.Feed] = true
		}
	}
	var unusable *zone.UnusableError
	// What an input that is refused leaves in a zone, such as what persons who object lose, is on the store as well.
	if b.store != nil && (err == nil || errors.As(err, &unusable)) {
		if fault := b.store.Commit(ctx); fault != nil {
			return out, errors.Join(err, OfStore(fault))
		}
	}
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
	if len(filled.Shards) > 0 {
		out.counts["decoded by shards"] = int64(filled.Taken)
		b.Log.Info(taken(filled.Summary))
	}
	b.report.Ingested = ingestedFrom(s, feeds, files)
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
	o.Engine, o.Threads = config, b.Study.Limits.Threads
	var warnings []string
	o.Distributed, err = b.distributed(func(text string) {
		if !slices.Contains(warnings, text) {
			warnings = append(warnings, text)
		}
	})
	if err != nil {
		return outcome{}, err
	}
	made, err := anonymize.Make(ctx, o)
	if errors.Is(err, anonymize.ErrUnsatisfiable) || errors.Is(err, anonymize.ErrNotAdmitted) {
		return outcome{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if errors.Is(err, release.ErrDamaged) {
		return outcome{}, fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	if err != nil {
		return outcome{}, ofEngine(err)
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
		counts: map[string]int64{}, warnings: warnings}
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
			fmt.Sprintf("edition %s holds no rows of persons: those of these schools have left with %s, and rows leave "+
				"once in twelve months, as the few who changed between two would be told by them; hint: its cells stand without "+
				"them; for rows of this period, take every copy of %s and of this one back and say so (entscope releases recall)",
				filepath.Base(made.Research.Dir), made.Withheld, strings.Join(b.register.StillOut(made.Withheld), ", ")))
	}
	if len(made.Made) > 0 {
		out.warnings = append(out.warnings, toldElsewhere(b.register, filepath.Base(made.Research.Dir), made.Unnamed)...)
	}
	if a := research.Anonymity; a != nil {
		b.Log.Debug("anonymity", "k", a.AchievedK, "suppressed", a.SuppressedPersons, "classes", a.Classes,
			"metric", a.Metric, "proved optimal", a.ProvedOptimal, "generalisation", fmt.Sprint(a.Transformation))
		if a.Classes > 0 { // an edition without rows of persons promises nothing of them
			out.counts["suppressed"], out.counts["k"] = a.SuppressedPersons, a.AchievedK
		}
	}
	return out, nil
}

// toldElsewhere warns for each earlier edition of the families of what must not be known of a school that an edition of
// that name does not tell, since the earlier one does.
func toldElsewhere(r *release.Register, name string, families map[string]string) (warnings []string) {
	by := map[string][]string{}
	for _, family := range slices.Sorted(maps.Keys(families)) {
		by[families[family]] = append(by[families[family]], family)
	}
	for _, earlier := range slices.Sorted(maps.Keys(by)) {
		warnings = append(warnings, fmt.Sprintf("edition %s tells nothing of %s, which must not be known of a school: %s "+
			"told it, and it leaves once of a day (contacts, which addresses are known, once in twelve months), as what arrived "+
			"since may be of one school; contacts are R3 and F2 by address, guardians P1 and P3; hint: read it there; to tell it "+
			"anew, take every copy of %s and of this one back and say so (entscope releases recall)", name, strings.Join(by[earlier], ", "),
			earlier, strings.Join(r.StillOut(earlier), ", ")))
	}
	return warnings
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
		Disk: b.Disk, Key: key, Sign: sign, Releases: releases, Out: s.Path(s.Output.Editions),
		Folder: laid(s, edition.KindResearch), Software: b.Software, ConfigHash: s.Hash, PolicyHash: s.PolicyHash,
		Progress: func(done, total int) { b.Progress("anonymize", int64(done), int64(total)) },
	}, nil
}

// hashOf is the hash of a plan, "" of none.
func hashOf(planned []byte) string {
	if planned == nil {
		return ""
	}
	return plan.Hash(planned)
}

// stageProgress is Progress for one stage.
func (b *Batch) stageProgress(stage string) func(done, total int64) {
	return func(done, total int64) { b.Progress(stage, done, total) }
}
