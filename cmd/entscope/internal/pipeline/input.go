package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/source/pull"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// pull fetches the deliveries of the sources that have a server and lists those
// of every feed. That a pattern matches nothing is found here, before anything
// is written.
func (b *Batch) pull(ctx context.Context) (outcome, error) {
	out := outcome{counts: map[string]int64{}}
	var faults []error
	for _, src := range b.Study.Sources {
		if remote, ok := b.Study.Remote(src); ok {
			inbox := filepath.Dir(b.Study.Path(src.Files[0]))
			got, err := pull.Pull(ctx, inbox, remote, func(done, total int64) { b.Progress("pull", done, total) })
			out.changed = out.changed || got.Fetched > 0
			out.counts[src.Name+" fetched"] = int64(got.Fetched)
			for _, left := range got.Left {
				out.warnings = append(out.warnings, fmt.Sprintf("source %s: left on the server: %s", src.Name, left))
			}
			if err != nil {
				switch { // a temporary fault keeps its own kind: run it again
				case errors.Is(err, source.ErrSecret):
					err = errors.Join(ErrConfig, err)
				case errors.Is(err, source.ErrDenied), errors.Is(err, source.ErrServer):
					err = errors.Join(ErrInput, err)
				}
				return out, fmt.Errorf("source %s: %w", src.Name, err)
			}
		}
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
