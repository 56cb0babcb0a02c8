package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
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
		if err := b.spool(ctx, src, &out); err != nil {
			return out, err
		}
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
				case errors.Is(err, pull.ErrLocked):
					err = errors.Join(ErrLocked, err)
				case errors.Is(err, source.ErrSecret):
					err = errors.Join(ErrConfig, err)
				case errors.Is(err, source.ErrDenied), errors.Is(err, source.ErrServer), errors.Is(err, source.ErrGone):
					err = errors.Join(ErrInput, err)
				}
				return out, fmt.Errorf("source %s: %w", src.Name, err)
			}
		}
		files, err := deliveries(b.Study, src)
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

// deliveries lists the files of a source, those of standard input as they were
// spooled.
func deliveries(s *study.Study, src study.Source) ([]string, error) {
	var patterns []string
	for _, p := range src.Files {
		if p != source.Stdin {
			patterns = append(patterns, p)
		}
	}
	files, err := source.Glob(s.Dir, patterns)
	if len(patterns) < len(src.Files) {
		spooled, none := source.Glob(spoolDir(s, src), []string{"*.log"})
		if none != nil && !errors.Is(none, source.ErrEmpty) {
			err = errors.Join(err, none)
		}
		files = append(files, spooled...)
	}
	return files, err
}

// spoolDir is where what came on standard input waits to be ingested: in the
// restricted zone, since it is personal data, and no longer than that.
func spoolDir(s *study.Study, src study.Source) string {
	return filepath.Join(s.Path(s.Output.Restricted), "stdin", src.Name)
}

// spool keeps what comes on standard input for the source that asks for it. When
// nothing comes, what was ingested or spooled earlier must do.
func (b *Batch) spool(ctx context.Context, src study.Source, out *outcome) error {
	if !slices.Contains(src.Files, source.Stdin) {
		return nil
	}
	if b.Stdin != nil {
		n, err := source.Spool(ctx, spoolDir(b.Study, src), b.Stdin)
		if err != nil {
			return err
		}
		out.changed = out.changed || n > 0
	}
	if waiting, err := source.Glob(spoolDir(b.Study, src), []string{"*.log"}); err == nil && len(waiting) > 0 {
		return nil
	}
	z, err := b.zone()
	if err != nil {
		return err
	}
	for _, d := range z.Deliveries() {
		if d.Name == src.Name {
			return nil
		}
	}
	return fmt.Errorf("%w: source %s: nothing comes on standard input and nothing did before; hint: entscope run study.toml < access.log", ErrInput, src.Name)
}

// unspool removes what has been ingested of standard input.
func (b *Batch) unspool() error {
	var faults []error
	for _, src := range b.Study.Sources {
		if slices.Contains(src.Files, source.Stdin) {
			faults = append(faults, os.RemoveAll(spoolDir(b.Study, src)))
		}
	}
	return errors.Join(faults...)
}

// studyKey derives the study's key; the restricted zone gets its salt here when
// it has none yet. The key of a synthetic region is refused where persons are.
func (b *Batch) studyKey() (*pseudonym.StudyKey, error) {
	s := b.Study
	master, err := pseudonym.LoadKey(s.Path(s.Key.File), s.Path(s.Key.Identity))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if master.Synthetic() && !s.About.Synthetic {
		return nil, fmt.Errorf("%w: %s is the published key of a synthetic region, which protects nobody; hint: entscope key init makes one for this study", ErrConfig, s.Key.File)
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
