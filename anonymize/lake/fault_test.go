package lake

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/lake/laketest"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest/source"
)

// answer has every request of a kind answered so.
func answer(store *laketest.Store, is func(*http.Request) bool, do func(http.ResponseWriter)) {
	store.Before(func(w http.ResponseWriter, r *http.Request) bool {
		if is(r) {
			w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
			do(w)
		}
		return is(r)
	})
}

func every(*http.Request) bool { return true }

func of(method, part string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Method == method && strings.Contains(r.URL.String(), part) }
}

func refuse(status int, code string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { laketest.Refuse(w, status, code) }
}

// TestFaults: whatever a store answers, a run ends with an error of a kind, which shows no secret; another cache and the
// store hold what they held, and once it is mended the run ends well.
func TestFaults(t *testing.T) {
	endless := func(w http.ResponseWriter) {
		for range 1 << 12 {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	}
	cut := func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", "1000000")
		_, _ = w.Write([]byte("half"))
		panic(http.ErrAbortHandler)
	}
	page := func(w http.ResponseWriter) { _, _ = w.Write([]byte("<html><p>Welcome</p></html>")) }
	wrong := func(w http.ResponseWriter) { _, _ = w.Write([]byte("other bytes")) }
	list := func(item string) func(http.ResponseWriter) {
		n := new(atomic.Int64)
		return func(w http.ResponseWriter) {
			fmt.Fprintf(w, "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>%d"+
				"</NextContinuationToken>", n.Add(1))
			for range 1000 {
				fmt.Fprintf(w, item, n.Add(1))
			}
			fmt.Fprint(w, "</ListBucketResult>")
		}
	}
	for _, c := range []struct {
		name  string
		is    func(*http.Request) bool
		do    func(http.ResponseWriter)
		fresh bool // of a cache that has nothing yet
		want  error
	}{
		{"wrong credentials", every, refuse(403, "InvalidAccessKeyId"), false, source.ErrDenied},
		{"no bucket", every, refuse(404, "NoSuchBucket"), false, source.ErrDenied},
		{"busy for long", every, refuse(503, "SlowDown"), false, source.ErrTemporary},
		{"connection lost", every, func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, false, source.ErrTemporary},
		{"a code that is none", every, refuse(400, "it says "+laketest.Secret), false, source.ErrServer},
		{"nonsense for a list", of("GET", "list-type"), page, false, source.ErrServer},
		{"no list", of("GET", "list-type"), wrong, false, source.ErrTemporary},
		{"a list without end", of("GET", "list-type"),
			list("<Contents><Key>z/%09d</Key><Size>1</Size></Contents>"), false, source.ErrServer},
		{"a page of a list without end", of("GET", "list-type"), endless, false, source.ErrServer},
		{"may not write", of("PUT", ""), refuse(403, "AccessDenied"), false, source.ErrDenied},
		{"no condition", of("PUT", markName), refuse(501, "NotImplemented"), false, ErrUnfit},
		{"a mark without end", of("GET", markName), endless, false, durable.ErrForeign},
		{"a salt without end", of("GET", "/"+saltName), endless, false, ErrDamaged},
		{"a salt that is none", of("GET", "/"+saltName), wrong, false, ErrDamaged},
		{"versions are not told", of("GET", "versioning"), refuse(403, "AccessDenied"), false, source.ErrDenied},
		{"data may not be put", of("PUT", "/data/"), refuse(403, "AccessDenied"), false, source.ErrDenied},
		{"data is refused as damaged", of("PUT", "/data/"), refuse(400, "BadDigest"), false, source.ErrServer},
		{"the listing may not be put", of("PUT", "/listing-"), refuse(503, "SlowDown"), false, source.ErrTemporary},
		{"nothing may be removed", of("DELETE", ""), refuse(403, "AccessDenied"), false, source.ErrDenied},
		{"a forged listing", of("GET", "/listing-"), wrong, true, ErrDamaged},
		{"a listing that is not there", of("GET", "/listing-"), refuse(404, "NoSuchKey"), true, ErrDamaged},
		{"a body cut short", of("GET", "/data/"), cut, true, source.ErrTemporary},
		{"a wrong hash", of("GET", "/data/"), wrong, true, ErrDamaged},
		{"a body without end", of("GET", "/data/"), endless, true, ErrDamaged},
		{"no body", of("GET", "/data/"), func(http.ResponseWriter) {}, true, ErrDamaged},
		{"data that is not there", of("GET", "/data/"), refuse(404, "NoSuchKey"), true, ErrDamaged},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			store := laketest.New(t)
			m := newMachine(t, store.Remote(t, "z/"))
			m.must(m.run("2025-09-29"))
			want := m.files()
			other := m
			if c.fresh {
				other = newMachine(t, m.remote)
			}
			answer(store, c.is, c.do)
			err := other.run("2025-09-30")
			store.Before(nil)
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if err != nil && (strings.Contains(err.Error(), laketest.Secret) || len(err.Error()) > 300) {
				t.Errorf("it says %q", err)
			}
			third := newMachine(t, m.remote)
			third.fetched()
			if files := third.files(); !maps.Equal(files, want) && !maps.Equal(files, other.files()) {
				t.Error("the store holds half of a run")
			}
			other.must(other.run("2025-09-30"))
			same(t, "store", other.standing(store), other.files())
		})
	}
}

