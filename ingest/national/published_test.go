package national_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/ingest/national"
	simulated "github.com/entscope/entscope/ingest/simulate/national"
)

var published = flag.String("published", "", "folder of `entscope simulate --national --published`; 12 million rows")

// yearRow is what the published sums need of a row of profils.
type yearRow struct {
	UAI    string `parquet:"uai"`
	Year   string `parquet:"school_year"`
	All    *int64 `parquet:"visites_globales"`
	Users  *int64 `parquet:"utilisateurs_globales"`
	Pupils *int64 `parquet:"visites_eleve"`
	Parent *int64 `parquet:"visites_parent"`
	Staff  *int64 `parquet:"visites_enseignant"`
	Admin  *int64 `parquet:"visites_admin_vie_scol_tech"`
}

// TestPublishedTotals holds what is read of a file of the real size against the sums
// that have been published of the real file. The numbers stand here and in the
// generator, each by itself.
func TestPublishedTotals(t *testing.T) {
	if *published == "" {
		t.Skip("-published DIR is not given")
	}
	_, out, err := read(t, filesOf(t, *published)...)
	if err != nil {
		t.Fatal(err)
	}
	academies := map[string]string{}
	for _, s := range rows[national.SchoolRow](t, out, "schools") {
		if s.Academie != nil {
			academies[s.UAI] = *s.Academie
		}
	}
	got := map[string]int64{}
	eachRow(t, filepath.Join(out, "profils.parquet"), func(r *yearRow) {
		got["rows "+academies[r.UAI]]++
		got["rows"]++
		if r.Year != "2025-2026" && r.Year != "2024-2025" {
			return
		}
		for name, v := range map[string]*int64{
			"globales": r.All, "users": r.Users, "eleve": r.Pupils, "parent": r.Parent, "enseignant": r.Staff,
			"admin": r.Admin,
		} {
			got[r.Year+" "+name] += *v
			if academies[r.UAI] == "Corse" {
				got[r.Year+" Corse "+name] += *v
			}
		}
		got[r.Year+" rows"]++
		if academies[r.UAI] == "Corse" {
			got[r.Year+" Corse rows"]++
		}
	})
	for name, want := range map[string]int64{
		"rows": 3_896_557, "rows Lille": 326_879, "rows Versailles": 303_524, "rows Nantes": 267_250,
		"rows Créteil": 265_283,
		"rows Rennes":  256_027, "rows Toulouse": 224_161, "rows Corse": 15_170, "rows Guyane": 13_092,
		"rows Mayotte":       12_648,
		"2024-2025 globales": 771_736_489, "2024-2025 enseignant": 106_113_305, "2024-2025 eleve": 468_195_843,
		"2024-2025 parent":   182_226_220,
		"2025-2026 globales": 649_492_449, "2025-2026 enseignant": 124_802_399, "2025-2026 eleve": 261_014_932,
		"2025-2026 parent": 243_368_682, "2025-2026 admin": 19_377_465, "2025-2026 users": 143_170_883,
		"2025-2026 rows":           1_476_743,
		"2025-2026 Corse globales": 2_945_299, "2025-2026 Corse users": 687_455, "2025-2026 Corse rows": 3_207,
	} {
		if got[name] != want {
			t.Errorf("%s: %d, published %d", name, got[name], want)
		}
	}
	for _, c := range rows[national.ColumnRow](t, out, "columns") {
		switch c.Column {
		case "visites_accueil":
			if *c.Total != 2_573_827_261 {
				t.Errorf("accueil: %d", *c.Total)
			}
		case "visites_notes":
			if *c.Total != 197_507_603 {
				t.Errorf("notes: %d", *c.Total)
			}
		}
	}
}

func eachRow[T any](t *testing.T, path string, hand func(*T)) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := parquet.NewGenericReader[T](f)
	defer r.Close()
	batch := make([]T, 4096)
	for {
		n, err := r.Read(batch)
		for i := range batch[:n] {
			hand(&batch[i])
		}
		if err != nil || n == 0 {
			return
		}
	}
}

// BenchmarkNational reads files of the size that ENTSCOPE_BENCH_NATIONAL asks for: the
// schools of a simulation, or "published" for 12.35 million rows.
func BenchmarkNational(b *testing.B) {
	config := simulated.Config{Schools: 2000, Seed: 1, Threads: 2}
	if size := os.Getenv("ENTSCOPE_BENCH_NATIONAL"); size == "published" {
		config = simulated.Config{Published: true, Seed: 1, Threads: 2}
	}
	dir := filepath.Join(b.TempDir(), "france")
	if err := simulated.Write(context.Background(), dir, config); err != nil {
		b.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.csv"))
	if err != nil {
		b.Fatal(err)
	}
	var size int64
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			b.Fatal(err)
		}
		size += info.Size()
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	b.SetBytes(size)
	var rows int64
	b.ResetTimer()
	for range b.N {
		r, err := national.Read(context.Background(), national.Job{
			Files: files, Out: filepath.Join(b.TempDir(), "edition"), Software: "test", Threads: 2,
		})
		if err != nil {
			b.Fatal(err)
		}
		rows = 0
		for table, n := range r.Manifest.Tables {
			if strings.HasPrefix(table, "profils") || table == "services" || table == "appareils" {
				rows += n
			}
		}
	}
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(rows), "rows")
	b.ReportMetric(float64(usage.Maxrss)/1024, "peak-MiB")
}
