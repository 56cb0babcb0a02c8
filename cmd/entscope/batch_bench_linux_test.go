package main

import (
	"bytes"
	"cmp"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
)

// BenchmarkBatch measures what the stages before the report cost, each command in a process of its own, on a region
// of ENTSCOPE_BENCH_PARENTS parents (2,000 by default) of fourteen weeks, twelve of school: all logs at once
// (ingest-cpu-s, anonymize-cpu-s), and the last week after the others (week-cpu-s), whose editions have the same
// bytes. The ratios are of CPU times of one run.
func BenchmarkBatch(b *testing.B) {
	binary := mainBinary(b)
	region := filepath.Join(b.TempDir(), "region")
	file := filepath.Join(region, "study.toml")
	costs(b, binary, "simulate", "--out", region, "--seed", "1", "--parents", cmp.Or(os.Getenv("ENTSCOPE_BENCH_PARENTS"), "2000"))
	costs(b, binary, "key", "init", "--out", filepath.Join(region, "master.key"))
	last := partLogs(b, region)
	for b.Loop() {
		forget(b, region)
		ingest, anonymize := costs(b, binary, "ingest", file), costs(b, binary, "anonymize", file)
		want := tree(b, filepath.Join(region, "editions"))

		forget(b, region)
		for _, name := range last {
			if err := os.Rename(name, name+".later"); err != nil {
				b.Fatal(err)
			}
		}
		costs(b, binary, "ingest", file)
		for _, name := range last {
			if err := os.Rename(name+".later", name); err != nil {
				b.Fatal(err)
			}
		}
		weekIngest, weekAnonymize := costs(b, binary, "ingest", file), costs(b, binary, "anonymize", file)
		week := weekIngest.seconds + weekAnonymize.seconds
		for name, data := range tree(b, filepath.Join(region, "editions")) {
			if want[name] != data {
				b.Errorf("%s differs when the last week comes later", name)
			}
		}
		b.ReportMetric(ingest.seconds, "ingest-cpu-s")
		b.ReportMetric(anonymize.seconds, "anonymize-cpu-s")
		b.ReportMetric(anonymize.seconds/ingest.seconds, "anonymize/ingest")
		b.ReportMetric(week, "week-cpu-s")
		b.ReportMetric(week/(ingest.seconds+anonymize.seconds), "week/whole")
		b.ReportMetric(max(ingest.peak, anonymize.peak), "peak-MiB")
	}
}

// cost is what one command took.
type cost struct {
	seconds float64 // of CPU
	peak    float64 // MiB
	wall    float64 // seconds
	said    []byte
}

func costs(b *testing.B, binary string, args ...string) cost {
	b.Helper()
	c := exec.Command(binary, args...)
	begun := time.Now()
	out, err := c.CombinedOutput()
	wall := time.Since(begun).Seconds()
	if code := c.ProcessState.ExitCode(); code != exitDone && code != exitWarnings {
		b.Fatalf("%v: %v: %s", args, err, out)
	}
	return cost{(c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds(),
		float64(c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024, wall, out}
}

// forget takes from a study what was made of its logs, and what has left; its salt stays.
func forget(b *testing.B, region string) {
	b.Helper()
	for _, name := range []string{"restricted/events", "restricted/directory", "restricted/rejects", "restricted/sizes.json",
		"editions", "run.json", "master.key.register"} {
		if err := os.RemoveAll(filepath.Join(region, filepath.FromSlash(name))); err != nil {
			b.Fatal(err)
		}
	}
}

// partLogs cuts what the last week brought off every log, as a file of its own, and lists those files: half of the
// logs of December, which end on the fourteenth, and a fourteenth of those of the whole term.
func partLogs(b *testing.B, region string) (last []string) {
	b.Helper()
	logs, err := filepath.Glob(filepath.Join(region, "raw", "*", "*"))
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range logs {
		share := 0
		switch folder := filepath.Base(filepath.Dir(name)); {
		case folder == "cas", folder == "pronote":
			share = 14
		case strings.Contains(name, "-202512."):
			share = 2
		default:
			continue
		}
		text := packed(b, name, nil)
		cut := len(text) - len(text)/share
		cut += bytes.IndexByte(text[cut:], '\n') + 1
		later := filepath.Join(filepath.Dir(name), "last-"+filepath.Base(name))
		packed(b, name, text[:cut])
		packed(b, later, text[cut:])
		last = append(last, later)
	}
	if len(last) < 4 {
		b.Fatalf("%d logs of the last week", len(last))
	}
	return last
}

// packed writes a text, packed where the name says so; of none it reads the one that is there.
func packed(b *testing.B, name string, text []byte) []byte {
	b.Helper()
	zipped := strings.HasSuffix(name, ".gz")
	fatal := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	if text != nil {
		if zipped {
			var packed bytes.Buffer
			w := gzip.NewWriter(&packed)
			_, err := w.Write(text)
			fatal(err)
			fatal(w.Close())
			text = packed.Bytes()
		}
		fatal(os.WriteFile(name, text, 0o600))
		return nil
	}
	text, err := os.ReadFile(name)
	fatal(err)
	if zipped {
		r, err := gzip.NewReader(bytes.NewReader(text))
		fatal(err)
		text, err = io.ReadAll(r)
		fatal(err)
	}
	return text
}
