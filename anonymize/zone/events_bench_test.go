package zone

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/format/combined"
	"github.com/entscope/entscope/ingest/format/entcore"
)

// BenchmarkIngest compares the CPU time of the way from a log to the restricted
// zone, delivery hash and HMAC included, with coreutils' sha256sum of the same
// file, and where it is installed with GoAccess's report on it (Combined only,
// once). The figures in README are those of 1 GB:
//
//	ENTSCOPE_BENCH_MB=1000 go test -run '^$' -bench Ingest -benchtime 1x ./anonymize/pseudonym/
func BenchmarkIngest(b *testing.B) {
	megabytes := 32
	if s := os.Getenv("ENTSCOPE_BENCH_MB"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		megabytes = n
	}
	clock, err := ingest.NewClock("Europe/Paris")
	if err != nil {
		b.Fatal(err)
	}
	names, err := catalog.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	urls, err := names.URLs("pronote")
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		format ingest.Format
		line   func(w *bufio.Writer, r *rand.Rand, at time.Time)
	}{
		{"combined", combined.New(combined.Options{Clock: clock, URLs: urls}), combinedLine},
		{"combined-dense", combined.New(combined.Options{Clock: clock, URLs: urls}), denseLine},
		{"combined-unknown", combined.New(combined.Options{Clock: clock, URLs: urls}), unknownLine},
		{"entcore", entcore.New(entcore.Options{
			Clock: clock, Modules: names.Names(catalog.EntcoreModules),
			Events: names.Names(catalog.EntcoreEvents), Profiles: names.Names(catalog.EntcoreProfiles),
		}), entcoreLine},
	} {
		b.Run(c.name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), c.name+".log")
			size := generate(b, path, int64(megabytes)<<20, c.line)
			for _, threads := range []int{1, 2} {
				b.Run(fmt.Sprintf("threads=%d", threads), func(b *testing.B) {
					benchmarkIngest(b, c.name, c.format, path, size, threads)
				})
			}
		})
	}
}

// BenchmarkScale ingests the logs of a school year, a file a day, in one run, and
// fails when that takes more than 512 MiB. A hundred million events are 8 GB of
// logs:
//
//	ENTSCOPE_BENCH_EVENTS=100000000 go test -run '^$' -bench Scale -benchtime 1x -timeout 2h ./anonymize/pseudonym/
func BenchmarkScale(b *testing.B) {
	const days = 250
	events := 500_000
	if s := os.Getenv("ENTSCOPE_BENCH_EVENTS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		events = n
	}
	raw, zone, key := b.TempDir(), b.TempDir(), eventsKey(b)
	r := rand.New(rand.NewPCG(2, 2))
	var files []string
	var size int64
	for day := range days {
		path := filepath.Join(raw, fmt.Sprintf("%03d.log", day))
		n, err := portalDay(path, r, time.Date(2025, 9, 1+day, 7, 0, 0, 0, time.UTC), events/days)
		if err != nil {
			b.Fatal(err)
		}
		files, size = append(files, path), size+n
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(512 << 20 * 6 / 10)) // as a run of a study of 512 MB sets it
	b.SetBytes(size)
	b.ResetTimer()
	before := cpu(syscall.RUSAGE_SELF)
	for range b.N {
		s, err := Ingest(context.Background(), IngestOptions{
			Zone: zone, Key: key, Threads: runtime.NumCPU(), MaxRejectShare: 0.01,
			Feeds: []ingest.Feed{{Number: 1, Name: "portal", Format: uportalFormat(b), Files: files,
				Accounts: "uportal"}},
		})
		if err != nil {
			b.Fatal(err)
		}
		if got := s.Feeds[0].Events; got != int64(events/days*days) {
			b.Fatalf("%d events", got)
		}
	}
	b.ReportMetric((cpu(syscall.RUSAGE_SELF)-before).Seconds()/float64(b.N), "cpu-s")
	b.ReportMetric(float64(events), "events")
	b.ReportMetric(peakMiB(), "peak-MiB")
	if peakMiB() > 512 {
		b.Errorf("%.0f MiB at the peak", peakMiB())
	}
}

