package pseudonym

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/format/uportal"
	"github.com/entscope/entscope/ingest/source"
)

func eventsKey(t testing.TB) *StudyKey {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	var key [32]byte
	r := rand.New(rand.NewPCG(1, 2))
	for i := range key {
		key[i] = byte(r.Uint32())
	}
	if err := RestoreKey(path, nil, key); err != nil {
		t.Fatal(err)
	}
	master, err := LoadKey(path, "")
	if err != nil {
		t.Fatal(err)
	}
	study, err := master.Study("test", "2025-2026", [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	return study
}

func uportalFormat(t testing.TB) ingest.Format {
	t.Helper()
	c, err := catalog.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	clock, err := ingest.NewClock("Europe/Paris", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return uportal.New(uportal.Options{Clock: clock, Names: c.Names(catalog.UPortalNames), Classes: c.Names(catalog.UPortalClasses)})
}

// day is a day of a portal's log: n lines, one in fifty malformed.
func day(date string, n int) []byte {
	r := rand.New(rand.NewPCG(7, uint64(len(date))+uint64(date[9])*31+uint64(date[8])*310+uint64(date[6])))
	var b bytes.Buffer
	for i := range n {
		at := time.Duration(i*80_000/n) * time.Second
		stamp := fmt.Sprintf("%s %02d:%02d:%02d,%03d", date, int(at.Hours()), int(at.Minutes())%60, int(at.Seconds())%60, r.IntN(1000))
		user := fmt.Sprintf("F%05d", r.IntN(500))
		switch {
		case i%50 == 49:
			fmt.Fprintf(&b, "%s\tportal\tCTARG\n", stamp)
		case i%3 == 0:
			fmt.Fprintf(&b, "%s\tportal\tSSTART\tENTAuxPersRelEleve\t1\t%s\t0280036M\t%d\n", stamp, user, i)
		case i%3 == 1:
			fmt.Fprintf(&b, "%s\tportal\tCTARG\tENTEleve\t1\t%s\tSconetNotes_Ecole\t1\t2\t0450062Y\t%d\n", stamp, user, i)
		default:
			fmt.Fprintf(&b, "%s\tportal\tSSTOP\tENTEleve\t1\t%s\t0450062Y\t%d\n", stamp, user, i)
		}
	}
	return b.Bytes()
}

// put writes files and returns their paths.
func put(t testing.TB, dir string, contents map[string][]byte) []string {
	t.Helper()
	var paths []string
	for name, data := range contents {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

func ingestAll(t testing.TB, zone string, key *StudyKey, threads int, files []string) *Summary {
	t.Helper()
	s, err := Ingest(context.Background(), options(t, zone, key, threads, files))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// options flush often, so that small deliveries make several files and batches.
func options(t testing.TB, zone string, key *StudyKey, threads int, files []string) IngestOptions {
	return IngestOptions{
		flushRows: 3000,
		Zone:      zone, Key: key, Threads: threads, MaxRejectShare: 0.05,
		Feeds: []Feed{{Number: 1, Name: "portal", Format: uportalFormat(t), Files: files, Accounts: "uportal"}},
	}
}

// zoneRows is all rows of a zone in canonical order.
func zoneRows(t testing.TB, dir string) []EventRow {
	t.Helper()
	z, err := OpenZone(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []EventRow
	for bucket := range z.Buckets() {
		for _, file := range z.EventFiles(bucket) {
			part, err := parquet.ReadFile[EventRow](file)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range part {
				if Bucket(r.PersonKey, bucketBits) != bucket {
					t.Fatalf("a person of another bucket in bucket %d", bucket)
				}
				if i > 0 && (part[i-1].TsMs > r.TsMs || part[i-1].TsMs == r.TsMs && part[i-1].PersonKey > r.PersonKey) {
					t.Fatalf("rows of a file out of order")
				}
			}
			all = append(all, part...)
		}
	}
	slices.SortFunc(all, func(a, b EventRow) int {
		return cmp.Or(cmp.Compare(a.TsMs, b.TsMs), cmp.Compare(a.PersonKey, b.PersonKey), cmp.Compare(a.Service, b.Service), cmp.Compare(a.SchoolKey, b.SchoolKey))
	})
	return all
}

// tree is every file of a folder with its bytes.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func sameTree(t *testing.T, what string, a, b map[string]string) {
	t.Helper()
	for name := range a {
		if a[name] != b[name] {
			t.Errorf("%s: %s differs (%d and %d bytes)", what, name, len(a[name]), len(b[name]))
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			t.Errorf("%s: %s is too many", what, name)
		}
	}
}

func TestIngest(t *testing.T) {
	key, raw := eventsKey(t), t.TempDir()
	files := put(t, raw, map[string][]byte{
		"1.log": day("2025-09-29", 3000), "2.log": day("2025-09-30", 3000), "3.log": day("2025-10-01", 3000),
	})
	atOnce := t.TempDir()
	s := ingestAll(t, atOnce, key, 2, files)
	f := s.Feeds[0]
	if f.Read != 9000 || f.Rejects[ingest.ReasonFields] != 180 || f.Ignored[ingest.RuleNotActivity] == 0 || !f.Balanced() || s.Read != 3 {
		t.Fatalf("%+v", s)
	}
	rows := zoneRows(t, atOnce)
	if int64(len(rows)) != f.Events {
		t.Fatalf("%d rows of %d events", len(rows), f.Events)
	}
	z, err := OpenZone(atOnce)
	if err != nil {
		t.Fatal(err)
	}
	if got := z.Months(); !slices.Equal(got, []int32{202509, 202510}) {
		t.Errorf("months %v", got)
	}
	person := key.Hasher("account/uportal").Key([]byte("F00042"))
	i := slices.IndexFunc(rows, func(r EventRow) bool { return r.PersonKey == person && r.Service == int8(ingest.ServiceGrades) })
	if i < 0 || rows[i].SchoolKey != 450062 || rows[i].Profile != int8(ingest.ProfilePupil) || rows[i].Feed != 1 || rows[i].Weight != 1 {
		t.Errorf("row of a known account: %d %+v", i, rows[max(0, i)])
	}

	t.Run("threads change no byte", func(t *testing.T) {
		one := t.TempDir()
		ingestAll(t, one, key, 1, files)
		sameTree(t, "one thread", tree(t, atOnce), tree(t, one))
	})
	t.Run("day by day", func(t *testing.T) {
		daily := t.TempDir()
		for i := range files {
			ingestAll(t, daily, key, 2, files[:i+1])
		}
		if !slices.Equal(zoneRows(t, daily), rows) {
			t.Error("rows differ")
		}
		zd, err := OpenZone(daily)
		if err != nil {
			t.Fatal(err)
		}
		if zd.Hash() != z.Hash() {
			t.Error("hash of the zone differs")
		}
	})
	t.Run("twice", func(t *testing.T) {
		before := tree(t, atOnce)
		copied := put(t, t.TempDir(), map[string][]byte{"other-name.log": day("2025-09-30", 3000)})
		s := ingestAll(t, atOnce, key, 2, append(copied, files...))
		if s.Read != 0 || s.Known != 4 {
			t.Errorf("read %d, known %d", s.Read, s.Known)
		}
		sameTree(t, "second run", before, tree(t, atOnce))
	})
	t.Run("gzip", func(t *testing.T) {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write(day("2025-09-29", 3000))
		w.Close()
		packed := put(t, t.TempDir(), map[string][]byte{"1.log.gz": b.Bytes(), "2.log.gz": b.Bytes()[:b.Len()/2]})
		zone := t.TempDir()
		s := ingestAll(t, zone, key, 2, packed)
		if s.Read != 1 || len(s.Refused) != 1 || s.Refused[0].Reason != source.ErrCorrupt.Error() || s.Feeds[0].Read != 3000 {
			t.Errorf("%+v", s)
		}
	})
}

func TestIngestKilled(t *testing.T) {
	key, raw := eventsKey(t), t.TempDir()
	contents := make(map[string][]byte)
	for d := 1; d <= 6; d++ {
		contents[fmt.Sprintf("%d.log", d)] = day(fmt.Sprintf("2025-09-%02d", d), 4000)
	}
	files := put(t, raw, contents)
	whole := t.TempDir()
	ingestAll(t, whole, key, 2, files)
	want := tree(t, whole)
	zone := t.TempDir()
	killed := 0
	for try := 1; ; try++ {
		ctx, cancel := context.WithCancel(context.Background())
		o := options(t, zone, key, 2, files)
		calls := 0
		o.Progress = func(int64, int64) {
			if calls++; calls == 2*try {
				cancel()
			}
		}
		_, err := Ingest(ctx, o)
		cancel()
		// What a kill leaves: partial files and files no manifest names.
		os.MkdirAll(filepath.Join(zone, "events", ".partial"), 0o700)
		os.WriteFile(filepath.Join(zone, "events", ".partial", "x.parquet"), []byte("half"), 0o600)
		if err == nil {
			break
		}
		killed++
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	ingestAll(t, zone, key, 2, files)
	sameTree(t, fmt.Sprintf("after %d kills", killed), want, tree(t, zone))
	if killed < 2 {
		t.Errorf("killed %d times only", killed)
	}
}

func TestIngestRejects(t *testing.T) {
	key := eventsKey(t)
	bad := bytes.Repeat([]byte("secret.login@example.org is no line of a portal\n"), 200)
	zone := t.TempDir()
	files := put(t, t.TempDir(), map[string][]byte{"bad.log": bad})
	_, err := Ingest(context.Background(), options(t, zone, key, 2, files))
	var reject *RejectError
	if !errors.As(err, &reject) || reject.Rejected != 200 {
		t.Fatalf("error %v", err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Error("the error holds text of a record")
	}
	if got := tree(t, zone); len(got) != 0 {
		t.Errorf("%d files written", len(got))
	}
	files = put(t, t.TempDir(), map[string][]byte{"day.log": append(day("2025-09-29", 1000), "secret\n\n# comment\n"...)})
	ingestAll(t, zone, key, 1, files)
	for name, data := range tree(t, zone) {
		if strings.Contains(data, "secret") || strings.Contains(data, "F000") {
			t.Errorf("%s holds text of a record", name)
		}
		if strings.Contains(name, "rejects") && !strings.HasSuffix(data, "1001\twrong number of fields\n") {
			t.Errorf("rejects end with %q", data[max(0, len(data)-60):])
		}
	}
}

// TestDirectoryChanges: events read under one directory are read again under
// another.
func TestDirectoryChanges(t *testing.T) {
	key, zone := eventsKey(t), t.TempDir()
	files := put(t, t.TempDir(), map[string][]byte{"1.log": day("2025-09-29", 1000), "2.log": day("2025-09-30", 1000)})
	o := options(t, zone, key, 2, files)
	ingestAll(t, zone, key, 2, files)
	account := key.Hasher("account/uportal").Key([]byte("F00042"))
	o.People = &People{keys: make([]int64, 8), persons: make([]int64, 8), schools: map[string]int32{"0280036M": 7}, hash: "d1"}
	o.People.insert(account, 4242)
	s, err := Ingest(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if s.Read != 2 || s.Feeds[0].Deliveries != 2 {
		t.Fatalf("%+v", s)
	}
	persons, schools := 0, 0
	for _, r := range zoneRows(t, zone) {
		switch {
		case r.PersonKey == account:
			t.Fatal("the account's key still stands")
		case r.PersonKey == 4242:
			persons++
		}
		if r.SchoolKey == 7 {
			schools++
		}
	}
	if persons == 0 || schools == 0 {
		t.Errorf("%d events of the person, %d of the school", persons, schools)
	}
}

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
	z, err := OpenZone(daily)
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
	wantZone, err := OpenZone(want)
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
		z, err := OpenZone(zone)
		if err != nil {
			t.Fatal(err)
		}
		if again.Read != 0 || again.Known != 4 || last.Known != 4 || !slices.Equal(zoneRows(t, zone), zoneRows(t, want)) || z.Hash() != wantZone.Hash() {
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
		z, err := OpenZone(zone)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Check(context.Background(), options(t, "", nil, 1, files).Feeds, z, 2, nil)
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
			for what, is := range map[string]bool{", late": f.Late, ", open": f.OpenEnded && f.Status != StatusBegun, ", completes": f.Completes} {
				if is {
					line += what
				}
			}
			got = append(got, line)
		}
		if f := s.Feeds[0]; f.Read != sum.Read || f.Events != sum.Events || f.Skipped() != sum.Skipped() || f.Rejected() != sum.Rejected() || !f.Balanced() {
			t.Errorf("files %+v, feed %+v", sum, f.Counts)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		return s
	}
	s := check("1.log new, overlaps 3.log", "2.log delivered again", "3.log new, overlaps 1.log", "4.log new", "5.log new, open")
	if f := s.Feeds[0]; s.Read != 4 || s.Known != 1 || f.Overlaps != 1 {
		t.Errorf("%+v", s)
	}
	files, _ := filepath.Glob(filepath.Join(raw, "*"))
	ingestAll(t, zone, key, 1, files)
	os.Remove(filepath.Join(raw, "3.log"))
	put(t, raw, map[string][]byte{"0.log": day("2025-09-28", 50), "6.log": day("2025-10-01", 100)})
	s = check("0.log new, late", "1.log ingested, overlaps delivery 2 of the restricted zone", "2.log delivered again", "4.log ingested",
		"5.log half-written", "6.log new, completes")
	if s.Feeds[0].Gone != 1 {
		t.Errorf("%+v", s.Feeds[0])
	}
}