// TestBusyStore: a store that is busy for a while costs nothing.
func TestBusyStore(t *testing.T) {
	store := laketest.New(t)
	m := newMachine(t, store.Remote(t, "z/"))
	var seen sync.Map
	store.Before(func(w http.ResponseWriter, r *http.Request) bool {
		_, again := seen.LoadOrStore(r.Method+r.URL.String(), true)
		if !again {
			laketest.Refuse(w, 503, "SlowDown")
		}
		return !again
	})
	m.must(m.run("2025-09-29"))
	store.Before(nil)
	same(t, "store", m.standing(store), m.files())
}

// TestUnfit: where a store, or a place on it, cannot hold a zone, nothing is put.
func TestUnfit(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(*laketest.Store)
		want error
		puts int
	}{
		{"it lets the second writer win", func(s *laketest.Store) { s.Careless = true }, ErrUnfit, 1},
		{"it keeps what is removed", func(s *laketest.Store) { s.Versions = true }, ErrUnfit, 0},
		{"somebody's objects", func(s *laketest.Store) { s.Set("z/a.txt", []byte("x")) }, durable.ErrForeign, 0},
		{"another mark", func(s *laketest.Store) { s.Set("z/"+markName, []byte("x")) }, durable.ErrForeign, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := laketest.New(t)
			c.set(store)
			before := len(store.Objects())
			m := newMachine(t, store.Remote(t, "z/"))
			if err := m.run("2025-09-29"); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if n := len(store.Objects()) - before; n != c.puts {
				t.Errorf("%d objects were put", n)
			}
			if err := m.open().Destroy(t.Context()); c.want == durable.ErrForeign && !errors.Is(err, c.want) {
				t.Errorf("destroyed: %v", err)
			}
		})
	}
}

