package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkShards measures what ingestion costs as one process and as four shards with the ingestion after them, each
// a process of its own with one thread, on a region of ENTSCOPE_BENCH_PARENTS parents (2,000 by default) and
// ENTSCOPE_BENCH_WEEKS school weeks (12): CPU of the whole (one-cpu-s), of the largest shard (shard-cpu-s), of the
// ingestion that takes them (merge-cpu-s), of all together (all-cpu-s). path/one is what nobody can do beside another,
// the largest shard and the merge, over the one process. The zones have the same bytes.
func BenchmarkShards(b *testing.B) {
	const shards = 4
	binary := mainBinary(b)
	region := filepath.Join(b.TempDir(), "region")
	file := filepath.Join(region, "study.toml")
	costs(b, binary, "simulate", "--out", region, "--seed", "1", "--parents",
		cmp.Or(os.Getenv("ENTSCOPE_BENCH_PARENTS"), "2000"), "--weeks", cmp.Or(os.Getenv("ENTSCOPE_BENCH_WEEKS"), "12"))
	costs(b, binary, "key", "init", "--out", filepath.Join(region, "master.key"))
	text, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.Replace(text, []byte("threads = 2"), []byte("threads = 1"), 1), 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		begin := func() {
			forget(b, region)
			if err := os.RemoveAll(filepath.Join(region, "restricted", "joins.json")); err != nil {
				b.Fatal(err)
			}
		}
		begin()
		one := costs(b, binary, "ingest", file).seconds
		want := tree(b, filepath.Join(region, "restricted"))

		begin()
		largest, all := 0.0, 0.0
		for i := range shards {
			seconds := costs(b, binary, "ingest", file, "--shard", fmt.Sprintf("%d/%d", i+1, shards)).seconds
			largest, all = max(largest, seconds), all+seconds
		}
		merge := costs(b, binary, "ingest", file).seconds
		got := tree(b, filepath.Join(region, "restricted"))
		if len(got) != len(want) {
			b.Errorf("%d files by shards, %d by one process", len(got), len(want))
		}
		for name, data := range got {
			if want[name] != data {
				b.Errorf("%s differs when shards have decoded", name)
			}
		}
		b.ReportMetric(one, "one-cpu-s")
		b.ReportMetric(largest, "shard-cpu-s")
		b.ReportMetric(merge, "merge-cpu-s")
		b.ReportMetric(all+merge, "all-cpu-s")
		b.ReportMetric((largest+merge)/one, "path/one")
	}
}
