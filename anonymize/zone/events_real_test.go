package zone

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/format/cas"
	"github.com/entscope/entscope/ingest/format/combined"
	"github.com/entscope/entscope/ingest/formattest"
)

// TestRealDeliveries reads deliveries that nobody here wrote into a zone: the
// excerpts in the tree and, where it is there, all of ../shared/data. Every
// record is accounted for, and nothing of a record is in the zone.
func TestRealDeliveries(t *testing.T) {
	names, err := catalog.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	urls, err := names.URLs("pronote")
	if err != nil {
		t.Fatal(err)
	}
	clock, err := ingest.NewClock("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	raw := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(raw, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	excerpt := func(path string) []byte {
		data, err := os.ReadFile(filepath.Join("..", "..", "ingest", "format", filepath.FromSlash(path)))
		if err != nil {
			t.Fatal(err)
		}
		_, data, _ = bytes.Cut(data, []byte("\n")) // the licence
		return data
	}
	casFiles := []string{
		file("excerpt.log", excerpt("cas/testdata/cas_excerpt.log")),
		file("audit.log", excerpt("cas/testdata/cas_audit_2018.log")),
	}
	webFiles := []string{file("web.log", excerpt("combined/testdata/apache_excerpt.log"))}
	wantCAS, wantWeb := [2]int64{30, 3}, [2]int64{56, 0} // read, events
	for _, name := range []string{"cas.log", "cas_audit.log", "cas-2019-05-31-01-1.log"} {
		if data, ok := formattest.Shared(t, "cas/"+name); ok {
			casFiles = append(casFiles, file(name, data))
			wantCAS = [2]int64{153, 12}
		}
	}
	if data, ok := formattest.Shared(t, "weblogs/apache_logs"); ok {
		webFiles = append(webFiles, file("apache_logs", data))
		wantWeb = [2]int64{10_056, 0}
	}
	zone := t.TempDir()
	s, err := Ingest(context.Background(), IngestOptions{
		Zone: zone, Key: eventsKey(t), Threads: 2, MaxRejectShare: 0.05,
		Feeds: []ingest.Feed{
			{Number: 1, Name: "cas", Format: cas.New(cas.Options{Clock: clock}), Files: casFiles, Accounts: "cas"},
			{Number: 2, Name: "web", Format: combined.New(combined.Options{Clock: clock, URLs: urls}), Files: webFiles,
				Accounts: "cas"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][2]int64{wantCAS, wantWeb} {
		f := s.Feeds[i]
		if got := [2]int64{f.Read, f.Events}; got != want || !f.Balanced() {
			t.Errorf("%s: read and events %v, want %v (%+v)", f.Name, got, want, f.Counts)
		}
	}
	if rows := zoneRows(t, zone); int64(len(rows)) != wantCAS[1] {
		t.Errorf("%d rows", len(rows))
	}
	for name, data := range tree(t, zone) {
		for _, secret := range []string{"TGT-", "83.149.9.216", "Mozilla", "admin", "semicomplete"} {
			if strings.Contains(data, secret) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
}
