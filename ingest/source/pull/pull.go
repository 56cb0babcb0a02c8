// Package pull fetches deliveries from a server into an inbox folder.
//
//  1. The server's list is compared with the ledger (.pulled.json in the inbox):
//     what was fetched in this state is not fetched again, even when its file has
//     been moved away since.
//  2. What is still being written is left for later: names of unfinished
//     transfers, files that changed within the settling time, windows not over
//     for long enough. Names that could leave the folder are refused.
//  3. A file is written under a hidden name, hashed, compared with the server's
//     state once more, synced, and renamed into place. A transfer that broke off
//     goes on where it stopped, in this run or the next.
//  4. A file that grew takes the place of what it begins with. One that is
//     another under the same name (a rotated log) is put beside it, with the
//     first digits of its hash in its name; nothing that was delivered is lost.
//
// Temporary faults are tried again with growing pauses; one that stays is an
// error that wraps source.ErrTemporary. A file that the server lists and does not
// give (it redirects elsewhere, forbids, answers with a fault) is left, named, and
// the others are fetched; a server that gives less than half of its files, or fails
// for a while three files in a row, is itself at fault, and that is an error. What
// was fetched until then stays, so that running again goes on. One Pull at a time
// works in an inbox, whichever study names it: a second one is refused (ErrLocked).
package pull

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/source/entcore"
	"github.com/entscope/entscope/ingest/source/https"
	"github.com/entscope/entscope/ingest/source/lrs"
	"github.com/entscope/entscope/ingest/source/postgres"
	"github.com/entscope/entscope/ingest/source/s3"
	"github.com/entscope/entscope/ingest/source/sftp"
)

// ErrLocked says that another process fetches into the same inbox.
var ErrLocked = errors.New("another run fetches into this inbox")

// lockName is the file in an inbox whose lock is held while it is filled.
const lockName = ".entscope.lock"

// Pulled says what a Pull did.
type Pulled struct {
	// Fetched is how many files are new or grew, Known how many were there.
	Fetched, Known int
	// Bytes is how many bytes were written.
	Bytes int64
	// Left are the files that were not taken, each with the reason.
	Left []string
	// Failed are those that the server lists and did not give, each with the reason.
	Failed []string
}

// server is what a kind of server must do.
type server interface {
	List(context.Context) ([]source.Entry, error)
	Stat(context.Context, source.Entry) (source.Entry, error)
	// Open reads from offset on, or returns source.ErrNoResume.
	Open(ctx context.Context, e source.Entry, offset int64) (io.ReadCloser, error)
	Close() error
}

func dial(ctx context.Context, r source.Remote) (server, error) {
	switch r.Kind {
	case "https":
		return https.Dial(r)
	case "sftp":
		return sftp.Dial(ctx, r)
	case "s3":
		return s3.Dial(r)
	case "postgres":
		return postgres.Dial(ctx, r)
	case "entcore":
		return entcore.Dial(r)
	case "lrs":
		return lrs.Dial(r)
	}
	return nil, fmt.Errorf("kind %q is unknown", r.Kind)
}

// Options are who is told how it goes; both may be nil.
type Options struct {
	// Progress is told bytes: those fetched and those of all files to be fetched whose size is known.
	Progress func(done, total int64)
	// Log is told at debug what is tried again, and why.
	Log *slog.Logger
	// Disk is where the inbox lies; the zero Disk is the machine's.
	Disk durable.Disk
}

