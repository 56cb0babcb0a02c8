package lake

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/lake/laketest"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/format/uportal"
	"github.com/entscope/entscope/ingest/source"
)

// machine is one with a cache of a store.
type machine struct {
	t      *testing.T
	dir    string
	remote source.Remote
	master *pseudonym.MasterKey
	format ingest.Format
}

func newMachine(t *testing.T, remote source.Remote) *machine {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	if err := pseudonym.RestoreKey(path, nil, sha256.Sum256([]byte("test"))); err != nil {
		t.Fatal(err)
	}
	master, err := pseudonym.LoadKey(path, "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	clock, err := ingest.NewClock("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	m := &machine{t: t, dir: filepath.Join(t.TempDir(), "restricted"), remote: remote, master: master,
		format: uportal.New(uportal.Options{Clock: clock, Names: c.Names(catalog.UPortalNames),
			Classes: c.Names(catalog.UPortalClasses)})}
	if err := zone.Claim(durable.Disk{}, m.dir); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *machine) key(salt [32]byte) (*pseudonym.StudyKey, error) {
	return m.master.Study("test", "2025-2026", salt)
}

// open is the store as this machine sees it, with little patience.
func (m *machine) open() *Store {
	m.t.Helper()
	s, err := Open(Options{Remote: m.remote, Dir: m.dir, Key: m.key})
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { s.Close() })
	s.pauses = []time.Duration{time.Millisecond, time.Millisecond}
	return s
}

