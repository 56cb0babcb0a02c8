package national

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/anonymize/engine"
)

// world is a small country with a planted truth, written as an edition.
type world struct {
	schools  int
	seed     uint64
	gradient float64 // exp(gradient · z) of the IPS, z with standard deviation 1
	level    float64 // of visits in the week of the lockdown
	slope    float64 // exp(slope · week) afterwards
	broken   float64 // factor of pupils' visits from 2025-08-01 on
	parents  string  // académie in which the feed of parents stops in January 2026
	from, to time.Time
	growth   float64 // of parents' visits a year
	name     string  // of every school
}

func newWorld(seed uint64) world {
	return world{schools: 240, seed: seed, gradient: 0.3, level: 1.9, slope: -0.04, broken: 0.55, growth: 1.04,
		from: time.Date(2019, 9, 2, 0, 0, 0, 0, time.UTC), to: time.Date(2026, 7, 27, 0, 0, 0, 0, time.UTC),
		name: "Collège"}
}

// smallWorld has enough schools for what does not rest on intervals.
func smallWorld(seed uint64) world {
	w := newWorld(seed)
	w.schools = 48
	return w
}

// holidayWeeks are the weeks without class of a zone, as days from the first Monday of
// September.
func (w world) holiday(day int, zone string) bool {
	d := Date(day)
	switch at := d.YearDay() / 7; {
	case d.Month() == time.July && d.Day() > 5, d.Month() == time.August:
		return true
	case at == 42, at == 43, at == 51, at == 0:
		return true
	case at == 7+int(zone[0]-'A'), at == 8+int(zone[0]-'A'):
		return true
	case at == 15+int(zone[0]-'A'), at == 16+int(zone[0]-'A'):
		return true
	}
	return false
}

// write makes the edition.
func (w world) write(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(w.seed, 7))
	tables := map[string]*strings.Builder{}
	line := func(table, format string, args ...any) {
		if tables[table] == nil {
			tables[table] = &strings.Builder{}
		}
		fmt.Fprintf(tables[table], format+"\n", args...)
	}
	line("schools", "uai,name,level,sector,academie,departement,departement_number,commune,zone,in_dnma")
	line("profils", "uai,week_day,school_year,"+columnsOf(Profiles)+",utilisateurs_globales,utilisateurs_parent")
	line("services", "uai,week_day,school_year,"+columnsOf(Services))
	line("profils_appareils", "uai,week_day,school_year,"+columnsOf(deviceColumns))
	line("ips", "uai,school_year,level,ips_tenths,pupils")
	line("calendar", "zone,week_day,term_days")
	line("coverage", "table,week_day,schools,thin")
	line("columns", "table,column,status,total")
	line("columns", "services,visites_nouveau,unknown,12")
	first, last := dayOf(w.from), dayOf(w.to)
	lock := dayOf(Lockdown.Day)
	for day := first; day <= last; day += 7 {
		for _, zone := range []string{"A", "B", "C"} {
			days := 5
			if w.holiday(day, zone) {
				days = 0
			}
			line("calendar", "%s,%d,%d", zone, day, days)
		}
		for _, table := range []string{"profils", "services", "profils_appareils"} {
			line("coverage", "%s,%d,%d,false", table, day, w.schools)
		}
	}
	lognormal := func(sd float64) float64 { return math.Exp(sd*r.NormFloat64() - sd*sd/2) }
	for s := range w.schools {
		departement, zone := s%24+1, string("ABC"[s%3])
		academie := fmt.Sprintf("Académie %d", s%6)
		uai, schoolLevel, sector := fmt.Sprintf("%03d%04dA", departement, s), Levels[1+s/24%2], "PU"
		if r.IntN(5) == 0 {
			sector = "PR"
		}
		z, pupils := r.NormFloat64(), 300+r.IntN(600)
		line(
			"schools",
			`%s,"%s",%s,%s,%s,D%d,%03d,Commune,%s,true`,
			uai,
			w.name,
			schoolLevel,
			sector,
			academie,
			departement,
			departement,
			zone,
		)
		for year := 2022; year < 2025; year++ {
			line("ips", "%s,%d-%d,%s,%d,%d", uai, year, year+1, schoolLevel, int(1000+z*150), pupils)
		}
		effect, starts := lognormal(0.4), first
		if s%5 == 0 { // one school in five comes in late
			starts = first + 7*52*(1+r.IntN(4))
		}
		phone := 0.62 * (1 + 0.1*(r.Float64()-0.5))
		for day := starts; day <= last; day += 7 {
			label := labelOf(day)
			year, _ := firstYear(label)
			season := 1.0
			if w.holiday(day, zone) {
				season = 0.2
			}
			base := 0.5 * float64(
				pupils,
			) * math.Exp(
				w.gradient*z,
			) * effect * season * math.Pow(
				w.growth,
				float64(year-2019),
			)
			if k := float64(day-lock) / 7; k >= 0 && year == 2019 {
				base *= w.level * math.Exp(w.slope*k)
			}
			visits := round(base * lognormal(0.15))
			pupilVisits := float64(pupils) * effect * season * lognormal(0.15)
			if year >= 2025 {
				pupilVisits *= w.broken
			}
			teacherVisits := float64(pupils) * 0.3 * effect * season * lognormal(0.15)
			if academie == w.parents && day >= dayOf(time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)) {
				visits = 0
			}
			all := visits + int(pupilVisits) + int(teacherVisits) + 5
			line(
				"profils",
				"%s,%d,%s,%d,%d,%d,%d,5,%d,%d",
				uai,
				day,
				label,
				all,
				int(pupilVisits),
				visits,
				int(teacherVisits),
				all/2,
				visits/2,
			)
			line(
				"profils_appareils",
				"%s,%d,%s,%d,%d,%d,%d,%d,%d,%d,%d",
				uai,
				day,
				label,
				round(pupilVisits*0.5),
				round(pupilVisits*0.4),
				round(pupilVisits*0.05),
				round(pupilVisits*0.05),
				round(
					float64(visits)*phone,
				),
				round(float64(visits)*(0.95-phone)),
				round(float64(visits)*0.03),
				round(float64(visits)*0.02),
			)
			values := make([]string, len(Services))
			for k, name := range Services {
				v := all / (k + 2)
				if name == "notes" && day >= dayOf(time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC)) ||
					name == "absences" && academie == "Académie 2" &&
						day >= dayOf(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)) {
					v = 0
				}
				values[k] = fmt.Sprint(v)
			}
			line("services", "%s,%d,%s,%s", uai, day, label, strings.Join(values, ","))
		}
	}
	manifest := `{"kind":"national","synthetic":true,"inputs":[{"kind":"profils"},{"kind":"services"},` +
		`{"kind":"profils_appareils"},{"kind":"ips"},{"kind":"calendar"}]}`
	put(t, filepath.Join(dir, "manifest.json"), manifest)
	toParquet(t, dir, tables)
	return dir
}

