package microdata

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/parquet-go/parquet-go"
)

const adultDir = "../kanon/testdata/adult"

// adultText is the Adult table as a CSV.
func adultText(t testing.TB) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join(adultDir, "adult.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// adultPolicy is a policy over the nine attributes of Adult.
func adultPolicy(t testing.TB, dir, head string) string {
	t.Helper()
	heading, _, _ := bytes.Cut(adultText(t), []byte("\n"))
	var b strings.Builder
	b.WriteString(head)
	for name := range strings.SplitSeq(strings.TrimSpace(string(heading)), ";") {
		path, err := filepath.Abs(filepath.Join(adultDir, "adult_hierarchy_"+name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "[[quasi_identifier]]\nname = %q\nhierarchy = %q\n", name, path)
	}
	path := filepath.Join(dir, "policy.toml")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// enlargedParquet writes n persons drawn from Adult, each attribute being with
// probability 0.15 that of another record (facts/anonymisation.md, §1).
func enlargedParquet(b *testing.B, n int) string {
	b.Helper()
	r := csv.NewReader(bytes.NewReader(adultText(b)))
	r.Comma = ';'
	records, err := r.ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	heading, records := records[0], records[1:]
	group := parquet.Group{"id": parquet.Leaf(parquet.Int64Type)}
	for _, name := range heading {
		group[name] = parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	}
	schema := parquet.NewSchema("adult", group)
	at := make([]int, len(schema.Fields())) // the field of each leaf, -1 the id
	for i, f := range schema.Fields() {
		at[i] = -1
		for j, name := range heading {
			if name == f.Name() {
				at[i] = j
			}
		}
	}
	path := filepath.Join(b.TempDir(), "in.parquet")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := parquet.NewGenericWriter[any](f, schema, parquet.Compression(&parquet.Snappy),
		parquet.MaxRowsPerRowGroup(1<<17))
	random := rand.New(rand.NewPCG(1, 2))
	row := make(parquet.Row, len(at))
	for id := range n {
		from := random.IntN(len(records))
		for i, j := range at {
			switch {
			case j < 0:
				row[i] = parquet.Int64Value(int64(id)).Level(0, 0, i)
			case random.Float64() < 0.15:
				row[i] = parquet.ByteArrayValue([]byte(records[random.IntN(len(records))][j])).Level(0, 0, i)
			default:
				row[i] = parquet.ByteArrayValue([]byte(records[from][j])).Level(0, 0, i)
			}
		}
		if _, err := w.WriteRows([]parquet.Row{row}); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// peakMiB is the highest resident memory since the last call.
func peakMiB(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("no /proc: memory is not measured")
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kib := 0.0
	fmt.Sscan(rest, &kib)
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		b.Fatal(err)
	}
	return kib / 1024
}

// BenchmarkTable is the whole of `entscope table` from Parquet to Parquet, read,
// searched, checked again and written, with its peak of memory:
//
//	go test -run xxx -bench Table -benchtime 1x -timeout 30m ./anonymize/microdata/
func BenchmarkTable(b *testing.B) {
	for _, n := range []int{1_000_000, 10_000_000} {
		b.Run(fmt.Sprintf("persons=%d", n), func(b *testing.B) {
			input := enlargedParquet(b, n)
			policy := adultPolicy(b, b.TempDir(),
				"person = \"id\"\nk = 5\nsuppression_limit = 0.01\nmetric = \"loss\"\n")
			peakMiB(b)
			for i := 0; b.Loop(); i++ {
				var before, after syscall.Rusage
				syscall.Getrusage(syscall.RUSAGE_SELF, &before)
				out := filepath.Join(b.TempDir(), fmt.Sprint(i))
				r, err := Anonymize(context.Background(), Job{Input: input, Policy: policy, Out: out, Threads: 2})
				if err != nil {
					b.Fatal(err)
				}
				syscall.Getrusage(syscall.RUSAGE_SELF, &after)
				if r.Persons != n || r.K < 5 {
					b.Fatalf("%d persons, k = %d", r.Persons, r.K)
				}
				b.ReportMetric(r.SecondsSearch, "search-s")
				spent := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
				b.ReportMetric(float64(spent)/1e9, "cpu-s")
			}
			b.ReportMetric(peakMiB(b), "peak-MiB")
		})
	}
}
