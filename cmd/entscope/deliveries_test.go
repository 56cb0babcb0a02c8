//go:build chain

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// TestDayByDay: logs that come a file at a time, out of order, some twice and in
// other clothes, some cut off and completed later, make the editions, byte for
// byte, that they make when all of them are there at once. A run of each.
func TestDayByDay(t *testing.T) {
	t.Parallel()
	region := ownDemo(t)
	study := filepath.Join(region, "study.toml")
	want := tree(t, filepath.Join(region, "editions"))
	if len(want) < 10 {
		t.Fatalf("%d files in the editions", len(want))
	}

	// The same study again, but for its events: the salt stays, the zone goes.
	for _, dir := range []string{"editions", "restricted/events", "restricted/directory", "restricted/rejects"} {
		if err := os.RemoveAll(filepath.Join(region, dir)); err != nil {
			t.Fatal(err)
		}
	}
	var logs []string // those that are to come: the last of each feed, of which a first one is there
	contents := map[string][]byte{}
	for _, dir := range []string{"entcore", "uportal", "cas", "pronote"} {
		list, err := filepath.Glob(filepath.Join(region, "raw", dir, "*.*"))
		if err != nil {
			t.Fatal(err)
		}
		logs = append(logs, list[max(1, len(list)-2):]...)
	}
	for _, name := range logs {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		contents[name] = data
		os.Remove(name)
	}
	slices.Reverse(logs)
	write := func(name string, data []byte) {
		t.Helper()
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i, name := range logs {
		data := contents[name]
		plain := !strings.HasSuffix(name, ".gz")
		switch {
		case i%3 == 0: // cut off within a record, or a block; the rest comes tomorrow
			write(name, data[:len(data)/2])
			command(t, -1, "ingest", study)
		case i%3 == 1 && plain: // twice, and once packed
			write(strings.TrimSuffix(name, filepath.Ext(name))+"-again"+filepath.Ext(name), data)
		case i%3 == 2 && plain && filepath.Ext(name) == ".log":
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			w.Write(data)
			w.Close()
			write(strings.TrimSuffix(name, ".log")+"-packed.log", b.Bytes())
			command(t, -1, "ingest", study)
		}
		write(name, data)
		command(t, -1, "ingest", study)
	}
	command(t, -1, "run", study, "--until", "anonymize")
	got := tree(t, filepath.Join(region, "editions"))
	for name := range want {
		if want[name] != got[name] {
			t.Errorf("%s differs: %d bytes at once, %d day by day", name, len(want[name]), len(got[name]))
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
}
