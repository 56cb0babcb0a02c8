package zone

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

	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/format/uportal"
	"github.com/entscope/entscope/ingest/source"
)

func eventsKey(t testing.TB) *pseudonym.StudyKey {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	var key [32]byte
	r := rand.New(rand.NewPCG(1, 2))
	for i := range key {
		key[i] = byte(r.Uint32())
	}
	if err := pseudonym.RestoreKey(path, nil, key); err != nil {
		t.Fatal(err)
	}
	master, err := pseudonym.LoadKey(path, "")
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
	clock, err := ingest.NewClock("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return uportal.New(uportal.Options{Clock: clock, Names: c.Names(catalog.UPortalNames),
		Classes: c.Names(catalog.UPortalClasses)})
}

// day is a day of a portal's log: n lines, one in fifty malformed.
func day(date string, n int) []byte {
	r := rand.New(rand.NewPCG(7, uint64(len(date))+uint64(date[9])*31+uint64(date[8])*310+uint64(date[6])))
	var b bytes.Buffer
	for i := range n {
		at := time.Duration(i*80_000/n) * time.Second
		stamp := fmt.Sprintf("%s %02d:%02d:%02d,%03d", date, int(at.Hours()), int(at.Minutes())%60,
			int(at.Seconds())%60, r.IntN(1000))
		user := fmt.Sprintf("F%05d", r.IntN(500))
		switch {
		case i%50 == 49:
			fmt.Fprintf(&b, "%s\tportal\tCTARG\n", stamp)
		case i%3 == 0:
			fmt.Fprintf(&b, "%s\tportal\tSSTART\tENTAuxPersRelEleve\t1\t%s\t0280036M\t%d\n", stamp, user, i)
		case i%3 == 1:
			fmt.Fprintf(&b, "%s\tportal\tCTARG\tENTEleve\t1\t%s\tSconetNotes_Ecole\t1\t2\t0450062Y\t%d\n", stamp, user,
				i)
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

func ingestAll(t testing.TB, zone string, key *pseudonym.StudyKey, threads int, files []string) *Summary {
	t.Helper()
	s, err := Ingest(context.Background(), options(t, zone, key, threads, files))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// options flush often, so that small deliveries make several files and batches.
func options(t testing.TB, zone string, key *pseudonym.StudyKey, threads int, files []string) IngestOptions {
	return IngestOptions{
		flushRows: 3000,
		Zone:      zone, Key: key, Threads: threads, MaxRejectShare: 0.05,
		Feeds: []ingest.Feed{{Number: 1, Name: "portal", Format: uportalFormat(t), Files: files, Accounts: "uportal"}},
	}
}

// zoneRows is all rows of a zone in canonical order.
func zoneRows(t testing.TB, dir string) []EventRow {
	t.Helper()
	z, err := Open(dir)
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
				if pseudonym.Bucket(r.PersonKey, bucketBits) != bucket {
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
		return cmp.Or(cmp.Compare(a.TsMs, b.TsMs), cmp.Compare(a.PersonKey, b.PersonKey),
			cmp.Compare(a.Service, b.Service), cmp.Compare(a.SchoolKey, b.SchoolKey))
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
	if f.Read != 9000 || f.Rejects[ingest.ReasonFields] != 180 || f.Ignored[ingest.RuleNotActivity] == 0 ||
		!f.Balanced() || s.Read != 3 {
		t.Fatalf("%+v", s)
	}
	rows := zoneRows(t, atOnce)
	if int64(len(rows)) != f.Events {
		t.Fatalf("%d rows of %d events", len(rows), f.Events)
	}
	z, err := Open(atOnce)
	if err != nil {
		t.Fatal(err)
	}
	if got := z.Months(); !slices.Equal(got, []int32{202509, 202510}) {
		t.Errorf("months %v", got)
	}
	person := key.Persons("account/uportal").Key([]byte("F00042"))
	i := slices.IndexFunc(rows, func(r EventRow) bool {
		return r.PersonKey == person && r.Service == int8(ingest.ServiceGrades)
	})
	if i < 0 || rows[i].SchoolKey != 450062 || rows[i].Profile != int8(ingest.ProfilePupil) || rows[i].Feed != 1 ||
		rows[i].Weight != 1 {
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
		zd, err := Open(daily)
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
		if s.Read != 1 || len(s.Refused) != 1 || s.Refused[0].Reason != source.ErrCorrupt.Error() ||
			s.Feeds[0].Read != 3000 {
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
	// Beside others, it is set aside, in each run until it is mended.
	all := map[string][]byte{"bad.log": bad[:len(bad)/40], "day.log": day("2025-09-30", 1000),
		"z.log": day("2025-10-01", 500)}
	all["mixed.log"] = append(day("2025-10-02", 20), bad[:len(bad)/20]...)
	aside, want := t.TempDir(), t.TempDir()
	ingestAll(t, want, key, 1, put(t, t.TempDir(), map[string][]byte{"day.log": all["day.log"], "z.log": all["z.log"]}))
	files = put(t, t.TempDir(), all)
	for run := range 2 {
		s := ingestAll(t, aside, key, 2, files)
		if len(s.Refused) != 2 || s.Refused[0].File != "bad.log" || s.Refused[1].File != "mixed.log" ||
			s.Read+s.Known != 2 {
			t.Fatalf("run %d: %+v", run, s)
		}
		if reason := s.Refused[0].Reason; reason != "5 of 5 records rejected (wrong number of fields: 5)" {
			t.Errorf("reason %q", reason)
		}
		sameTree(t, "set aside", tree(t, want), tree(t, aside))
	}
	all["bad.log"], all["mixed.log"] = day("2025-10-03", 5), day("2025-10-02", 20)
	if s := ingestAll(t, aside, key, 2, put(t, filepath.Dir(files[0]), all)); s.Read != 2 || s.Known != 2 ||
		len(s.Refused) != 0 {
		t.Errorf("mended: %+v", s)
	}
	// A feed above the share as a whole ends the run, and the good deliveries are in.
	all["bad.log"] = bad
	s, err := Ingest(context.Background(), options(t, t.TempDir(), key, 2, put(t, t.TempDir(), all)))
	if !errors.As(err, &reject) || s.Read != 3 || len(s.Refused) != 1 {
		t.Errorf("%v: %+v", err, s)
	}
	files = put(t, t.TempDir(),
		map[string][]byte{"day.log": append(day("2025-09-29", 1000), "secret\n\n# comment\n"...)})
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
	account := key.Persons("account/uportal").Key([]byte("F00042"))
	o.People = &People{keys: make([]int64, 8), persons: make([]int64, 8), schools: map[string]int32{"0280036M": 7},
		hash: "d1"}
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
