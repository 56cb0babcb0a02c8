package pull

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/entscope/entscope/ingest/source"
)

var epoch = time.Date(2025, 9, 8, 12, 0, 0, 0, time.UTC)

// shelf is a server in memory that can fail.
type shelf struct {
	files   map[string][]byte
	changed map[string]time.Time
	breakAt int     // a transfer breaks there, once
	fails   []error // of the next calls to Open
	grows   string  // a file that grows while it is read
	opened  []string
	dials   int
}

func newShelf() *shelf {
	return &shelf{files: map[string][]byte{}, changed: map[string]time.Time{}}
}

func (s *shelf) put(name, text string, at time.Time) {
	s.files[name], s.changed[name] = []byte(text), at
}

func (s *shelf) List(context.Context) (entries []source.Entry, err error) {
	for name := range s.files {
		e, _ := s.Stat(context.Background(), source.Entry{Name: name})
		entries = append(entries, e)
	}
	return entries, nil
}

func (s *shelf) Stat(_ context.Context, e source.Entry) (source.Entry, error) {
	e.Size, e.Modified = int64(len(s.files[e.Name])), s.changed[e.Name]
	return e, nil
}

func (s *shelf) Open(_ context.Context, e source.Entry, offset int64) (io.ReadCloser, error) {
	s.opened = append(s.opened, fmt.Sprintf("%s+%d", e.Name, offset))
	if len(s.fails) > 0 {
		err := s.fails[0]
		s.fails = s.fails[1:]
		return nil, err
	}
	var r io.Reader = bytes.NewReader(s.files[e.Name][offset:])
	if s.breakAt > 0 {
		r = io.MultiReader(io.LimitReader(r, int64(s.breakAt)-offset), broken{})
		s.breakAt = 0
	}
	if s.grows == e.Name {
		s.put(e.Name, string(s.files[e.Name])+"more\n", s.changed[e.Name].Add(time.Second))
	}
	return io.NopCloser(r), nil
}

func (s *shelf) Close() error { return nil }

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// pull runs once; now is an hour after the epoch.
func pull(t *testing.T, s *shelf, inbox string, change ...func(*puller)) (Pulled, error) {
	t.Helper()
	p := &puller{
		log:   slog.New(slog.DiscardHandler),
		inbox: inbox, remote: source.Remote{Kind: "https", URL: "https://ent.test/logs/"},
		progress: func(int64, int64) {},
		now:      func() time.Time { return epoch.Add(time.Hour) },
		dial:     func(context.Context) (server, error) { s.dials++; return s, nil },
		pauses:   []time.Duration{time.Millisecond, time.Millisecond},
		listing:  time.Minute,
	}
	for _, c := range change {
		c(p)
	}
	return p.run(context.Background())
}

