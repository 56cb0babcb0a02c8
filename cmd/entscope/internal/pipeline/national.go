package pipeline

import (
	"context"
	"fmt"

	answers "github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/national"
	"github.com/entscope/entscope/ingest/source"
)

// NationalMarks makes the marks that a publication shows beside its own figures.
type NationalMarks func(context.Context) (*report.National, error)

// MarksOf gives the marks of some files of the national open data, and the hash of the
// files; nil of none. doubt is told what is doubtful in them.
func MarksOf(ctx context.Context, files []string, threads int, doubt func(string)) (NationalMarks, string, error) {
	if len(files) == 0 {
		return nil, "", nil
	}
	hash, err := national.Digest(ctx, files)
	if err != nil {
		return nil, "", err
	}
	return func(ctx context.Context) (*report.National, error) {
		read, err := national.ReadParentDevices(ctx, files, max(1, threads))
		if err != nil {
			return nil, err
		}
		for _, w := range read.Warnings {
			doubt(w)
		}
		schools := make([]answers.MarkSchool, len(read.Schools))
		for i, s := range read.Schools {
			schools[i] = answers.MarkSchool(s)
		}
		marks, bands := answers.Marks(schools)
		shown := &report.National{SchoolYear: read.SchoolYear, Synthetic: read.Synthetic, Bands: bands}
		for _, m := range marks {
			shown.Marks = append(shown.Marks, report.NationalMark(m))
		}
		return shown, nil
	}, hash, nil
}

// nationalMarks are those of the files that the study names.
func (b *Batch) nationalMarks(ctx context.Context) (NationalMarks, string, error) {
	of := b.Study.Reference.National
	if of == nil {
		return nil, "", nil
	}
	files, err := source.Glob(b.Study.Dir, of.Files)
	if err != nil {
		return nil, "", fmt.Errorf("%w: reference.national: %w", study.ErrInput, err)
	}
	doubt := func(text string) { b.Log.Warn("national open data", "doubt", text) }
	make, hash, err := MarksOf(ctx, files, b.Study.Limits.Threads, doubt)
	if err != nil {
		return nil, "", fmt.Errorf("%w: reference.national: %w", study.ErrInput, err)
	}
	return func(ctx context.Context) (*report.National, error) {
		marks, err := make(ctx)
		if err != nil {
			return nil, fmt.Errorf("%w: reference.national: %w", study.ErrInput, err)
		}
		return marks, nil
	}, hash, nil
}
