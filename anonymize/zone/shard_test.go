package zone

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/durable/durabletest"
	"github.com/entscope/entscope/anonymize/pseudonym"
)

// decodeShard is Decode without a directory.
func decodeShard(t testing.TB, o IngestOptions, shard Shard) *ShardSummary {
	t.Helper()
	if err := os.MkdirAll(shard.Dir(o.Zone), 0o700); err != nil {
		t.Fatal(err)
	}
	in, err := newIngestion(o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := in.shard(t.Context(), shard)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// unsynced are options whose disk waits for nothing.
func unsynced(t testing.TB, zone string, key *pseudonym.StudyKey, threads int, files []string) IngestOptions {
	o := options(t, zone, key, threads, files)
	o.Disk = durabletest.Unsynced()
	return o
}

func ingestUnsynced(t testing.TB, zone string, key *pseudonym.StudyKey, threads int, files []string) *Summary {
	t.Helper()
	s, err := Ingest(t.Context(), unsynced(t, zone, key, threads, files))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t testing.TB, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(data, nil)
}

// mixed are deliveries of every kind that an ingestion treats in a way of its own.
func mixed(t testing.TB) map[string][]byte {
	first, second := day("2025-09-29", 2500), day("2025-09-30", 2000)
	return map[string][]byte{
		"01.log": first, "02.log": second, "03.log.gz": gzipped(t, day("2025-10-01", 3000)),
		"04.log.gz": gzipped(t, first), "05.log.zst": zstandard(t, second), "06.log": second, // delivered again
		"07.log.gz": gzipped(t, day("2025-10-02", 3000))[:9000],                           // cut short
		"08.log":    bytes.Repeat([]byte("not a record\n"), 300),                          // set aside
		"09.log":    append(day("2025-10-03", 200), bytes.Repeat([]byte("no\n"), 100)...), // set aside, with rows
		"10.log":    day("2025-10-04", 2000)[:50_001],                                     // half-written
		"11.log":    day("2025-10-04", 2000),
		"12.log":    {}, "13.log": day("2025-11-03", 9000), // more than a flush
		"14.log.zst": zstandard(t, day("2025-11-04", 400)), "15.log": day("2025-11-04", 400),
	}
}

// TestShards: whichever shards have decoded whichever deliveries, the zone has the bytes of one process and an
// ingestion says of it what it would have said.
func TestShards(t *testing.T) {
	key := eventsKey(t)
	files := put(t, t.TempDir(), mixed(t))
	one := t.TempDir()
	said := ingestUnsynced(t, one, key, 2, files)
	want := tree(t, one)
	all := func(n int) (list []Shard) {
		for i := range n {
			list = append(list, Shard{i + 1, n})
		}
		return list
	}
	for _, c := range []struct {
		name   string
		shards []Shard
		before func(t *testing.T, zone string)
		least  int // deliveries that come from shards
	}{
		{name: "one", shards: all(1), least: 7},
		{name: "two", shards: all(2), least: 7},
		{name: "more than deliveries", shards: all(40), least: 7},
		{name: "twice", shards: slices.Concat(all(3), all(3)), least: 7},
		{name: "one is missing", shards: all(3)[1:], least: 1},
		{name: "of two numbers", shards: slices.Concat(all(3)[:1], all(2)[1:]), least: 1},
		{name: "nothing but a folder", before: func(t *testing.T, zone string) {
			put(t, mkdir(t, Shard{1, 2}.Dir(zone)), map[string][]byte{LockName: nil, ".rows.partial": []byte("half")})
		}},
		{name: "rows damaged", shards: all(2), least: 0, before: func(t *testing.T, zone string) {
			for i, path := range filesOf(t, zone, rowsSuffix) {
				damage(t, path, i)
			}
		}},
		{name: "ledger damaged", shards: all(2), before: func(t *testing.T, zone string) {
			for _, path := range filesOf(t, zone, ledgerSuffix) {
				put(t, filepath.Dir(path), map[string][]byte{filepath.Base(path): []byte(`{"version": `)})
			}
		}},
		{name: "of another version", shards: all(2), before: func(t *testing.T, zone string) {
			for _, path := range filesOf(t, zone, ledgerSuffix) {
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				put(t, filepath.Dir(path), map[string][]byte{
					filepath.Base(path): bytes.Replace(data, []byte(`"version":1`), []byte(`"version":99`), 1),
				})
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			zone := t.TempDir()
			for _, s := range c.shards {
				decodeShard(t, unsynced(t, zone, key, 2, files), s)
			}
			if c.before != nil {
				c.before(t, zone)
			}
			s := ingestUnsynced(t, zone, key, 1, files)
			sameTree(t, "one process and shards", want, tree(t, zone))
			if s.Taken < c.least || c.least == 0 && s.Taken > 0 {
				t.Errorf("%d deliveries come from shards, expected at least %d", s.Taken, c.least)
			}
			s.Shards, s.Taken = nil, 0
			if !reflect.DeepEqual(s.Refused, said.Refused) || s.Read != said.Read || s.Known != said.Known ||
				!reflect.DeepEqual(s.Feeds, said.Feeds) {
				t.Errorf("said %+v\nof one process %+v", s, said)
			}
		})
	}
}

func mkdir(t testing.TB, dir string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// filesOf are the files of shards of a kind.
func filesOf(t testing.TB, zone, suffix string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(zone, shardsDir, "*", "*"+suffix))
	if err != nil || len(files) < 5 {
		t.Fatalf("%d files %s, %v", len(files), suffix, err)
	}
	return files
}

// damage spoils a file of rows, each in another way.
func damage(t testing.TB, path string, way int) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	switch n := len(data); {
	case way%4 == 0 || n == 0:
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		return
	case way%4 == 1:
		data = data[:n/2]
	case way%4 == 2:
		data[n-1] ^= 0x40
	default:
		copy(data, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	}
	put(t, filepath.Dir(path), map[string][]byte{filepath.Base(path): data})
}

// TestShardsOfWhatChanges: what was decoded counts only of the bytes, and in the settings, that the ingestion finds.
func TestShardsOfWhatChanges(t *testing.T) {
	key := eventsKey(t)
	whole := day("2025-09-29", 3000)
	for _, c := range []struct {
		name   string
		change func(t *testing.T, raw string, o *IngestOptions)
		taken  int // of the two
	}{
		{"nothing", func(*testing.T, string, *IngestOptions) {}, 2},
		{"a delivery grows", func(t *testing.T, raw string, _ *IngestOptions) {
			put(t, raw, map[string][]byte{"a.log": append(slices.Clone(whole), day("2025-10-06", 300)...)})
		}, 1},
		{"another of the same size", func(t *testing.T, raw string, _ *IngestOptions) {
			put(t, raw, map[string][]byte{"a.log": bytes.ReplaceAll(whole, []byte("2025-09-29"), []byte("2025-09-28"))})
		}, 1},
		{"a delivery goes", func(t *testing.T, raw string, o *IngestOptions) {
			o.Feeds[0].Files = o.Feeds[0].Files[1:]
		}, 1},
		{"a delivery has another name", func(t *testing.T, raw string, o *IngestOptions) {
			to := filepath.Join(raw, "0.log")
			if err := os.Rename(o.Feeds[0].Files[0], to); err != nil {
				t.Fatal(err)
			}
			o.Feeds[0].Files[0] = to
		}, 2},
		{"other settings", func(_ *testing.T, _ string, o *IngestOptions) { o.Feeds[0].Settings = "other" }, 0},
		{"more rejects are allowed", func(_ *testing.T, _ string, o *IngestOptions) { o.MaxRejectShare = 0.5 }, 2},
		{"fewer rejects are allowed", func(_ *testing.T, _ string, o *IngestOptions) { o.MaxRejectShare = 0.001 }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw, zone, one := t.TempDir(), t.TempDir(), t.TempDir()
			files := put(t, raw, map[string][]byte{"a.log": whole, "b.log": day("2025-09-30", 2000)})
			decodeShard(t, unsynced(t, zone, key, 1, files), Shard{1, 1})
			o := unsynced(t, zone, key, 1, files)
			c.change(t, raw, &o)
			s, err := Ingest(t.Context(), o)
			if s == nil {
				t.Fatal(err)
			}
			o.Zone = one
			if said, _ := Ingest(t.Context(), o); said == nil || len(said.Refused) != len(s.Refused) {
				t.Errorf("one process refuses otherwise: %+v, %+v", said, s)
			}
			sameTree(t, "one process and shards", tree(t, one), tree(t, zone))
			if s.Taken != c.taken {
				t.Errorf("%d deliveries come from the shard, expected %d", s.Taken, c.taken)
			}
		})
	}
}

// TestShardsAfterOthers: a zone that holds deliveries already is filled by shards as by one process, a log that grew
// included.
func TestShardsAfterOthers(t *testing.T) {
	key, raw := eventsKey(t), t.TempDir()
	grown := day("2025-09-29", 3000)
	cut := bytes.LastIndexByte(grown[:len(grown)/2], '\n') + 1
	files := put(t, raw, map[string][]byte{"a.log": grown[:cut], "b.log": day("2025-09-30", 2000)})
	one, zone := t.TempDir(), t.TempDir()
	for _, dir := range []string{one, zone} {
		ingestUnsynced(t, dir, key, 1, files)
	}
	files = put(t, raw, map[string][]byte{
		"a.log": grown, "b.log": day("2025-09-30", 2000), "c.log": day("2025-10-01", 2000),
	})
	ingestUnsynced(t, one, key, 1, files)
	known := 0
	for i := range 2 {
		known += decodeShard(t, unsynced(t, zone, key, 1, files), Shard{i + 1, 2}).Known
	}
	s := ingestUnsynced(t, zone, key, 1, files)
	sameTree(t, "one process and shards", tree(t, one), tree(t, zone))
	if s.Taken != 2 || known != 1 {
		t.Errorf("%d deliveries come from shards, which knew %d", s.Taken, known)
	}
}

var shardDraws = flag.Int("shard-draws", 15, "how many sets of deliveries TestShardsOfAnything draws")

// TestShardsOfAnything draws deliveries, some of them the same in other clothes, and shards of which some are run.
func TestShardsOfAnything(t *testing.T) {
	key, r := eventsKey(t), rand.New(rand.NewPCG(1, 17))
	contents := make([][]byte, 4)
	for i := range contents {
		contents[i] = day(fmt.Sprintf("2025-09-0%d", i+1), 300+700*i)
	}
	pack := []func(testing.TB, []byte) []byte{
		func(_ testing.TB, b []byte) []byte { return b }, gzipped, zstandard,
	}
	for draw := range *shardDraws {
		raw, one, zone := t.TempDir(), t.TempDir(), t.TempDir()
		named := map[string][]byte{}
		for i := range 1 + r.IntN(7) {
			named[fmt.Sprintf("%d.log", i)] = pack[r.IntN(len(pack))](t, contents[r.IntN(len(contents))])
		}
		files := put(t, raw, named)
		for range r.IntN(5) {
			n := 1 + r.IntN(3)
			decodeShard(t, unsynced(t, zone, key, 1, files), Shard{1 + r.IntN(n), n})
		}
		ingestUnsynced(t, one, key, 1, files)
		ingestUnsynced(t, zone, key, 1, files)
		sameTree(t, fmt.Sprintf("draw %d", draw), tree(t, one), tree(t, zone))
	}
}

// TestShardKilled: a shard that is ended at any chunk leaves nothing that an ingestion would take by halves, and goes
// on where it stopped.
func TestShardKilled(t *testing.T) {
	key := eventsKey(t)
	files := put(t, t.TempDir(), mixed(t))
	one, zone := t.TempDir(), t.TempDir()
	ingestUnsynced(t, one, key, 1, files)
	want := tree(t, one)
	shard := Shard{1, 1}
	mkdir(t, shard.Dir(zone))
	for stop := 1; ; stop += 3 {
		ctx, cancel := context.WithCancel(t.Context())
		o := unsynced(t, zone, key, 1, files)
		calls := 0
		o.Progress = func(int64, int64) {
			if calls++; calls == stop {
				cancel()
			}
		}
		in, err := newIngestion(o)
		if err != nil {
			t.Fatal(err)
		}
		_, err = in.shard(ctx, shard)
		cancel()
		copied := t.TempDir()
		if err := os.CopyFS(copied, os.DirFS(zone)); err != nil {
			t.Fatal(err)
		}
		ingestUnsynced(t, copied, key, 1, files)
		sameTree(t, fmt.Sprintf("ended at %d", stop), want, tree(t, copied))
		if err == nil {
			if stop < 10 {
				t.Errorf("a shard ends at progress %d", stop)
			}
			return
		}
	}
}

// TestShardsShareDeliveries: each delivery is of one shard, whatever is in it, and all have some.
func TestShardsShareDeliveries(t *testing.T) {
	for _, n := range []int{1, 2, 3, 8, 100} {
		count := make([]int, n)
		for i := range 100 * n {
			of := 0
			for k := range n {
				if (Shard{k + 1, n}).holds("portal", fmt.Sprintf("/in/%d/access-%d.log", i%7, i)) {
					count[k]++
					of++
				}
			}
			if of != 1 {
				t.Fatalf("n %d: a delivery of %d shards", n, of)
			}
		}
		if least := slices.Min(count); least < 50 {
			t.Errorf("n %d: a shard has %d deliveries of %d", n, least, 100*n)
		}
	}
	if (Shard{1, 1}).holds("portal", "-") {
		t.Error("standard input is of a shard")
	}
}

func TestParseShard(t *testing.T) {
	for text, want := range map[string]Shard{
		"1/1": {1, 1}, "0/1": {1, 1}, "2/8": {2, 8}, "8/8": {8, 8}, "0/8": {8, 8}, "9999/9999": {9999, 9999},
		"": {}, "1": {}, "9/8": {}, "-1/8": {}, "1/0": {}, "1/-2": {}, "01/8": {}, "1/8 ": {}, " 1/8": {}, "+1/8": {},
		"1/8/9": {}, "1/10000": {}, "a/b": {}, "$(INDEX)/8": {}, "1/99999999999999999999": {},
	} {
		got, err := ParseShard(text)
		if got != want || (err == nil) != (want.N > 0) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
		if err != nil {
			continue
		}
		if s, ok := shardIn(filepath.Base(got.Dir("zone"))); !ok || s != got {
			t.Errorf("%q: its folder is of %v, %t", text, s, ok)
		}
	}
	for _, name := range []string{"", "1-of-0", "3-of-2", "01-of-2", "1-of-2x", LockName, "1-of-2.entscope-new"} {
		if s, ok := shardIn(name); ok {
			t.Errorf("folder %q is of %v", name, s)
		}
	}
}

func TestMissingShards(t *testing.T) {
	states := func(shards ...Shard) (list []ShardState) {
		for _, s := range shards {
			list = append(list, ShardState{Shard: s})
		}
		return list
	}
	for _, c := range []struct {
		there, missing []Shard
	}{
		{nil, nil},
		{[]Shard{{1, 1}}, nil},
		{[]Shard{{2, 3}}, []Shard{{1, 3}, {3, 3}}},
		{[]Shard{{1, 2}, {1, 3}, {3, 3}}, []Shard{{2, 2}, {2, 3}}},
	} {
		if got := Missing(states(c.there...)); !slices.Equal(got, c.missing) {
			t.Errorf("%v: missing %v", c.there, got)
		}
	}
}

// TestEventRowEncoding: every column but Delivery comes back, also one that is added to EventRow.
func TestEventRowEncoding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var row EventRow
		v := reflect.ValueOf(&row).Elem()
		for i := range v.NumField() {
			if v.Type().Field(i).Name == "Delivery" {
				continue
			}
			bits := v.Field(i).Type().Bits()
			v.Field(i).SetInt(rapid.Int64Range(math.MinInt64>>(64-bits), math.MaxInt64>>(64-bits)).Draw(t, "value"))
		}
		var got EventRow
		rest, err := got.decode(append(row.encode([]byte{}), "next"...))
		if err != nil || got != row || string(rest) != "next" {
			t.Fatalf("%+v became %+v, %v", row, got, err)
		}
	})
}

// FuzzEventRow: what no shard wrote is an error, and never more than its bytes.
func FuzzEventRow(f *testing.F) {
	f.Add((&EventRow{PersonKey: -1, TsMs: 1 << 60, Weight: 1}).encode(nil))
	f.Add([]byte(strings.Repeat("\xff", 40)))
	f.Fuzz(func(t *testing.T, data []byte) {
		for len(data) > 0 {
			var row EventRow
			rest, err := row.decode(data)
			if err != nil {
				return
			}
			if len(rest) >= len(data) {
				t.Fatalf("%d bytes left of %d", len(rest), len(data))
			}
			data = rest
		}
	})
}
