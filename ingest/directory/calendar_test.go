package directory

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Easter Sundays published by the Institut de mécanique céleste et de calcul des
// éphémérides, with the earliest and latest of the Gregorian calendar.
func TestEaster(t *testing.T) {
	for year, want := range map[int]string{
		1818: "1818-03-22", 1943: "1943-04-25", 2000: "2000-04-23", 2008: "2008-03-23", 2019: "2019-04-21",
		2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2038: "2038-04-25",
	} {
		if got := date(Easter(year)).Format(time.DateOnly); got != want {
			t.Errorf("Easter(%d) = %s, want %s", year, got, want)
		}
	}
}

func parseDay(t testing.TB, s string) int32 {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return day(d.Year(), d.Month(), d.Day())
}

func TestPublicHolidays(t *testing.T) {
	// 2026 as in the arrêté of the school calendar and the Code du travail.
	want := []string{"2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14",
		"2026-08-15", "2026-11-01", "2026-11-11", "2026-12-25"}
	var got []string
	for d := parseDay(t, "2026-01-01"); d <= parseDay(t, "2026-12-31"); d++ {
		if publicHoliday("B", d) {
			got = append(got, date(d).Format(time.DateOnly))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !publicHoliday("Réunion", parseDay(t, "2025-12-20")) {
		t.Error("20 December is a holiday in La Réunion")
	}
}

// calendarOf reads a calendar file for schools of some zones.
func calendarOf(t *testing.T, file, start, end string,
	zones ...string) (map[string]map[string]CalendarDay, *Directory) {
	t.Helper()
	b := newBuilder(
		Options{Calendar: []string{file}, Start: parseDay(t, start), End: parseDay(t, end), Zone: time.UTC})
	for i, z := range zones {
		n := b.school(string(rune('a' + i)))
		b.d.Schools[n].Zone, b.d.Schools[n].Perimeter = z, true
	}
	if err := b.readCalendar(t.Context()); err != nil {
		t.Fatal(err)
	}
	days := map[string]map[string]CalendarDay{}
	for _, d := range b.d.Calendar {
		if days[d.Zone] == nil {
			days[d.Zone] = map[string]CalendarDay{}
		}
		days[d.Zone][date(d.Day).Format(time.DateOnly)] = d
	}
	return days, b.d
}

// checkYear holds dates of 2025-2026 from the arrêté du 7 décembre 2022
// (MENE2231420A) and of the overseas calendars against the file.
func checkYear(t *testing.T, file string) {
	days, d := calendarOf(t, file, "2025-09-01", "2026-06-30", "A", "B", "C", "Réunion", "Guadeloupe", "Polynésie")
	for _, test := range []struct {
		zone, day             string
		holiday, school, week bool
	}{
		{"A", "2025-10-17", false, true, true},        // Friday before
		{"A", "2025-10-18", true, false, true},        // Toussaint begins
		{"B", "2025-10-20", true, false, false},       // a week without school
		{"C", "2025-10-26", true, false, false},       // the night the clocks change
		{"A", "2025-11-02", true, false, false},       // last day
		{"A", "2025-11-03", false, true, true},        // back
		{"A", "2025-11-05", false, true, true},        // Wednesday
		{"A", "2025-11-08", false, false, true},       // Saturday
		{"B", "2025-11-11", true, false, true},        // Armistice
		{"A", "2026-02-07", true, false, true},        // winter, A first
		{"B", "2026-02-07", false, false, true},       // an ordinary Saturday
		{"B", "2026-02-16", true, false, false},       // winter, B
		{"C", "2026-03-02", true, false, false},       // winter, C
		{"A", "2026-03-02", false, true, true},        // A is back
		{"A", "2026-05-14", true, false, true},        // Ascension
		{"A", "2026-05-15", true, false, true},        // the bridge
		{"C", "2026-05-25", true, false, true},        // Whit Monday
		{"B", "2026-07-03", false, true, true},        // last day
		{"B", "2026-07-06", true, false, false},       // summer
		{"Réunion", "2025-10-20", true, false, false}, // other weeks than in France
		{"Réunion", "2025-11-03", false, true, true},
		{"Réunion", "2025-12-20", true, false, true},
		{"Polynésie", "2026-02-16", true, false, false},
	} {
		got, ok := days[test.zone][test.day]
		if !ok || got.Holiday != test.holiday || got.SchoolDay != test.school || got.SchoolWeek != test.week {
			t.Errorf("%s %s: %+v", test.zone, test.day, got)
		}
	}
	if got := days["A"]["2025-10-26"]; got.Weekday != 7 || got.Month != 202510 ||
		date(got.WeekDay).Format(time.DateOnly) != "2025-10-20" {
		t.Errorf("%+v", got)
	}
	f := d.Files[0]
	if f.Used == 0 || len(f.Rejects) > 0 {
		t.Errorf("%+v", f)
	}
	for _, w := range d.Warnings {
		t.Errorf("warning: %s", w)
	}
}

func TestCalendarExcerpt(t *testing.T) { checkYear(t, "testdata/fr-en-calendrier-scolaire.csv") }

// The whole file, where the shared folder exists; the excerpt above is the test.
func TestCalendarWhole(t *testing.T) {
	const file = "../../../shared/data/opendata/fr-en-calendrier-scolaire.csv"
	if _, err := os.Stat(file); err != nil {
		t.Skip("no shared folder")
	}
	checkYear(t, file)
}

// The file has no row of Corse after 2024: said, not guessed.
func TestCalendarMissingZone(t *testing.T) {
	_, d := calendarOf(t, "testdata/fr-en-calendrier-scolaire.csv", "2025-09-01", "2026-06-30", "A", "Corse")
	if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], `zone "Corse"`) {
		t.Errorf("warnings %v", d.Warnings)
	}
}