// fetched is the store after Fetch.
func (m *machine) fetched() *Store {
	m.t.Helper()
	s := m.open()
	if err := s.Fetch(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
	return s
}

// ingest reads the logs of some days into the folder, objections included.
func (m *machine) ingest(days ...string) {
	m.t.Helper()
	salt, err := pseudonym.LoadSalt(m.dir)
	if err != nil {
		m.t.Fatal(err)
	}
	key, err := m.key(salt)
	if err != nil {
		m.t.Fatal(err)
	}
	raw := m.t.TempDir()
	var files []string
	for _, day := range days {
		var b bytes.Buffer
		for i := range 60 {
			fmt.Fprintf(&b, "%s %02d:%02d:00,000\tportal\tSSTART\tENTAuxPersRelEleve\t1\tF%05d\t0280036M\t%d\n", day, i/6, i%60,
				i%8, i)
		}
		fmt.Fprintf(&b, "%s no record\n", day)
		files = append(files, filepath.Join(raw, day+".log"))
		if err := os.WriteFile(files[len(files)-1], b.Bytes(), 0o600); err != nil {
			m.t.Fatal(err)
		}
	}
	_, err = zone.Ingest(m.t.Context(), zone.IngestOptions{Zone: m.dir, Key: key, MaxRejectShare: 0.5,
		Feeds: []ingest.Feed{{Number: 1, Name: "portal", Format: m.format, Files: files, Accounts: "uportal"}}})
	if err != nil {
		m.t.Fatal(err)
	}
}

// run is what a run does with its zone.
func (m *machine) run(days ...string) error {
	m.t.Helper()
	s := m.open()
	if err := s.Fetch(m.t.Context()); err != nil {
		return err
	}
	m.ingest(days...)
	return s.Commit(m.t.Context())
}

func (m *machine) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// files are those that the zone consists of.
func (m *machine) files() map[string]string {
	m.t.Helper()
	files := map[string]string{}
	m.must(fs.WalkDir(os.DirFS(m.dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && zone.IsContent(path) {
			data, err := os.ReadFile(filepath.Join(m.dir, path))
			files[path] = string(data)
			return err
		}
		return err
	}))
	return files
}

// standing are the bytes of the zone on the store by the paths of its listing; there is no object beside them.
func (m *machine) standing(store *laketest.Store) map[string]string {
	m.t.Helper()
	s := m.open()
	salt, err := s.salt(m.t.Context())
	m.must(err)
	m.must(s.know(salt))
	objects := store.Objects()
	there, err := s.list(m.t.Context())
	m.must(err)
	n := s.newest(there)
	l, err := s.decode(n, objects[m.remote.Prefix+s.listing(n)])
	m.must(err)
	counted := map[string]bool{markName: true, saltName: true, s.listing(n): true}
	files := map[string]string{}
	for _, e := range l.Files {
		counted[s.object(e)] = true
		files[e.Path] = string(objects[m.remote.Prefix+s.object(e)])
	}
	for object := range there {
		if !counted[object] {
			m.t.Errorf("object %s is not of the zone", object)
		}
	}
	return files
}

func same(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	if len(want) < 4 {
		t.Fatalf("%s: only %d files", what, len(want))
	}
	if !maps.Equal(got, want) {
		t.Errorf("%s: other files or bytes: %q, want %q", what, slices.Sorted(maps.Keys(got)),
			slices.Sorted(maps.Keys(want)))
	}
}

// TestSameBytes: the objects of a store are the files of a folder, and so are those of another cache.
func TestSameBytes(t *testing.T) {
	store := laketest.New(t)
	m := newMachine(t, store.Remote(t, "a/b/"))
	folder := newMachine(t, source.Remote{})
	for _, days := range [][]string{{"2025-09-29"}, {"2025-09-29", "2025-09-30"}, {"2025-09-30", "2025-10-01"}} {
		m.must(m.run(days...))
		if salt, err := pseudonym.LoadSalt(folder.dir); err != nil {
			salt, err = pseudonym.LoadSalt(m.dir)
			m.must(err)
			m.must(pseudonym.RestoreSalt(durable.Disk{}, folder.dir, salt))
		} else if salt == ([32]byte{}) {
			t.Fatal("no salt")
		}
		folder.ingest(days...)
		same(t, "cache", m.files(), folder.files())
		same(t, "store", m.standing(store), folder.files())
		other := newMachine(t, m.remote)
		other.fetched()
		same(t, "another cache", other.files(), folder.files())
	}
	before := store.Objects()
	m.must(m.run("2025-10-01"))
	if !maps.EqualFunc(before, store.Objects(), bytes.Equal) {
		t.Error("a run with nothing new changed the store")
	}
	for key := range before {
		if !strings.HasPrefix(key, "a/b/") {
			t.Errorf("%s lies outside of the prefix", key)
		}
	}
}

// TestTwoMachines: of two that ingest at once the second is told that it has lost, and takes up the rest.
func TestTwoMachines(t *testing.T) {
	store := laketest.New(t)
	remote := store.Remote(t, "z/")
	a, b := newMachine(t, remote), newMachine(t, remote)
	atA, atB := a.fetched(), b.fetched()
	a.ingest("2025-09-29")
	b.ingest("2025-09-30")
	a.must(atA.Commit(t.Context()))
	if err := atB.Commit(t.Context()); !errors.Is(err, ErrLost) {
		t.Fatalf("the second: %v, want ErrLost", err)
	}
	fresh := newMachine(t, remote)
	fresh.fetched()
	same(t, "after the first", fresh.files(), a.files())
	b.must(b.run("2025-09-30"))
	z, err := zone.Open(b.dir)
	b.must(err)
	if n := len(z.Deliveries()); n != 2 {
		t.Errorf("%d deliveries, want those of both", n)
	}
	same(t, "store", a.standing(store), b.files())

	// A number that others have taken and swept away meanwhile is as lost.
	late := a.fetched()
	b.must(b.run("2025-10-01"))
	b.must(b.run("2025-10-02"))
	a.ingest("2025-10-03")
	if err := late.Commit(t.Context()); !errors.Is(err, ErrLost) {
		t.Errorf("the late one: %v, want ErrLost", err)
	}
	a.must(a.run("2025-10-03"))
	if z, err = zone.Open(a.dir); err != nil || len(z.Deliveries()) != 5 {
		t.Errorf("%d deliveries, %v", len(z.Deliveries()), err)
	}
	same(t, "store", b.standing(store), a.files())
}

// TestEndedAtEveryRequest ends a run at each of its requests in turn, before or after the store has done what it was
// asked: another machine finds what was there or all of it, and the next run ends as one that was never ended.
func TestEndedAtEveryRequest(t *testing.T) {
	for first, after := range []bool{false, true} { // every second request of both
		for n := 1 + first; ; n += 2 {
			store := laketest.New(t)
			m := newMachine(t, store.Remote(t, "z/"))
			m.must(m.run("2025-09-29"))
			want := m.files()
			ended := endAt(store, n, after)
			err := m.run("2025-09-29", "2025-09-30", "2025-10-01")
			store.Before(nil)
			if !ended.Load() {
				if n < 12 || err != nil {
					t.Fatalf("%d requests, %v", n, err)
				}
				break
			}
			other := newMachine(t, m.remote)
			other.fetched()
			if files := other.files(); !maps.Equal(files, want) && !maps.Equal(files, m.files()) {
				t.Errorf("ended at request %d: another machine finds neither what was there nor all of it", n)
			}
			m.must(m.run("2025-09-29", "2025-09-30", "2025-10-01"))
			same(t, fmt.Sprintf("ended at request %d and run again", n), m.standing(store), m.files())
			other.fetched()
			same(t, "another machine", other.files(), m.files())
		}
	}
}

// endAt ends every connection from request n on; after lets the store do request n first.
func endAt(store *laketest.Store, n int, after bool) *atomic.Bool {
	ended, seen := new(atomic.Bool), new(atomic.Int64)
	store.Before(func(_ http.ResponseWriter, r *http.Request) bool {
		at := int(seen.Add(1))
		if at < n {
			return false
		}
		if ended.Store(true); at == n && after {
			store.Serve(httptest.NewRecorder(), r)
		}
		panic(http.ErrAbortHandler)
	})
	return ended
}

// TestCache: what a cache is found to be, and what becomes of it.
func TestCache(t *testing.T) {
	store := laketest.New(t)
	m := newMachine(t, store.Remote(t, "z/"))
	m.must(m.run("2025-09-29", "2025-09-30"))
	want := m.files()

	// Deleted as a whole, in part, or changed.
	for name, damage := range map[string]func() error{
		"deleted": func() error { return os.RemoveAll(m.dir) },
		"events":  func() error { return os.RemoveAll(filepath.Join(m.dir, "events")) },
		"a file": func() error {
			paths, err := filepath.Glob(filepath.Join(m.dir, "events", "month=*", "*", "*.parquet"))
			return errors.Join(err, os.Remove(paths[0]))
		},
		"state": func() error { return os.Remove(filepath.Join(m.dir, zone.CacheName)) },
		"a file cut, state lost": func() error {
			paths, err := filepath.Glob(filepath.Join(m.dir, "events", "month=*", "*", "*.parquet"))
			return errors.Join(err, os.Truncate(paths[0], 10), os.Remove(filepath.Join(m.dir, zone.CacheName)))
		},
	} {
		m.must(damage())
		m.must(zone.Claim(durable.Disk{}, m.dir))
		m.fetched()
		same(t, name, m.files(), want)
	}
	same(t, "store", m.standing(store), want)

	// The cache of another zone, and of one that was destroyed.
	other := newMachine(t, store.Remote(t, "other/"))
	other.must(other.run("2025-09-29"))
	before := store.Objects()
	stray := *other
	stray.remote = m.remote
	if err := stray.run("2025-09-29"); !errors.Is(err, durable.ErrForeign) {
		t.Errorf("a cache of another zone: %v", err)
	}
	if err := stray.open().Destroy(t.Context()); !errors.Is(err, durable.ErrForeign) {
		t.Errorf("destroyed by another zone's folder: %v", err)
	}
	stray.remote = store.Remote(t, "empty/")
	if err := stray.run("2025-09-29"); !errors.Is(err, ErrDestroyed) {
		t.Errorf("a cache of a zone that does not stand: %v", err)
	}
	for key := range store.Objects() {
		if _, was := before[key]; !was && key != "empty/"+markName {
			t.Errorf("%s was put", key)
		}
	}

	// A store that is set back, or has lost what a cache has seen.
	m.must(m.run("2025-10-01"))
	for key, data := range before {
		store.Set(key, data)
	}
	for key := range store.Objects() {
		if _, was := before[key]; !was {
			store.Set(key, nil)
		}
	}
	if err := m.run("2025-10-01"); !errors.Is(err, ErrDamaged) {
		t.Errorf("a store that was set back: %v", err)
	}
}

// TestAdopted: a zone that was a folder gets a store, and keeps its age.
func TestAdopted(t *testing.T) {
	store := laketest.New(t)
	m := newMachine(t, store.Remote(t, ""))
	_, err := pseudonym.CreateSalt(durable.Disk{}, m.dir)
	m.must(err)
	began := time.Date(2025, 9, 1, 8, 0, 0, 0, time.UTC)
	m.must(os.Chtimes(filepath.Join(m.dir, "salt"), began, began))
	m.ingest("2025-09-29")
	m.must(m.run("2025-09-29"))
	other := newMachine(t, m.remote)
	other.fetched()
	same(t, "another machine", other.files(), m.files())
	if since, err := zone.Since(other.dir); err != nil || !since.Equal(began) {
		t.Errorf("the zone is of %v, want %v (%v)", since, began, err)
	}
}

// TestWithdrawn: what a zone loses is no object any more.
func TestWithdrawn(t *testing.T) {
	store := laketest.New(t)
	m := newMachine(t, store.Remote(t, "z/"))
	m.must(m.run("2025-09-29", "2025-09-30"))
	before := store.Objects()
	store.Set("z/notes.txt", []byte("somebody's"))
	// A shard's leavings, and what a run left that was killed.
	s := m.fetched()
	rows := []string{s.zone + "/shards/1-of-2/" + strings.Repeat("a", 24) + ".rows",
		s.zone + "/data/000001-" + strings.Repeat("b", 64)}
	for _, object := range rows {
		store.Set("z/"+object, []byte("rows"))
	}
	m.must(s.FetchShards(t.Context()))
	m.must(zone.DropShards(durable.Disk{}, m.dir))
	m.must(os.WriteFile(filepath.Join(m.dir, "sizes.json"), []byte("{}\n"), 0o600))
	m.must(s.Commit(t.Context()))
	m.must(os.Remove(filepath.Join(m.dir, "sizes.json")))
	m.must(m.fetched().Commit(t.Context()))
	objects := store.Objects()
	if string(objects["z/notes.txt"]) != "somebody's" {
		t.Error("an object that is not ours is gone")
	}
	store.Set("z/notes.txt", nil)
	same(t, "store", m.standing(store), m.files())
	if len(objects) != len(before)+1 {
		t.Errorf("%d objects, want %d", len(objects), len(before)+1)
	}
}

// TestDestroyed: nothing of a zone is left, but what is not of it; a machine still at work writes nothing that stays.
func TestDestroyed(t *testing.T) {
	store := laketest.New(t)
	remote := store.Remote(t, "z/")
	a, b := newMachine(t, remote), newMachine(t, remote)
	a.must(a.run("2025-09-29"))
	atB := b.fetched()
	b.ingest("2025-09-30")
	store.Set("z/notes.txt", []byte("somebody's"))
	a.must(a.open().Destroy(t.Context()))
	if got := slices.Sorted(maps.Keys(store.Objects())); !slices.Equal(got, []string{"z/notes.txt"}) {
		t.Errorf("%q are left", got)
	}
	if err := atB.Commit(t.Context()); !errors.Is(err, ErrDestroyed) {
		t.Errorf("a machine at work: %v, want ErrDestroyed", err)
	}
	store.Set("z/notes.txt", nil)
	if left := store.Objects(); len(left) > 0 {
		t.Errorf("%q came back", slices.Sorted(maps.Keys(left)))
	}
	a.must(a.open().Destroy(t.Context())) // destroyed already

	// The zone after it is another one, which the old machine does not touch.
	c := newMachine(t, remote)
	c.must(c.run("2025-10-01"))
	if err := atB.Commit(t.Context()); !errors.Is(err, ErrDestroyed) {
		t.Errorf("a machine at work: %v, want ErrDestroyed", err)
	}
	if err := b.run("2025-09-30"); !errors.Is(err, durable.ErrForeign) {
		t.Errorf("the cache of a zone that was destroyed: %v", err)
	}
	same(t, "store", c.standing(store), c.files())
}
