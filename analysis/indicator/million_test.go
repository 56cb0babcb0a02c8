package indicator

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

// A region of a million parents: as many a school as in the demonstration.
const (
	millionSchools = 3750
	perSchool      = 267
	leastOfCell    = 20
)

var million = flag.String("million", "", "folder of the edition of BenchmarkMillionParents, made when it is not there")

// BenchmarkMillionParents opens a research edition of a million parents that carries
// every measure, curve and grouping, and answers all questions. The edition is made
// first, in its own folder, when -million names none: run it twice to measure the
// memory of the answers alone.
//
//	go test ./analysis/indicator -run '^$' -bench MillionParents -benchtime 1x -million /tmp/million
func BenchmarkMillionParents(b *testing.B) {
	dir := *million
	if dir == "" {
		dir = filepath.Join(b.TempDir(), "million")
	}
	_, err := os.Stat(dir)
	fresh := errors.Is(err, fs.ErrNotExist)
	if fresh {
		writeMillion(b, dir)
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(640 << 20)) // as entscope analyze sets it
	b.ResetTimer()
	for range b.N {
		began, used := time.Now(), cpuSeconds(b)
		ed, err := query.Open(context.Background(), dir,
			engine.Config{MemoryMB: 1024, Threads: 2, TempDir: b.TempDir()})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "open-s")
		began = time.Now()
		results, err := Compute(context.Background(), ed, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "compute-s")
		b.ReportMetric(cpuSeconds(b)-used, "cpu-s") // of both, for a machine that others use
		b.ReportMetric(float64(len(results)), "results")
		began = time.Now()
		if _, err := Analyze(context.Background(), ed,
			Request{IDs: []string{"L2"}, By: []string{"grade"}}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "one-question-s")
		ed.Close()
	}
	if !fresh {
		b.ReportMetric(peakMiB(b), "peak-MiB")
	}
}

// cpuSeconds is the processor time of this process so far, user and system.
func cpuSeconds(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

// peakMiB is the most memory this process had resident.
func peakMiB(b *testing.B) float64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if text, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseFloat(strings.Fields(text)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kib / 1024
		}
	}
	return 0
}

// writeMillion writes the edition from counts by school: no person is drawn.
func writeMillion(b *testing.B, dir string) {
	b.Helper()
	r := newRegion(1, millionSchools)
	for i := range r.schools {
		r.schools[i].persons = perSchool
	}
	w, err := edition.NewWriter(dir)
	if err != nil {
		b.Fatal(err)
	}
	sums := r.millionSums()
	b.Logf("%d rows of sums", len(sums))
	if err := errors.Join(
		edition.WriteTable(w, edition.TableSums, sums, nil),
		edition.WriteTable(w, edition.TableParents, r.parents(), nil),
		edition.WriteTable(w, edition.TableTimes, r.times(), nil),
		edition.WriteTable(w, edition.TableWeeks, r.weeks(), nil),
		edition.WriteTable(w, edition.TableCoverage, r.coverage(false), nil),
		w.Commit(r.manifest("research")),
	); err != nil {
		b.Fatal(err)
	}
}

// millionSums gives one row to each school, measure, population and group, in the
// order of an edition.
func (r *region) millionSums() []edition.SumRow {
	months := []string{"2025-09", "2025-10", "2025-11", "2025-12"}
	var out []edition.SumRow
	for _, m := range edition.Measures {
		kind := sourceKind(m.Name)
		for _, population := range m.Populations {
			for _, s := range r.schools {
				groups := s.groupsOf(0)
				for person := 1; person < 4; person++ { // the other grades and devices
					groups = append(groups, s.groupsOf(person)...)
				}
				for _, month := range months {
					groups = append(groups, query.Group{Grouping: "month", Value: month})
				}
				seen := map[query.Group]bool{}
				for _, g := range groups {
					if seen[g] || !carries(m.By, g.Grouping) {
						continue
					}
					seen[g] = true
					out = append(out, bulk(m, kind, population, s, g))
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b edition.SumRow) int {
		return slices.Compare([]string{a.Grouping, a.Group, fmt.Sprintf("%09d", a.Cluster), a.Measure, a.Population},
			[]string{b.Grouping, b.Group, fmt.Sprintf("%09d", b.Cluster), b.Measure, b.Population})
	})
	return out
}

// bulk is one cell with plausible sums: a school's share moves with its effect.
func bulk(m edition.Measure, kind question.Kind, population string, s school, g query.Group) edition.SumRow {
	n := int64(s.persons)
	if g.Grouping == "grade" || g.Grouping == "device" {
		n = max(leastOfCell, n/4)
	}
	row := edition.SumRow{
		Grouping: g.Grouping, Group: g.Value, Cluster: int32(s.index), Schools: 1, Measure: m.Name,
		Population: population, Persons: n, Families: n,
	}
	row.Denom, row.Numerator = n, int64(float64(n)*expit(-1.4+s.effect))
	if !perHead(m.Name) {
		row.Denom = 12 * n
		row.Numerator = int64(float64(12*n) * expit(-1.4+s.effect))
	}
	if kind == question.Rate {
		row.Numerator = int64(float64(12*n) * (0.2 + expit(s.effect)))
	}
	bins := [16]*int64{&row.H00, &row.H01, &row.H02, &row.H03, &row.H04, &row.H05, &row.H06, &row.H07,
		&row.H08, &row.H09, &row.H10, &row.H11, &row.H12, &row.H13, &row.H14, &row.H15}
	left := n
	for i := range bins[:15] { // a fifth at 0, a long tail
		k := left / 5
		*bins[i], left = k, left-k
	}
	*bins[1] += left
	row.SumXX, row.SumXY, row.SumYY = 4*row.Numerator, 2*row.Numerator, 2*row.Denom
	return row
}
