package zone

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/source"
)

// TestGrownFile: a log that is read while it is being written to counts once.
func TestGrownFile(t *testing.T) {
	key, raw := eventsKey(t), t.TempDir()
	whole := day("2025-09-29", 2000)
	cut := bytes.LastIndexByte(whole[:len(whole)/2], '\n') + 1
	other := day("2025-09-30", 500)
	want := t.TempDir()
	ingestAll(t, want, key, 1, put(t, raw, map[string][]byte{"a.log": whole, "b.log": other}))

	zone := t.TempDir()
	ingestAll(t, zone, key, 1, put(t, raw, map[string][]byte{"a.log": whole[:cut], "b.log": other}))
	s := ingestAll(t, zone, key, 1, put(t, raw, map[string][]byte{"a.log": whole, "b.log": other}))
	if s.Read != 1 || s.Feeds[0].Deliveries != 2 || !sameRows(zoneRows(t, zone), zoneRows(t, want)) {
		t.Errorf("%+v", s)
	}
	// Also when the delivery that was read with it is gone: that one stays.
	zone = t.TempDir()
	ingestAll(t, zone, key, 1, put(t, raw, map[string][]byte{"a.log": whole[:cut], "b.log": other}))
	s = ingestAll(t, zone, key, 1, put(t, t.TempDir(), map[string][]byte{"a.log": whole}))
	if s.Read != 1 || s.Feeds[0].Deliveries != 2 || !sameRows(zoneRows(t, zone), zoneRows(t, want)) {
		t.Errorf("%+v", s)
	}
}

// disturbed is a format that does something to the file when its reading begins.
type disturbed struct {
	ingest.Format
	disturb func()
}

func (d disturbed) Open(head []byte) ingest.Reading {
	d.disturb()
	return d.Format.Open(head)
}

// TestGrowingFile: a log that grows between its opening and its end is the bytes
// that it had when it was opened, and is taken back when it has grown.
func TestGrowingFile(t *testing.T) {
	key := eventsKey(t)
	whole := day("2025-09-29", 4000)
	third := bytes.LastIndexByte(whole[:len(whole)/3], '\n') + 1
	want := t.TempDir()
	ingestAll(t, want, key, 1, put(t, t.TempDir(), map[string][]byte{"a.log": whole}))

	zone, raw := t.TempDir(), t.TempDir()
	files := put(t, raw, map[string][]byte{"a.log": whole[:third]})
	sizes := []int{third, third + 5000, 2*third + 77, len(whole)} // the middle ones end within a record
	for i, size := range sizes {
		o := options(t, zone, key, 2, files)
		o.Feeds[0].Format = disturbed{o.Feeds[0].Format, func() {
			put(t, raw, map[string][]byte{"a.log": whole[:sizes[min(i+1, len(sizes)-1)]]})
		}}
		s, err := Ingest(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		z, err := Open(zone)
		if err != nil {
			t.Fatal(err)
		}
		list := z.Deliveries()
		if len(list) != 1 || len(s.Refused) != 0 {
			t.Fatalf("%d bytes: %d deliveries, refused %v", size, len(list), s.Refused)
		}
		sum := sha256.Sum256(whole[:size])
		if d := list[0]; d.Bytes != int64(size) || d.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%d bytes: recorded as %d bytes %s", size, d.Bytes, d.SHA256)
		}
	}
	once, grown := tree(t, want), tree(t, zone)
	for _, files := range []map[string]string{once, grown} { // the manifest is numbered by commits
		maps.DeleteFunc(files, func(name, _ string) bool { return strings.Contains(name, "manifest-") })
	}
	sameTree(t, "grown", once, grown)
}

