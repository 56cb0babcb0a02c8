package simulate_test

import (
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/format/cas"
	"github.com/entscope/entscope/ingest/format/combined"
	"github.com/entscope/entscope/ingest/format/entcore"
	"github.com/entscope/entscope/ingest/format/uportal"
	"github.com/entscope/entscope/ingest/simulate"
)

// The regions that several tests read, each written once; nobody changes them.
var (
	small = written("small", simulate.Config{Parents: 2000, Schools: 30, Seed: 7, Direct: true})
	year  = written("year", simulate.Config{Years: 1, Parents: 800, Schools: 16, Seed: 3})
)

// kept is a folder that lasts as long as the process.
var kept string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "entscope-simulate-")
	if err != nil {
		panic(err)
	}
	kept = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func written(name string, c simulate.Config) func(t *testing.T) (dir string) {
	write := sync.OnceValue(func() error {
		return simulate.Write(context.Background(), filepath.Join(kept, name), c, nil)
	})
	return func(t *testing.T) string {
		t.Helper()
		if err := write(); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(kept, name)
	}
}

// The decoders were written from the same facts by other hands: they must take
// all records but the planted broken ones.
func TestDecodersReadTheRegion(t *testing.T) {
	dir := small(t)
	clock, err := ingest.NewClock("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	names, err := catalog.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	urls, err := names.URLs("pronote")
	if err != nil {
		t.Fatal(err)
	}
	for _, feed := range []struct {
		pattern string
		format  ingest.Format
	}{
		{"raw/entcore/*.ndjson",
			entcore.New(entcore.Options{Clock: clock, Modules: names.Names(catalog.EntcoreModules),
				Events: names.Names(catalog.EntcoreEvents), Profiles: names.Names(catalog.EntcoreProfiles)})},
		{"raw/uportal/*.log",
			uportal.New(uportal.Options{Clock: clock, Names: names.Names(catalog.UPortalNames),
				Classes: names.Names(catalog.UPortalClasses)})},
		{"raw/cas/*.log", cas.New(cas.Options{Clock: clock})},
		{"raw/pronote/*.log.gz", combined.New(combined.Options{Clock: clock, URLs: urls})},
	} {
		files, err := filepath.Glob(filepath.Join(dir, feed.pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no file (%v)", feed.pattern, err)
		}
		var all ingest.Counts
		for _, name := range files {
			c := account(t, name, feed.format)
			all.Add(&c)
		}
		t.Logf("%s: %+v", feed.pattern, all)
		if !all.Balanced() || all.Events < 1000 {
			t.Errorf("%s: unbalanced or empty", feed.pattern)
		}
		if share := float64(all.Rejected()) / float64(all.Read); all.Rejected() == 0 || share > 0.01 {
			t.Errorf("%s: rejected %d of %d", feed.pattern, all.Rejected(), all.Read)
		}
		if len(all.Unknown) > 0 {
			t.Errorf("%s: names the catalog lacks: %v", feed.pattern, all.Unknown)
		}
	}
}

// The logs of years that are clean must be read without a reject, and polling must
// be told from what people do.
func TestDecodersReadYears(t *testing.T) {
	dir := year(t)
	clock, err := ingest.NewClock("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	names, err := catalog.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	urls, err := names.URLs("entcore")
	if err != nil {
		t.Fatal(err)
	}
	for pattern, format := range map[string]ingest.Format{
		"raw/app/*.log": combined.New(combined.Options{Clock: clock, URLs: urls}),
		"raw/entcore/*.ndjson": entcore.New(entcore.Options{Clock: clock, Modules: names.Names(catalog.EntcoreModules),
			Events: names.Names(catalog.EntcoreEvents), Profiles: names.Names(catalog.EntcoreProfiles)}),
		"raw/uportal/*.log": uportal.New(uportal.Options{Clock: clock, Names: names.Names(catalog.UPortalNames),
			Classes: names.Names(catalog.UPortalClasses)}),
		"raw/cas/*.log": cas.New(cas.Options{Clock: clock}),
	} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no file (%v)", pattern, err)
		}
		var all ingest.Counts
		for _, name := range files {
			c := account(t, name, format)
			all.Add(&c)
		}
		t.Logf("%s: %+v", pattern, all)
		share := float64(all.Rejected()) / float64(all.Read)
		if !all.Balanced() || share > 0.01 || len(all.Unknown) > 0 {
			t.Errorf("%s: rejected %d of %d, unknown %v", pattern, all.Rejected(), all.Read, all.Unknown)
		}
		if pattern == "raw/app/*.log" && (all.Rejected() > 0 || all.Events == 0 || 3*all.Events > all.Read) {
			t.Errorf("%s: rejected %d, %d events of %d lines", pattern, all.Rejected(), all.Events, all.Read)
		}
	}
}

func account(t *testing.T, name string, format ingest.Format) ingest.Counts {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if filepath.Ext(name) == ".gz" {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	c, err := ingest.Account(context.Background(), r, format, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.Counts
}