func round(x float64) int { return int(math.Round(x)) }

func columnsOf(names []string) string { return "visites_" + strings.Join(names, ",visites_") }

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// toParquet lets the engine write the tables.
func toParquet(t *testing.T, dir string, tables map[string]*strings.Builder) {
	t.Helper()
	e, err := engine.Open(context.Background(), testEngine(t))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for name, text := range tables {
		csv := filepath.Join(t.TempDir(), name+".csv")
		put(t, csv, text.String())
		header, _, _ := bufio.NewReader(strings.NewReader(text.String())).ReadLine()
		var columns []string
		for _, c := range strings.Split(string(header), ",") {
			kind := "VARCHAR"
			switch {
			case strings.HasPrefix(c, "visites_"), strings.HasPrefix(c, "utilisateurs_"), c == "pupils", c == "total":
				kind = "BIGINT"
			case c == "week_day", c == "ips_tenths", c == "term_days":
				kind = "INTEGER"
			case c == "schools":
				kind = "BIGINT"
			case c == "thin", c == "in_dnma":
				kind = "BOOLEAN"
			}
			columns = append(columns, fmt.Sprintf("'%s': '%s'", c, kind))
		}
		err := e.Exec(
			context.Background(),
			fmt.Sprintf(
				"COPY (SELECT * FROM read_csv('%s', header=true, columns={%s}, nullstr='')) TO '%s' (FORMAT parquet)",
				csv,
				strings.Join(columns, ", "),
				filepath.Join(dir, name+".parquet"),
			),
		)
		if err != nil {
			t.Fatal(err)
		}
	}
}

func testEngine(t *testing.T) engine.Config {
	return engine.Config{MemoryMB: 600, Threads: 2, TempDir: t.TempDir()}
}
