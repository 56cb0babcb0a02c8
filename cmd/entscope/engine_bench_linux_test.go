//go:build engine

package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkEngine measures one edition on the embedded engine and on the Trino that .ci/engine has started, on regions
// of ENTSCOPE_BENCH_PARENTS parents (2000; several with commas), in ENTSCOPE_BENCH_MEMORY_MB (512): of each what
// `anonymize` takes here (embedded-cpu-s, here-cpu-s; wall time and highest memory), and of Trino its statements, the
// processor time that it tells of them, and the memory of the largest. A slope is the power of the events by which
// processor time grew from the size before, 1 where it is in proportion. The editions have the same bytes.
func BenchmarkEngine(b *testing.B) {
	var before cpuOf
	for parents := range strings.SplitSeq(cmp.Or(os.Getenv("ENTSCOPE_BENCH_PARENTS"), "2000"), ",") {
		b.Run("parents="+parents, func(b *testing.B) {
			now := compareEngines(b, parents)
			if before.events > 0 {
				slope := func(was, is float64) float64 { return math.Log(is/was) / math.Log(now.events/before.events) }
				b.ReportMetric(slope(before.embedded, now.embedded), "embedded-slope")
				b.ReportMetric(slope(before.trino, now.trino), "trino-slope")
			}
			before = now
		})
	}
}

// cpuOf is the processor time of an edition, on the embedded engine, and on Trino and here; and of how many events.
type cpuOf struct{ events, embedded, trino float64 }

func compareEngines(b *testing.B, parents string) (cpu cpuOf) {
	binary := mainBinary(b)
	region := filepath.Join(b.TempDir(), "region")
	file := filepath.Join(region, "study.toml")
	costs(b, binary, "simulate", "--out", region, "--seed", "1", "--parents", parents)
	costs(b, binary, "key", "init", "--out", filepath.Join(region, "master.key"))
	text, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	text = bytes.Replace(text, []byte("memory_mb = 512"), []byte("memory_mb = "+cmp.Or(os.Getenv("ENTSCOPE_BENCH_MEMORY_MB"),
		"512")), 1)
	on := func(engine string) (cost, map[string]string) {
		for _, name := range []string{"editions", "run.json", "master.key.register"} {
			if err := os.RemoveAll(filepath.Join(region, name)); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.WriteFile(file, append(text[:len(text):len(text)], engine...), 0o600); err != nil {
			b.Fatal(err)
		}
		return costs(b, binary, "anonymize", file, "--log-level", "debug"), tree(b, filepath.Join(region, "editions"))
	}
	ingest := costs(b, binary, "ingest", file)
	m := regexp.MustCompile(`events (\d+)`).FindSubmatch(ingest.said)
	if m == nil {
		b.Fatalf("ingest tells of no events: %s", ingest.said)
	}
	if cpu.events, err = strconv.ParseFloat(string(m[1]), 64); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		embedded, want := on("")
		asked := watchQueries(b)
		trino, got := on(trinoSection(b))
		there, most := asked()
		cpu.embedded, cpu.trino = embedded.seconds, trino.seconds+there
		if len(got) != len(want) {
			b.Errorf("%d files by Trino, %d by the embedded engine", len(got), len(want))
		}
		for name, data := range got {
			if want[name] != data {
				b.Errorf("%s differs between the engines", name)
			}
		}
		statements := 0
		for _, m := range regexp.MustCompile(`statements=(\d+)`).FindAllSubmatch(trino.said, -1) {
			n, err := strconv.Atoi(string(m[1]))
			if err != nil {
				b.Fatal(err)
			}
			statements += n
		}
		b.ReportMetric(cpu.events, "events")
		b.ReportMetric(ingest.seconds, "ingest-cpu-s")
		b.ReportMetric(mebibytes(b, filepath.Join(region, "restricted")), "zone-MiB")
		b.ReportMetric(embedded.seconds, "embedded-cpu-s")
		b.ReportMetric(embedded.wall, "embedded-s")
		b.ReportMetric(embedded.peak, "embedded-MiB")
		b.ReportMetric(trino.seconds, "here-cpu-s")
		b.ReportMetric(trino.wall, "trino-s")
		b.ReportMetric(trino.peak, "here-MiB")
		b.ReportMetric(there, "trino-cpu-s")
		b.ReportMetric(most, "trino-MiB")
		b.ReportMetric(float64(statements), "statements")
	}
	return cpu
}

// mebibytes is the size of the files of a folder.
func mebibytes(b *testing.B, dir string) float64 {
	b.Helper()
	var n int64
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return float64(n) / (1 << 20)
}

// trinoSection is the part of a study.toml that names the Trino of .ci/engine.
func trinoSection(b *testing.B) string {
	dir := os.Getenv("ENTSCOPE_ENGINE")
	return fmt.Sprintf(`
[engine]
kind = "trino"
url = %q
catalog = "lake"
scratch = "entscope_bench"
user = "entscope"
password_file = %q
ca_file = %q
folder = %q
folder_url = "local:///shared"
`, engineFile(b, "https"), filepath.Join(dir, "password"), filepath.Join(dir, "ca.pem"), filepath.Join(dir, "lake", "shared"))
}

// engineFile is a line that .ci/engine left for tests.
func engineFile(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(os.Getenv("ENTSCOPE_ENGINE"), name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}

// watchQueries asks the server again and again for its statements, of which it forgets those of long ago. Its result
// ends that, and gives the processor seconds of all that began since, and the memory of the largest, in MiB.
func watchQueries(b *testing.B) (ended func() (cpu, most float64)) {
	type query struct {
		ID    string `json:"queryId"`
		Stats struct {
			CPU  string `json:"totalCpuTime"`
			Most string `json:"peakTotalMemoryReservation"`
		} `json:"queryStats"`
	}
	address := engineFile(b, "http") + "/v1/query"
	known := func() ([]query, error) {
		request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
		if err != nil {
			return nil, err
		}
		request.Header.Set("X-Trino-User", "entscope")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		var list []query
		return list, json.NewDecoder(response.Body).Decode(&list)
	}
	before, seen := map[string]bool{}, map[string]query{}
	list, err := known()
	if err != nil {
		b.Fatal(err)
	}
	for _, q := range list {
		before[q.ID] = true
	}
	stop, done := make(chan bool), make(chan error)
	go func() {
		for last := false; ; {
			list, err := known()
			for _, q := range list {
				if !before[q.ID] {
					seen[q.ID] = q
				}
			}
			if last || err != nil {
				done <- err
				return
			}
			select {
			case <-stop:
				last = true
			case <-time.After(10 * time.Second):
			}
		}
	}()
	return func() (cpu, most float64) {
		close(stop)
		if err := <-done; err != nil {
			b.Fatal(err)
		}
		for _, q := range seen {
			d, err := time.ParseDuration(q.Stats.CPU)
			if err != nil {
				b.Fatal(err)
			}
			n, err := strconv.ParseFloat(strings.TrimSuffix(q.Stats.Most, "B"), 64)
			if err != nil {
				b.Fatal(err)
			}
			cpu, most = cpu+d.Seconds(), max(most, n/(1<<20))
		}
		return cpu, most
	}
}