// files is what the inbox holds, hidden files aside.
func files(t *testing.T, inbox string) map[string]string {
	t.Helper()
	found := map[string]string{}
	list, err := os.ReadDir(inbox)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if strings.HasSuffix(f.Name(), partialSuffix) {
			t.Errorf("left over: %s", f.Name())
		}
		if !strings.HasPrefix(f.Name(), ".") {
			data, err := os.ReadFile(filepath.Join(inbox, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			found[f.Name()] = string(data)
		}
	}
	return found
}

func expect(t *testing.T, out Pulled, err error, fetched, known, left int) {
	t.Helper()
	if err != nil || out.Fetched != fetched || out.Known != known || len(out.Left) != left {
		t.Fatalf("%+v, %v; want %d fetched, %d known, %d left", out, err, fetched, known, left)
	}
}

func TestPullTwice(t *testing.T) {
	s, inbox := newShelf(), filepath.Join(t.TempDir(), "inbox")
	s.put("a.log", "one\n", epoch)
	s.put("ecole/b.log", "two\n", epoch)
	out, err := pull(t, s, inbox)
	expect(t, out, err, 2, 0, 0)
	if out.Bytes != 8 {
		t.Errorf("%d bytes", out.Bytes)
	}
	out, err = pull(t, s, inbox)
	expect(t, out, err, 0, 2, 0)
	if len(s.opened) != 2 {
		t.Errorf("opened %v", s.opened)
	}
	os.Remove(filepath.Join(inbox, "a.log")) // moved away after it was ingested
	out, err = pull(t, s, inbox)
	expect(t, out, err, 0, 2, 0)
	os.Remove(filepath.Join(inbox, LedgerName))
	out, err = pull(t, s, inbox)
	expect(t, out, err, 1, 1, 0)
	if got := files(t, inbox); got["ecole_b.log"] != "two\n" || len(got) != 2 {
		t.Errorf("%v", got)
	}
	info, _ := os.Stat(filepath.Join(inbox, "a.log"))
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestGrownAndRotated(t *testing.T) {
	s, inbox := newShelf(), t.TempDir()
	step := func(text string, after time.Duration, fetched, known int) {
		t.Helper()
		s.put("access.log", text, epoch.Add(after))
		out, err := pull(t, s, inbox)
		expect(t, out, err, fetched, known, 0)
	}
	step("day 1\n", 1, 1, 0)
	step("day 1\nmore\n", 2, 1, 0)
	step("day 1\nmore\n", 3*time.Second, 0, 1) // touched
	if got := files(t, inbox); len(got) != 1 || got["access.log"] != "day 1\nmore\n" {
		t.Fatalf("%v", got)
	}
	step("day 2\n", 4*time.Second, 1, 0)
	step("day 2\nand more than on the first\n", 5*time.Second, 1, 0)
	got := files(t, inbox)
	if len(got) != 2 || got["access.log"] != "day 1\nmore\n" {
		t.Fatalf("%v", got)
	}
	for name, text := range got {
		if name != "access.log" && (text != "day 2\nand more than on the first\n" ||
			!strings.HasPrefix(name, "access-") || !strings.HasSuffix(name, ".log")) {
			t.Errorf("%s: %q", name, text)
		}
	}
}

func TestFileOfAnother(t *testing.T) {
	s, inbox := newShelf(), t.TempDir()
	s.put("a.log", "pulled\n", epoch)
	os.WriteFile(filepath.Join(inbox, "a.log"), []byte("put there by hand\n"), 0o600)
	out, err := pull(t, s, inbox)
	expect(t, out, err, 1, 0, 0)
	if got := files(t, inbox); got["a.log"] != "put there by hand\n" || len(got) != 2 {
		t.Errorf("%v", got)
	}
}

// TestFilesOfOthers shares an inbox with another tool and with files copied by
// hand: neither an unfinished transfer nor a compressed log of theirs goes.
func TestFilesOfOthers(t *testing.T) {
	inbox := t.TempDir()
	theirs := map[string]string{".week.log.partial": "half", "access.log.gz": "\x1f\x8bsmall"}
	for name, text := range theirs {
		if err := os.WriteFile(filepath.Join(inbox, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := newShelf()
	s.put("access.log.gz", "\x1f\x8bsomething else, and longer", epoch)
	if _, err := pull(t, s, inbox); err != nil {
		t.Fatal(err)
	}
	for name, text := range theirs {
		if data, err := os.ReadFile(filepath.Join(inbox, name)); err != nil || string(data) != text {
			t.Errorf("%s holds %q (%v), want what was there", name, data, err)
		}
	}
	if found := files(t, inbox); len(found) != 2 {
		t.Errorf("%d files in the inbox, want theirs and ours beside it: %v", len(found), found)
	}
}

// TestOnePullAtATime refuses to fetch into an inbox that is being filled.
func TestOnePullAtATime(t *testing.T) {
	inbox := t.TempDir()
	lock := flock.New(filepath.Join(inbox, lockName))
	if held, err := lock.TryLock(); err != nil || !held {
		t.Fatalf("lock: %v, %v", held, err)
	}
	s := newShelf()
	s.put("a.log", "a\n", epoch)
	if _, err := pull(t, s, inbox); !errors.Is(err, ErrLocked) {
		t.Errorf("error %v, want ErrLocked", err)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	if out, err := pull(t, s, inbox); err != nil || out.Fetched != 1 {
		t.Errorf("afterwards: %+v, %v", out, err)
	}
}

func TestLeft(t *testing.T) {
	long := strings.Repeat("x", 300)
	for name, want := range map[string]string{
		"../../etc/passwd": "refused", "/etc/passwd": "refused", "a//b": "refused", "a/./b": "refused",
		"a/../b": "refused", "..": "refused", "": "refused", `a\..\b`: "refused", "a\x00b": "refused",
		"a\nb": "refused", "\xff": "refused", long: "refused", "c:x": "refused", ".hidden": "hidden",
		"a/.git/b": "hidden", "~x": "hidden", "x.log.part": "written", "x.log.TMP": "written", "x.log~": "written",
		"x.filepart": "written",
	} {
		s, inbox := newShelf(), t.TempDir()
		s.put(name, "x", epoch)
		out, err := pull(t, s, inbox)
		if err != nil || out.Fetched != 0 || len(out.Left) != 1 || !strings.Contains(out.Left[0], want) ||
			len(files(t, inbox)) != 0 || len(s.opened) != 0 {
			t.Errorf("%q: %+v, %v", name, out, err)
		}
	}
}

func TestLeftForLater(t *testing.T) {
	s, inbox := newShelf(), t.TempDir()
	s.put("new.log", "x", epoch.Add(time.Hour-30*time.Second))
	s.put("grows.log", "xy", epoch)
	s.put("large.log", strings.Repeat("x", 1<<20+1), epoch)
	s.put("a/b.log", "x", epoch)
	s.put("a_b.log", "y", epoch)
	s.put("x.txt", "x", epoch)
	s.grows = "grows.log"
	small := func(p *puller) { p.remote.MaxFileMB, p.remote.Match = 1, "*.log" }
	out, err := pull(t, s, inbox, small)
	expect(t, out, err, 1, 0, 4)
	for _, want := range []string{"may still be written", "changed while", "max_file_mb",
		"another file has this name"} {
		if !strings.Contains(strings.Join(out.Left, "\n"), want) {
			t.Errorf("%q is not among %q", want, out.Left)
		}
	}
	s.grows = ""
	out, err = pull(t, s, inbox, small, func(p *puller) {
		p.now = func() time.Time { return epoch.Add(2 * time.Hour) }
	})
	expect(t, out, err, 2, 1, 2)
}

func TestGoesOn(t *testing.T) {
	text := strings.Repeat("line of a log\n", 1000)
	s, inbox := newShelf(), t.TempDir()
	s.put("a.log", text, epoch)
	s.breakAt = 5000
	out, err := pull(t, s, inbox)
	expect(t, out, err, 1, 0, 0)
	if !slices.Equal(s.opened, []string{"a.log+0", "a.log+5000"}) || s.dials != 2 || files(t, inbox)["a.log"] != text {
		t.Errorf("opened %v, %d connections", s.opened, s.dials)
	}
	// In another run, and not when the file has changed meanwhile.
	for name, tt := range map[string]struct {
		change bool
		want   string
	}{"same": {false, "b.log+7000"}, "changed": {true, "b.log+0"}} {
		s, inbox := newShelf(), t.TempDir()
		s.put("b.log", text, epoch)
		s.breakAt = 7000
		if _, err := pull(t, s, inbox, func(p *puller) { p.pauses = nil }); !errors.Is(err, source.ErrTemporary) {
			t.Fatalf("%s: %v", name, err)
		}
		if tt.change {
			s.put("b.log", strings.ToUpper(text), epoch.Add(time.Second))
		}
		out, err := pull(t, s, inbox)
		expect(t, out, err, 1, 0, 0)
		if s.opened[1] != tt.want || files(t, inbox)["b.log"] != string(s.files["b.log"]) {
			t.Errorf("%s: opened %v", name, s.opened)
		}
	}
}

func TestFaults(t *testing.T) {
	busy := fmt.Errorf("x: %w", source.ErrTemporary)
	s, inbox := newShelf(), t.TempDir()
	s.put("a.log", "x", epoch)
	s.put("b.log", "y", epoch)
	s.fails = []error{busy, busy}
	out, err := pull(t, s, inbox)
	expect(t, out, err, 2, 0, 0)

	s.put("c.log", "z", epoch)
	s.fails = []error{busy, busy, busy}
	if out, err = pull(t, s, inbox); !errors.Is(err, source.ErrTemporary) || out.Known != 2 {
		t.Errorf("%+v %v", out, err)
	}
	s.fails, s.opened = []error{source.ErrDenied}, nil
	if _, err = pull(t, s, inbox); !errors.Is(err, source.ErrDenied) || len(s.opened) != 1 {
		t.Errorf("%v after %v", err, s.opened)
	}
	s.fails = []error{os.ErrPermission} // this machine's fault, not the server's
	if out, err = pull(t, s, inbox); !errors.Is(err, os.ErrPermission) || len(out.Failed) != 0 {
		t.Errorf("%+v %v", out, err)
	}
	s.fails = nil
	os.WriteFile(filepath.Join(inbox, LedgerName), []byte("{"), 0o600)
	if _, err = pull(t, s, inbox); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("%v", err)
	}
	_, err = Pull(context.Background(), inbox, source.Remote{Kind: "sftp"}, Options{})
	if err == nil || !strings.Contains(err.Error(), "known_hosts") || !strings.Contains(err.Error(), "user") {
		t.Errorf("not all faults at once: %v", err)
	}
}

// TestServerWithholds: files that the server lists and does not give are named, and
// the others fetched, up to half of them or three in a row that fail for a while.
func TestServerWithholds(t *testing.T) {
	down := fmt.Errorf("status 503: %w", source.ErrTemporary)
	for name, tt := range map[string]struct {
		fails           []error
		fetched, failed int
		want            error
	}{
		"a redirect":      {[]error{source.ErrServer}, 5, 1, nil},
		"half, forbidden": {[]error{source.ErrDenied, source.ErrDenied, source.ErrDenied}, 3, 3, nil},
		"more than half": {[]error{source.ErrServer, source.ErrServer, source.ErrServer, source.ErrServer}, 0, 3,
			source.ErrServer},
		"two down":              {[]error{down, down}, 4, 2, nil},
		"three down in a row":   {[]error{down, down, down}, 0, 2, source.ErrTemporary},
		"three down, not a row": {[]error{down, down, source.ErrServer}, 3, 3, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, inbox := newShelf(), t.TempDir()
			for _, file := range []string{"a.log", "b.log", "c.log", "d.log", "e.log", "f.log"} {
				s.put(file, file, epoch)
			}
			s.fails = tt.fails
			out, err := pull(t, s, inbox, func(p *puller) { p.pauses = nil })
			if !errors.Is(err, tt.want) {
				t.Fatalf("error %v, want %v", err, tt.want)
			}
			if out.Fetched != tt.fetched {
				t.Errorf("%d fetched, want %d", out.Fetched, tt.fetched)
			}
			if len(out.Failed) != tt.failed {
				t.Errorf("failed %q, want %d", out.Failed, tt.failed)
			}
			if err != nil {
				return
			}
			if out, err = pull(t, s, inbox); out.Fetched != tt.failed || err != nil {
				t.Errorf("again: %+v, %v; want what had failed", out, err)
			}
		})
	}
}

// TestRotatedAway: a file that is gone, or another, when its turn comes is left and
// said; the others are fetched.
func TestRotatedAway(t *testing.T) {
	for want, fault := range map[string]error{"not on the server any more": source.ErrGone,
		"changed while it was fetched": source.ErrMoved} {
		s, inbox := newShelf(), t.TempDir()
		s.put("a.log", "x", epoch)
		s.put("b.log", "y", epoch)
		s.fails = []error{fmt.Errorf("status: %w", fault)}
		out, err := pull(t, s, inbox)
		expect(t, out, err, 1, 0, 1)
		if out.Left[0] != `"a.log": `+want || len(files(t, inbox)) != 1 {
			t.Errorf("%q", out.Left)
		}
	}
}

func TestCancelled(t *testing.T) {
	s, inbox := newShelf(), t.TempDir()
	s.put("a.log", "x", epoch)
	ctx, cancel := context.WithCancel(context.Background())
	p := &puller{log: slog.New(slog.DiscardHandler), inbox: inbox,
		remote: source.Remote{Kind: "https", URL: "https://ent.test/"}, now: time.Now,
		pauses:   []time.Duration{time.Hour},
		progress: func(int64, int64) {}, listing: time.Minute,
		dial: func(context.Context) (server, error) { cancel(); return nil, source.ErrTemporary }}
	if _, err := p.run(ctx); err == nil {
		t.Error("no error")
	}
}

func FuzzLocalName(f *testing.F) {
	for _, name := range []string{"a.log", "a/b.log", "../x", "/", "a/../../b", ".x", "x~"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		file, reason := localName(name)
		if (file == "") != (reason != "") {
			t.Fatalf("%q: %q, %q", name, file, reason)
		}
		if reason == "" && (filepath.Base(file) != file || strings.HasPrefix(file, ".") || !filepath.IsLocal(file)) {
			t.Fatalf("%q becomes %q", name, file)
		}
	})
}
