package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/source/pull"
)

// PullOptions are what Pull is told beside the study.
type PullOptions struct {
	// Stdin is what comes on standard input, for the source that asks for it; nil is
	// nothing.
	Stdin io.Reader
	// Progress is told the bytes fetched.
	Progress func(done, total int64)
	// Log is told at debug what each source gave; nil is silent.
	Log *slog.Logger
	// Disk is where deliveries are put; the zero Disk is the machine's.
	Disk durable.Disk
}

// Pulled is what Pull found.
type Pulled struct {
	Changed bool // something came
	Sources []PulledSource
	// Left are the files that stay on a server, and why.
	Left []string
	// Failed are those that a server lists and did not give, and why.
	Failed []string
}

// PulledSource is one source of the study.
type PulledSource struct {
	Name    string
	Remote  bool // it has a server
	Fetched int  // files fetched now
	Files   int  // files there are
}

// Pull fetches the deliveries of the sources that have a server, keeps what comes
// on standard input, and lists the deliveries of every source. That a pattern
// matches nothing is found here, before anything is written. The error wraps
// study.ErrInput or study.ErrConfig, or is one of package source's that says to try
// again; what was found until then comes with it.
func Pull(ctx context.Context, s *study.Study, o PullOptions) (*Pulled, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	all := &Pulled{}
	var faults, failed []error
	for _, src := range s.Sources {
		of := PulledSource{Name: src.Name}
		came, err := spool(ctx, s, src, o)
		if err != nil {
			return all, err
		}
		all.Changed = all.Changed || came
		if remote, ok := s.Remote(src); ok {
			of.Remote = true
			got, err := pull.Pull(ctx, filepath.Dir(s.Path(src.Files[0])), remote,
				pull.Options{Disk: o.Disk, Progress: o.Progress, Log: o.Log.With("source", src.Name)})
			of.Fetched = got.Fetched
			all.Changed = all.Changed || got.Fetched > 0
			for _, left := range got.Left {
				all.Left = append(all.Left, fmt.Sprintf("source %s: left on the server: %s", src.Name, left))
			}
			for _, failed := range got.Failed {
				all.Failed = append(all.Failed, fmt.Sprintf("source %s: the server did not give %s", src.Name, failed))
			}
			if err != nil {
				all.Sources = append(all.Sources, of)
				failed = append(failed, fmt.Errorf("source %s: %w", src.Name, kindOf(err)))
				if ctx.Err() != nil {
					break
				}
				continue // the other servers have theirs to give
			}
		}
		files, err := Deliveries(s, src)
		if err != nil {
			faults = append(faults, fmt.Errorf("source %s: %w", src.Name, err))
		}
		of.Files = len(files)
		o.Log.Debug("source", "name", src.Name, "files", of.Files, "fetched", of.Fetched)
		all.Sources = append(all.Sources, of)
	}
	if err := errors.Join(faults...); err != nil {
		failed = append(failed, fmt.Errorf("%w: %w", study.ErrInput, err))
	}
	return all, errors.Join(failed...)
}

// kindOf marks a fault of a server as the study's or the input's; a temporary one
// keeps its own kind, for it asks to be run again.
func kindOf(err error) error {
	switch {
	case errors.Is(err, pull.ErrLocked):
		return errors.Join(study.ErrLocked, err)
	case errors.Is(err, source.ErrSecret):
		return errors.Join(study.ErrConfig, err)
	case errors.Is(err, source.ErrDenied), errors.Is(err, source.ErrServer), errors.Is(err, source.ErrGone):
		return errors.Join(study.ErrInput, err)
	}
	return err
}

// Deliveries lists the files of a source, those of standard input as they were
// spooled.
func Deliveries(s *study.Study, src study.Source) ([]string, error) {
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

// spool keeps what comes on standard input for the source that asks for it and
// reports whether something came. When nothing comes, what was ingested or spooled
// earlier must do.
func spool(ctx context.Context, s *study.Study, src study.Source, o PullOptions) (came bool, err error) {
	if !slices.Contains(src.Files, source.Stdin) {
		return false, nil
	}
	if o.Stdin != nil {
		n, err := source.Spool(ctx, o.Disk, spoolDir(s, src), o.Stdin)
		if err != nil {
			return false, err
		}
		came = n > 0
	}
	if waiting, err := source.Glob(spoolDir(s, src), []string{"*.log"}); err == nil && len(waiting) > 0 {
		return came, nil
	}
	z, err := zone.Open(s.Path(s.Output.Restricted))
	if err != nil {
		return came, err
	}
	for _, d := range z.Deliveries() {
		if d.Name == src.Name {
			return came, nil
		}
	}
	return came, fmt.Errorf("%w: source %s: nothing comes on standard input and nothing did before; "+
		"hint: entscope run study.toml < access.log", study.ErrInput, src.Name)
}

// Unspool removes what was kept of standard input, once it has been ingested; what is
// left for the next run, by the source's name, stays.
func Unspool(disk durable.Disk, s *study.Study, left map[string]bool) error {
	var faults []error
	for _, src := range s.Sources {
		if slices.Contains(src.Files, source.Stdin) && !left[src.Name] {
			faults = append(faults, disk.RemoveAll(spoolDir(s, src)))
		}
	}
	return errors.Join(faults...)
}