func TestCalendarOffsets(t *testing.T) {
	// The API's UTC form of the same midnights, and a return after midnight.
	file := t.TempDir() + "/c.csv"
	text := "Description;Population;Date de début;Date de fin;Académies;Zones;annee_scolaire\n" +
		"Vacances de la Toussaint;-;2025-10-17T22:00:00Z;2025-11-02T23:00:00.000Z;Lyon;Zone A;2025-2026\n" +
		"Vacances de la Toussaint;Élèves;2025-10-18T00:00:00+02:00;2025-11-03;Grenoble;Zone A;2025-2026\n" +
		"Rentrée;Enseignants;2025-11-10T00:00:00+01:00;2025-11-12T01:00:00+01:00;Lyon;Zone A;2025-2026\n" +
		"Pont;-;2025-11-21T00:00:00+01:00;2025-11-21T00:00:00+01:00;Lyon;Zone A;2025-2026\n" +
		"Pont;-;2025-11-24T00:00:00+01:00;2025-11-25T01:00:00+01:00;Grenoble;Zone A;2025-2026\n" +
		"Vacances;-;hier;;Lyon;Zone A;2025-2026\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	days, d := calendarOf(t, file, "2025-10-06", "2025-12-14", "A", "")
	for day, holiday := range map[string]bool{"2025-10-17": false, "2025-10-18": true, "2025-11-02": true,
		"2025-11-03": false, "2025-11-10": false} {
		if days["A"][day].Holiday != holiday {
			t.Errorf("%s: holiday %v", day, !holiday)
		}
	}
	// One académie of the two: no majority.
	if days["A"]["2025-11-21"].Holiday || days["A"]["2025-11-24"].Holiday {
		t.Error("a bridge of one académie of two closes the zone")
	}
	if !days[""]["2025-11-11"].Holiday || days[""]["2025-10-20"].Holiday {
		t.Error("a school without a zone has public holidays alone")
	}
	if f := d.Files[0]; f.Used != 4 || f.Ignored != 2 || f.Read() != 7 {
		t.Errorf("%+v", f)
	}
	if len(d.Warnings) != 2 || !strings.Contains(d.Warnings[0]+d.Warnings[1], `zone "A"`) {
		t.Errorf("warnings %v", d.Warnings)
	}
}

// Families are the connected components, whatever the order of the links.
func TestFamiliesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		b := newBuilder(Options{})
		adjacent := make([][]int, n)
		for i := range n {
			b.d.Persons = append(b.d.Persons, Person{Family: int32(i), Same: int32(i)})
		}
		for range rapid.IntRange(0, 30).Draw(t, "links") {
			x, y := rapid.IntRange(0, n-1).Draw(t, "x"), rapid.IntRange(0, n-1).Draw(t, "y")
			b.d.Links = append(b.d.Links, Link{Child: int32(x), Guardian: int32(y)})
			adjacent[x], adjacent[y] = append(adjacent[x], y), append(adjacent[y], x)
		}
		b.families()
		for i := range n { // the smallest person that can be reached
			seen, stack, low := map[int]bool{i: true}, []int{i}, i
			for len(stack) > 0 {
				at := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				low = min(low, at)
				for _, next := range adjacent[at] {
					if !seen[next] {
						seen[next] = true
						stack = append(stack, next)
					}
				}
			}
			if int(b.d.Persons[i].Family) != low {
				t.Fatalf("person %d: family %d, want %d", i, b.d.Persons[i].Family, low)
			}
		}
	})
}

func TestIDsProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids, model := newIDs(), map[string]int32{}
		for _, id := range rapid.SliceOf(rapid.StringMatching(`[ab]{0,4}`)).Draw(t, "ids") {
			want, known := model[id]
			if !known {
				want = int32(len(model))
				model[id] = want
			}
			if got, isNew := ids.add([]byte(id)); got != want || isNew == known {
				t.Fatalf("add(%q) = %d, %v; want %d, %v", id, got, isNew, want, !known)
			}
		}
		for id, n := range model {
			if string(ids.at(n)) != id || ids.find([]byte(id)) != n {
				t.Fatalf("%q is lost", id)
			}
		}
		if ids.find([]byte("x")) != -1 {
			t.Fatal("found what was never added")
		}
	})
}

func TestIPSBand(t *testing.T) {
	for tenths, want := range map[int32]int8{-1: 0, 0: 1, 849: 1, 850: 2, 949: 2, 950: 3, 1049: 3, 1050: 4, 1149: 4,
		1150: 5, 1700: 5} {
		if got := IPSBand(tenths); got != want {
			t.Errorf("IPSBand(%d) = %d, want %d", tenths, got, want)
		}
	}
}