// TestForeignKey: a listing that another key has sealed is refused, also under the right name.
func TestForeignKey(t *testing.T) {
	store := laketest.New(t)
	m := newMachine(t, store.Remote(t, "z/"))
	m.must(m.run("2025-09-29"))
	s := m.fetched()
	l := &listing{Version: listingVersion, Number: 2, Files: s.at.Files}
	sealed, err := s.encode(l)
	m.must(err)
	for name, data := range map[string][]byte{
		"another number":    store.Objects()["z/"+s.listing(1)],
		"another text":      append(sealed[:len(sealed):len(sealed)], '\n'),
		"no MAC":            sealed[33:],
		"nothing":           {},
		"another study key": nil,
	} {
		if name == "another study key" {
			key, err := m.master.Study("other", "2025-2026", [32]byte{1})
			m.must(err)
			forger := *s
			forger.key = key
			data, err = forger.encode(l)
			m.must(err)
		}
		store.Set("z/"+s.listing(2), data)
		if err := m.open().Fetch(t.Context()); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, change := range map[string]func(*entry){
		"out of the folder":  func(e *entry) { e.Path = "../" + e.Path },
		"the salt":           func(e *entry) { e.Path = saltName },
		"a later listing":    func(e *entry) { e.Listing = 3 },
		"a negative length":  func(e *entry) { e.Bytes = -1 },
		"no hash":            func(e *entry) { e.SHA256 = "../x" },
		"no manifest at all": func(e *entry) { e.Path = "joins.json" },
	} {
		changed := &listing{Version: listingVersion, Number: 2, Files: append([]entry(nil), s.at.Files[len(s.at.Files)-1:]...)}
		if name != "no manifest at all" {
			changed.Files = append([]entry(nil), s.at.Files...)
		}
		change(&changed.Files[0])
		sealed, err := s.encode(changed)
		m.must(err)
		if _, err := s.decode(2, sealed); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestShards: what one machine has decoded is taken on another, forged lines are refused, and the store forgets it then.
func TestShards(t *testing.T) {
	store := laketest.New(t)
	remote := store.Remote(t, "z/")
	a, b := newMachine(t, remote), newMachine(t, remote)
	shard := zone.Shard{I: 2, N: 4}
	sa := a.fetched()
	dir := shard.Dir(a.dir)
	a.must(os.MkdirAll(dir, 0o700))
	name := dir + "/" + strings.Repeat("a", 24)
	a.must(errors.Join(os.WriteFile(name+".rows", []byte("rows"), 0o600), os.WriteFile(name+".json", []byte("{}\n"), 0o600),
		os.WriteFile(dir+"/"+zone.LockName, nil, 0o600)))
	a.must(sa.PutShard(t.Context(), shard))
	a.must(a.open().PutShard(t.Context(), shard)) // again, by a process that has not fetched
	sb := b.fetched()
	b.must(sb.FetchShards(t.Context()))
	for suffix, want := range map[string]string{".rows": "rows", ".json": "{}\n"} {
		got, err := os.ReadFile(shard.Dir(b.dir) + "/" + strings.Repeat("a", 24) + suffix)
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", suffix, got, err)
		}
	}
	b.ingest("2025-09-29") // drops shards
	b.must(sb.Commit(t.Context()))
	same(t, "store", b.standing(store), b.files())

	a.must(a.open().PutShard(t.Context(), shard))
	object := "z/" + sa.zone + "/shards/2-of-4/" + strings.Repeat("a", 24) + ".json"
	store.Set(object, []byte(strings.Repeat("0", 32)+"\n{}\n"))
	if err := b.fetched().FetchShards(t.Context()); !errors.Is(err, ErrDamaged) {
		t.Errorf("a forged line: %v", err)
	}
	a.fetched() // follows what b has committed: its shards are in the zone, or stale
	if _, err := os.Stat(name + ".rows"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a stale shard stays: %v", err)
	}
}

// TestFirstSalt: of two machines that begin a zone at once, both have the salt of the first.
func TestFirstSalt(t *testing.T) {
	store := laketest.New(t)
	remote := store.Remote(t, "z/")
	a, b := newMachine(t, remote), newMachine(t, remote)
	first := new(atomic.Bool)
	store.Before(func(_ http.ResponseWriter, r *http.Request) bool {
		if of("PUT", "/"+saltName)(r) && first.CompareAndSwap(false, true) {
			b.fetched() // while a is about to put its own
		}
		return false
	})
	a.fetched()
	of := func(m *machine) [32]byte {
		salt, err := pseudonym.LoadSalt(m.dir)
		m.must(err)
		return salt
	}
	if of(a) != of(b) {
		t.Error("two salts")
	}
}