// TestChangedFile: a log that is replaced, cut or removed while it is read is left
// to the next run, and named.
func TestChangedFile(t *testing.T) {
	key := eventsKey(t)
	old, renewed, other := day("2025-09-29", 3000), day("2025-10-01", 2000), day("2025-09-30", 500)
	want := t.TempDir()
	ingestAll(t, want, key, 1, put(t, t.TempDir(), map[string][]byte{"a.log": renewed, "b.log": other}))
	for name, change := range map[string]func(path string) error{
		"replaced": func(path string) error {
			return errors.Join(os.WriteFile(path+".new", renewed, 0o600), os.Rename(path+".new", path))
		},
		"cut": func(path string) error { return os.Truncate(path, 100_000) },
		"overwritten": func(path string) error {
			return os.WriteFile(path, append(bytes.Clone(renewed), old...), 0o600)
		},
		"removed": os.Remove,
	} {
		zone, raw := t.TempDir(), t.TempDir()
		files := put(t, raw, map[string][]byte{"a.log": old, "b.log": other})
		o := options(t, zone, key, 2, files)
		o.Feeds[0].Format = disturbed{o.Feeds[0].Format, sync.OnceFunc(func() {
			if err := change(files[0]); err != nil {
				t.Error(err)
			}
		})}
		s, err := Ingest(context.Background(), o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(s.Refused) != 1 || s.Refused[0].File != "a.log" || s.Refused[0].Reason != source.ErrChanged.Error() ||
			s.Read != 1 {
			t.Errorf("%s: %+v", name, s)
		}
		ingestAll(t, zone, key, 1, put(t, raw, map[string][]byte{"a.log": renewed, "b.log": other}))
		if !sameRows(zoneRows(t, zone), zoneRows(t, want)) {
			t.Errorf("%s: other rows after the next run", name)
		}
	}
}

// sameRows compares rows but for the number of their delivery.
func sameRows(a, b []EventRow) bool {
	return slices.EqualFunc(a, b, func(x, y EventRow) bool {
		x.Delivery, y.Delivery = 0, 0
		return x == y
	})
}

// TestHalfWritten: a delivery cut within a record counts until the whole one
// comes, whatever name and clothes that has, and then no more.
func TestHalfWritten(t *testing.T) {
	key := eventsKey(t)
	whole, other := day("2025-09-29", 2000), day("2025-09-30", 500)
	half := whole[:bytes.LastIndexByte(whole[:len(whole)/2], '\n')-5]
	want := t.TempDir()
	ingestAll(t, want, key, 1, put(t, t.TempDir(), map[string][]byte{"a.log": whole, "b.log": other}))
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write(whole)
	w.Close()
	for name, later := range map[string]map[string][]byte{
		"in its place":     {"a.log": whole, "b.log": other},
		"beside it":        {"a.log": half, "a-complete.log": whole, "b.log": other},
		"packed beside it": {"a.log": half, "a.log.gz": packed.Bytes(), "b.log": other},
		"packed":           {"a.log.gz": packed.Bytes(), "b.log": other},
		"the other gone":   {"a.log": whole},
	} {
		zone := t.TempDir()
		s := ingestAll(t, zone, key, 1, put(t, t.TempDir(), map[string][]byte{"a.log": half, "b.log": other}))
		if s.Read != 2 || s.Feeds[0].Events == 0 {
			t.Errorf("%s: at first: %+v", name, s)
		}
		files := put(t, t.TempDir(), later)
		s = ingestAll(t, zone, key, 1, files)
		if s.Read != 1 || len(s.Refused) != 0 || !sameRows(zoneRows(t, zone), zoneRows(t, want)) {
			t.Errorf("%s: %+v", name, s)
		}
		before := tree(t, zone)
		if s = ingestAll(t, zone, key, 1, files); s.Read != 0 || s.Known != len(files) {
			t.Errorf("%s: again: %+v", name, s)
		}
		sameTree(t, name, before, tree(t, zone))
	}
}

// TestCompact: forty days, one run each, do not leave forty files for each bucket,
// and are the rows of one run; killed in between or not.
func TestCompact(t *testing.T) {
	key, raw := eventsKey(t), t.TempDir()
	contents := make(map[string][]byte)
	for d := range 40 {
		date := time.Date(2025, 9, 1+d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		contents[date+".log"] = day(date, 400)
	}
	files := put(t, raw, contents)
	atOnce, daily := t.TempDir(), t.TempDir()
	ingestAll(t, atOnce, key, 1, files)
	for i := range files {
		ingestAll(t, daily, key, 1+i%2, files[:i+1])
	}
	again := t.TempDir()
	for i := range files {
		ctx, cancel := context.WithCancel(context.Background())
		o := options(t, again, key, 2, files[:i+1])
		o.Progress = func(int64, int64) {
			if i%3 == 0 {
				cancel()
			}
		}
		Ingest(ctx, o)
		cancel()
		ingestAll(t, again, key, 2, files[:i+1])
	}
	sameTree(t, "killed", tree(t, daily), tree(t, again))
	z, err := Open(daily)
	if err != nil {
		t.Fatal(err)
	}
	for bucket := range Buckets {
		if n := len(z.MonthFiles(202509, bucket)); n > compactFiles {
			t.Errorf("bucket %d has %d files", bucket, n)
		}
	}
	if !slices.Equal(zoneRows(t, daily), zoneRows(t, atOnce)) {
		t.Error("rows differ")
	}
	// A delivery that is in a merged file with others can be taken back.
	half := files[3]
	grown := append(slices.Clone(contents[filepath.Base(half)]), day("2025-09-04", 400)[:4000]...)
	grown = grown[:bytes.LastIndexByte(grown, '\n')+1]
	if err := os.WriteFile(half, grown, 0o600); err != nil {
		t.Fatal(err)
	}
	s := ingestAll(t, daily, key, 1, []string{half}) // the others are gone
	fresh := t.TempDir()
	ingestAll(t, fresh, key, 1, files)
	if s.Read != 1 || s.Feeds[0].Deliveries != 40 || !sameRows(zoneRows(t, daily), zoneRows(t, fresh)) {
		t.Errorf("%+v", s)
	}
}

// TestRepacked: a log that comes plain and then compressed, or the other way
// round, or both at once, counts once.
func TestRepacked(t *testing.T) {
	key := eventsKey(t)
	pack := func(b []byte) []byte {
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		w.Write(b)
		w.Close()
		return z.Bytes()
	}
	one, two := day("2025-09-29", 800), day("2025-09-30", 800)
	plain := put(t, t.TempDir(), map[string][]byte{"1.log": one, "2.log": two})
	packed := put(t, t.TempDir(), map[string][]byte{"1.log.gz": pack(one), "2.log.gz": pack(two)})
	want := t.TempDir()
	ingestAll(t, want, key, 1, plain)
	wantZone, err := Open(want)
	if err != nil {
		t.Fatal(err)
	}
	for name, runs := range map[string][][]string{
		"plain, then packed": {plain, packed},
		"packed, then plain": {packed, plain},
		"both at once":       {append(slices.Clone(plain), packed...)},
		"both, packed first": {append(slices.Clone(packed), plain...)},
		"one of each":        {{plain[0], packed[1]}, {packed[0], plain[1]}},
	} {
		zone := t.TempDir()
		for _, files := range runs {
			ingestAll(t, zone, key, 2, files)
		}
		all := append(slices.Clone(plain), packed...)
		again := ingestAll(t, zone, key, 2, all)
		before := tree(t, zone)
		last := ingestAll(t, zone, key, 2, all)
		z, err := Open(zone)
		if err != nil {
			t.Fatal(err)
		}
		if again.Read != 0 || again.Known != 4 || last.Known != 4 ||
			!slices.Equal(zoneRows(t, zone), zoneRows(t, want)) || z.Hash() != wantZone.Hash() {
			t.Errorf("%s: %+v", name, again)
		}
		sameTree(t, name, before, tree(t, zone))
	}
}

// TestCheck: what a check says of each file adds up to what it says of the feed,
// before anything was ingested and after.
func TestCheck(t *testing.T) {
	key, zone, raw := eventsKey(t), t.TempDir(), t.TempDir()
	first := day("2025-09-29", 1000)
	put(t, raw, map[string][]byte{
		"1.log": first, "2.log": first, // the same
		"3.log": day("2025-09-29", 990), "4.log": day("2025-09-30", 10), // another of that day, another day
		"5.log": day("2025-10-01", 100)[:5001], // in the middle of a record
	})
	check := func(want ...string) *Summary {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(raw, "*"))
		if err != nil {
			t.Fatal(err)
		}
		z, err := Open(zone)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Check(context.Background(), CheckOptions{
			Feeds: options(t, "", nil, 1, files).Feeds, Zone: z, Directory: &directory.Directory{}, Threads: 2,
			Study: Study{Start: 0, End: 30_000}, Limits: Limits{Rejected: 0.05},
		})
		if err != nil {
			t.Fatal(err)
		}
		var sum ingest.Counts
		var got []string
		for _, f := range s.Files {
			if !f.Balanced() {
				t.Errorf("%s does not add up", f.File)
			}
			sum.Add(&f.Counts)
			line := f.File + " " + string(f.Status)
			if f.Overlap != nil {
				line += fmt.Sprintf(", overlaps %s", f.Overlap.With)
			}
			for what, is := range map[string]bool{", late": f.Late, ", open": f.OpenEnded && f.Status != StatusBegun,
				", completes": f.Completes} {
				if is {
					line += what
				}
			}
			got = append(got, line)
		}
		if f := s.Feeds[0]; f.Read != sum.Read || f.Events != sum.Events || f.Skipped() != sum.Skipped() ||
			f.Rejected() != sum.Rejected() || !f.Balanced() {
			t.Errorf("files %+v, feed %+v", sum, f.Counts)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		return s
	}
	s := check("1.log new, overlaps 3.log", "2.log delivered again", "3.log new, overlaps 1.log", "4.log new",
		"5.log new, open")
	if f := s.Feeds[0]; s.Read != 4 || s.Known != 1 || f.Overlaps != 1 {
		t.Errorf("%+v", s)
	}
	files, _ := filepath.Glob(filepath.Join(raw, "*"))
	ingestAll(t, zone, key, 1, files)
	os.Remove(filepath.Join(raw, "3.log"))
	put(t, raw, map[string][]byte{"0.log": day("2025-09-28", 50), "6.log": day("2025-10-01", 100)})
	s = check("0.log new, late", "1.log ingested, overlaps delivery 2 of the restricted zone", "2.log delivered again",
		"4.log ingested", "5.log half-written", "6.log new, completes")
	if s.Feeds[0].Gone != 1 {
		t.Errorf("%+v", s.Feeds[0])
	}
}