// portalDay writes a day of a portal that two million accounts use.
func portalDay(path string, r *rand.Rand, at time.Time, lines int) (int64, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	classes := [...]string{"ENTAuxPersRelEleve", "ENTEleve", "ENTAuxEnseignant"}
	names := [...]string{"SconetNotes", "CahierTexte", "Webclasseur", "Courrier"}
	var line []byte
	for i := range lines {
		line = at.Add(time.Duration(i)*(15*time.Hour/time.Duration(lines))).AppendFormat(line[:0],
			"2006-01-02 15:04:05,000")
		user, school := r.IntN(2_000_000), 280_000+r.IntN(400)
		line = fmt.Appendf(line, "\tnetocentre3\tCCALL_EXT\t%s\t%d\tF%07d\t%s\t%07dM\t%d\n", classes[user%3], user,
			user, names[r.IntN(4)], school, i)
		if _, err := w.Write(line); err != nil {
			return 0, err
		}
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		return 0, err
	}
	info, err := os.Stat(path)
	return info.Size(), err
}

func peakMiB() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Maxrss) / 1024
}

func benchmarkIngest(b *testing.B, name string, format ingest.Format, path string, size int64, threads int) {
	key := eventsKey(b)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
	b.SetBytes(size)
	var own, sum, report time.Duration
	var events int64
	for range b.N {
		zone := b.TempDir()
		before := cpu(syscall.RUSAGE_SELF)
		s, err := Ingest(context.Background(), IngestOptions{
			Zone: zone, Key: key, Threads: threads, MaxRejectShare: 0.01,
			Feeds: []ingest.Feed{{Number: 1, Name: name, Format: format, Files: []string{path}, Accounts: "cas"}},
		})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		own += cpu(syscall.RUSAGE_SELF) - before
		events = s.Feeds[0].Events
		os.RemoveAll(zone)
		before = cpu(syscall.RUSAGE_CHILDREN)
		if err := exec.Command("sha256sum", path).Run(); err != nil {
			b.Fatalf("sha256sum: %v", err)
		}
		sum += cpu(syscall.RUSAGE_CHILDREN) - before
		if name == "combined" && threads == 2 {
			report += goaccess(b, path)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(own)/float64(sum), "cpu/sha256sum")
	b.ReportMetric(own.Seconds()/float64(b.N), "cpu-s")
	b.ReportMetric(float64(events), "events")
	if report > 0 {
		b.ReportMetric(float64(report)/float64(own), "goaccess/cpu")
		b.ReportMetric(report.Seconds()/float64(b.N), "goaccess-s")
	}
	b.ReportMetric(peakMiB(), "peak-MiB")
}

// goaccess is the CPU time of GoAccess's report on a Combined log; 0 where it is
// not installed.
func goaccess(b *testing.B, path string) time.Duration {
	program, err := exec.LookPath("goaccess")
	if err != nil {
		return 0
	}
	before := cpu(syscall.RUSAGE_CHILDREN)
	c := exec.Command(program, path, "--log-format=COMBINED", "--no-progress", "-o",
		filepath.Join(b.TempDir(), "x.html"))
	if out, err := c.CombinedOutput(); err != nil {
		b.Fatalf("goaccess: %v: %s", err, out)
	}
	return cpu(syscall.RUSAGE_CHILDREN) - before
}

func cpu(who int) time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(who, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func generate(b *testing.B, path string, size int64, line func(*bufio.Writer, *rand.Rand, time.Time)) int64 {
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	r := rand.New(rand.NewPCG(1, 1))
	at := time.Date(2025, 9, 8, 6, 0, 0, 0, time.UTC)
	var n int64
	for i := 0; n < size; i++ {
		if i%4096 == 0 {
			if err := w.Flush(); err != nil {
				b.Fatal(err)
			}
			n, _ = f.Seek(0, 1)
		}
		at = at.Add(time.Duration(r.IntN(1000)) * time.Millisecond)
		line(w, r, at)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	n, _ = f.Seek(0, 1)
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return n
}

var benchAgents = [...]string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 " +
		"Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Mobile " +
		"Safari/537.36",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:129.0) Gecko/20100101 Firefox/129.0",
}

// combinedLine writes a line of a front end: of a hundred, 60 are calls and
// pages of signed-in users, 25 files that pages are made of, 5 pings, 10 of
// nobody signed in.
func combinedLine(w *bufio.Writer, r *rand.Rand, at time.Time) {
	user := fmt.Sprintf("p.dupont%05d", r.IntN(40_000))
	request, status := "", 200
	switch k := r.IntN(100); {
	case k < 45:
		request = fmt.Sprintf("POST /pronote/appelfonction/%d/%07d/%08X%08X", 6+r.IntN(3), r.IntN(9_999_999),
			r.Uint32(), r.Uint32())
	case k < 60:
		request = fmt.Sprintf("GET /pronote/%s.html?ticket=ST-%d-%016x",
			[...]string{"parent", "eleve", "mobile.parent"}[r.IntN(3)], r.IntN(99999), r.Uint64())
	case k < 85:
		request, status = fmt.Sprintf("GET /pronote/cache/%08x.%s", r.Uint32(),
			[...]string{"js", "css", "png", "woff2"}[r.IntN(4)]), 304
	case k < 90:
		request = "POST /pronote/ping"
	default:
		request, user = "GET /pronote/parent.html", "-"
	}
	fmt.Fprintf(w,
		"90.%d.%d.%d - %s [%s] \"%s HTTP/1.1\" %d %d \"https://0751234A.ent.example.fr/pronote/parent.html\" \"%s\"\n",
		r.IntN(256), r.IntN(256), r.IntN(256), user, at.Format("02/Jan/2006:15:04:05 -0700"), request, status,
		r.IntN(90_000), benchAgents[r.IntN(len(benchAgents))])
}

// denseLine writes a line of a log in which every line is an event: 3.5 of them a
// kilobyte, of 150,000 accounts in random order.
func denseLine(w *bufio.Writer, r *rand.Rand, at time.Time) {
	frontLine(w, r, at, r.IntN(150_000), fmt.Sprintf("POST /pronote/appelfonction/%d/%07d/%08X%08X", 6+r.IntN(3),
		r.IntN(9_999_999), r.Uint32(), r.Uint32()))
}

// unknownLine writes a line of a front end of which no catalog knows the URLs, nine of ten.
func unknownLine(w *bufio.Writer, r *rand.Rand, at time.Time) {
	request := "GET /pronote/parent.html"
	if k := r.IntN(10); k > 0 {
		request = fmt.Sprintf("GET /%s/dossier-%04x/%08x/page%d.html", [...]string{"intranet", "portail", "wiki",
			"forum",
			"agenda"}[r.IntN(5)], r.IntN(1<<16), r.Uint32(), r.IntN(1000))
	}
	frontLine(w, r, at, r.IntN(40_000), request)
}

func frontLine(w *bufio.Writer, r *rand.Rand, at time.Time, user int, request string) {
	fmt.Fprintf(w, "90.%d.%d.%d - p.dupont%06d [%s] \"%s HTTP/1.1\" 200 %d "+
		"\"https://ent.example.fr/parent.html\" \"%s\"\n",
		r.IntN(256), r.IntN(256), r.IntN(256), user, at.Format("02/Jan/2006:15:04:05 -0700"), request, r.IntN(90_000),
		benchAgents[r.IntN(len(benchAgents))])
}

// entcoreLine writes an event as the export API gives it.
func entcoreLine(w *bufio.Writer, r *rand.Rand, at time.Time) {
	fmt.Fprintf(w,
		`{"_id":"%08x-0000-4000-8000-%012x","event-type":"%s","module":"%s","date":%d,`+
			`"userId":"%08x-1111-4000-8000-0000000%05d","profil":"Relative",`+
			`"structures":["9f3e2b1c-5f5e-4c61-9a6e-%012d"],"classes":["a"],"groups":["b"],"ua":"%s","ip":"90.1.2.3, `+
			`10.0.0.7","referer":"https://ent.example.fr/timeline/timeline"}`+"\n",
		r.Uint32(), r.Uint64()>>16, [...]string{"ACCESS", "ACCESS", "ACCESS", "LOGIN"}[r.IntN(4)],
		[...]string{"Competences", "Conversation", "Diary", "Actualites"}[r.IntN(4)],
		at.UnixMilli(), 7, r.IntN(40_000), r.IntN(200), benchAgents[r.IntN(len(benchAgents))])
}