// Pull fetches what r has and inbox has not.
func Pull(ctx context.Context, inbox string, r source.Remote, o Options) (Pulled, error) {
	if o.Progress == nil {
		o.Progress = func(int64, int64) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	p := &puller{
		inbox: inbox, disk: o.Disk, remote: r, progress: o.Progress, log: o.Log, now: time.Now,
		dial:    func(ctx context.Context) (server, error) { return dial(ctx, r) },
		pauses:  []time.Duration{time.Second, 4 * time.Second, 15 * time.Second},
		listing: time.Hour,
	}
	return p.run(ctx)
}

type puller struct {
	inbox    string
	disk     durable.Disk
	remote   source.Remote
	progress func(done, total int64)
	log      *slog.Logger
	now      func() time.Time
	dial     func(context.Context) (server, error)
	pauses   []time.Duration // before each new attempt
	listing  time.Duration   // how long a list may take: one without end is none

	server      server // nil when there is no connection
	ledger      *ledger
	out         Pulled
	done, total int64
}

func (p *puller) run(ctx context.Context) (out Pulled, err error) {
	if err := p.remote.Check(); err != nil {
		return Pulled{}, fmt.Errorf("pull: %w", err)
	}
	if err := p.disk.MkdirAll(p.inbox, 0o700); err != nil {
		return Pulled{}, fmt.Errorf("pull: %w", err)
	}
	lock := flock.New(filepath.Join(p.inbox, lockName), flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err != nil {
		return Pulled{}, fmt.Errorf("pull: lock: %w", err)
	}
	if !held {
		return Pulled{}, fmt.Errorf("pull: %s: %w", p.inbox, ErrLocked)
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	if p.ledger, err = openLedger(p.disk, p.inbox, p.remote.ID()); err != nil {
		return Pulled{}, fmt.Errorf("pull: %w", err)
	}
	defer func() {
		p.hangUp()
		err = errors.Join(err, p.ledger.save())
		out = p.out
	}()
	var entries []source.Entry
	err = p.try(ctx, func(ctx context.Context) (err error) {
		ctx, cancel := context.WithTimeout(ctx, p.listing)
		defer cancel()
		entries, err = p.server.List(ctx)
		return err
	})
	if err != nil {
		return p.out, fmt.Errorf("pull: list: %w", err)
	}
	todo := p.choose(entries)
	if err := p.sweep(todo); err != nil {
		return p.out, fmt.Errorf("pull: %w", err)
	}
	p.progress(0, p.total)
	if err := p.fetchAll(ctx, todo); err != nil {
		return p.out, fmt.Errorf("pull: %w", err)
	}
	return p.out, nil
}

// maxDown is how many files in a row may fail for a while before the server counts
// as down: each has been tried again with all pauses by then.
const maxDown = 3

// fetchAll fetches the deliveries. One that the server does not give is left; the
// error is the last one of a server that is down, or gives less than half of them.
func (p *puller) fetchAll(ctx context.Context, todo []delivery) error {
	failed, down := 0, 0
	for _, d := range todo {
		err := p.fetch(ctx, d)
		if err == nil {
			down = 0
			continue
		}
		if !refused(err) || ctx.Err() != nil {
			return fmt.Errorf("%s: %w", d.file, err)
		}
		failed++
		if down++; !errors.Is(err, source.ErrTemporary) {
			down = 0
		}
		switch {
		case down == maxDown, len(todo) == 1:
			return fmt.Errorf("%s: %w", d.file, err)
		case 2*failed > len(todo):
			return fmt.Errorf("%d of %d files failed; %s: %w", failed, len(todo), d.file, err)
		}
		p.out.Failed = append(p.out.Failed, fmt.Sprintf("%q: %v", d.Name, err))
	}
	return nil
}

// refused reports whether the server is at fault, not this machine.
func refused(err error) bool {
	for _, kind := range []error{source.ErrServer, source.ErrDenied, source.ErrGone, source.ErrTemporary} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// delivery is an entry to be fetched, and its name in the inbox.
type delivery struct {
	source.Entry
	file string
}

// partialSuffix ends the names of our unfinished transfers: those of other tools,
// which may write into the same inbox, are not ours to remove.
const partialSuffix = ".entscope-partial"

// partial is the hidden name of an unfinished transfer: of this state only.
func (d delivery) partial() string { return "." + d.file + "." + state(d.Entry) + partialSuffix }

// choose says which entries are to be fetched, and counts the others.
func (p *puller) choose(entries []source.Entry) []delivery {
	slices.SortFunc(entries, func(a, b source.Entry) int { return strings.Compare(a.Name, b.Name) })
	var todo []delivery
	taken := map[string]bool{}
	for _, e := range entries {
		if ok, err := path.Match(p.remote.Match, path.Base(e.Name)); p.remote.Match != "" && (err != nil || !ok) {
			continue
		}
		file, reason := localName(e.Name)
		switch {
		case reason != "":
		case taken[file]:
			reason = "another file has this name in the inbox"
		case p.ledger.knows(e):
			taken[file] = true
			p.out.Known++
			continue
		case e.Size > p.remote.MaxFile():
			reason = "larger than max_file_mb"
		case p.now().Sub(e.Modified) < p.remote.SettleTime():
			if p.remote.Windowed() {
				continue // the future is not worth a word
			}
			reason = "changed a moment ago, may still be written"
		}
		if reason != "" {
			p.leave(e.Name, reason)
			continue
		}
		taken[file] = true
		p.total += max(e.Size, 0)
		todo = append(todo, delivery{e, file})
	}
	return todo
}

func (p *puller) leave(name, reason string) {
	p.out.Left = append(p.out.Left, fmt.Sprintf("%q: %s", name, reason))
}

// sweep removes the remains of transfers that will not go on.
func (p *puller) sweep(todo []delivery) error {
	wanted := map[string]bool{}
	for _, d := range todo {
		wanted[d.partial()] = true
	}
	remains, err := filepath.Glob(filepath.Join(p.inbox, ".*"+partialSuffix))
	if err != nil {
		return err
	}
	for _, r := range remains {
		if !wanted[filepath.Base(r)] {
			err = errors.Join(err, p.disk.Remove(r))
		}
	}
	return err
}

// try does something with a connection, again after a pause when the fault is
// temporary.
func (p *puller) try(ctx context.Context, do func(context.Context) error) error {
	for attempt := 0; ; attempt++ {
		err := p.connected(ctx, do)
		if err == nil || !errors.Is(err, source.ErrTemporary) || attempt == len(p.pauses) || ctx.Err() != nil {
			return err
		}
		p.hangUp()
		p.log.Debug("try again", "after", p.pauses[attempt].String(), "fault", err)
		pause := time.NewTimer(p.pauses[attempt])
		select {
		case <-ctx.Done():
			pause.Stop()
			return ctx.Err()
		case <-pause.C:
		}
	}
}

func (p *puller) connected(ctx context.Context, do func(context.Context) error) (err error) {
	if p.server == nil {
		if p.server, err = p.dial(ctx); err != nil {
			p.server = nil
			return err
		}
		if p.remote.Windowed() { // which windows there are, the new connection must know
			if _, err := p.server.List(ctx); err != nil {
				return err
			}
		}
	}
	return do(ctx)
}

// hangUp ends the connection; what is wrong with it has been told already.
func (p *puller) hangUp() {
	if p.server != nil {
		_ = p.server.Close()
		p.server = nil
	}
}
