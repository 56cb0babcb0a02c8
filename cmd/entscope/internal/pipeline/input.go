package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest/source"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// pull lists the deliveries of every feed. Folders need no fetching; that a
// pattern matches nothing is found here, before anything is written.
func (b *Batch) pull(context.Context) (outcome, error) {
	out := outcome{counts: map[string]int64{}}
	var faults []error
	for _, src := range b.Study.Sources {
		files, err := source.Glob(b.Study.Dir, src.Files)
		if err != nil {
			faults = append(faults, fmt.Errorf("source %s: %w", src.Name, err))
		}
		out.counts[src.Name] = int64(len(files))
	}
	if err := errors.Join(faults...); err != nil {
		return out, fmt.Errorf("%w: %w", ErrInput, err)
	}
	b.Progress("pull", 1, 1)
	return out, nil
}

// studyKey derives the study's key; the restricted zone gets its salt here when
// it has none yet.
func (b *Batch) studyKey() (*pseudonym.StudyKey, error) {
	s := b.Study
	master, err := pseudonym.LoadKey(s.Path(s.Key.File), s.Path(s.Key.Identity))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	dir := s.Path(s.Output.Restricted)
	salt, err := pseudonym.LoadSalt(dir)
	if errors.Is(err, fs.ErrNotExist) {
		salt, err = pseudonym.CreateSalt(dir)
	}
	if err != nil {
		return nil, err
	}
	return master.Study(s.About.Purpose, s.About.SchoolYear, salt)
}
