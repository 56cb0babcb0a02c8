package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest/simulate/national"
)

// BenchmarkNational runs the whole command, from the files to the pages, in a process of
// its own: the size is ENTSCOPE_BENCH_NATIONAL, 2,000 schools by default, or "published"
// for the 12.35 million rows of the real files.
func BenchmarkNational(b *testing.B) {
	config := national.Config{Schools: 2000, Seed: 1, Threads: 2}
	if os.Getenv("ENTSCOPE_BENCH_NATIONAL") == "published" {
		config = national.Config{Published: true, Seed: 1, Threads: 2}
	}
	from := filepath.Join(b.TempDir(), "files")
	if err := national.Write(context.Background(), from, config); err != nil {
		b.Fatal(err)
	}
	var truth national.Truth
	data, err := os.ReadFile(filepath.Join(from, "truth.json"))
	if err != nil {
		b.Fatal(err)
	}
	if err := json.Unmarshal(data, &truth); err != nil {
		b.Fatal(err)
	}
	var rows, peak int64
	var cpu time.Duration
	for _, n := range truth.Rows {
		rows += n
	}
	for b.Loop() {
		args := []string{"national", "--out", filepath.Join(b.TempDir(), "france")}
		for _, pattern := range []string{"*.csv", "*/*.csv"} {
			files, err := filepath.Glob(filepath.Join(from, pattern))
			if err != nil {
				b.Fatal(err)
			}
			args = append(args, files...)
		}
		c := exec.Command("entscope", args...)
		c.Env = append(os.Environ(), "GOMAXPROCS=2")
		if out, err := c.CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
		cpu += c.ProcessState.UserTime() + c.ProcessState.SystemTime()
		peak = max(peak, c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
	}
	b.ReportMetric(cpu.Seconds()/float64(b.N), "cpu-s")
	b.ReportMetric(float64(rows), "rows")
	b.ReportMetric(float64(peak)/1024, "peak-MiB")
}
