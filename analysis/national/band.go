package national

import (
	"cmp"
	"slices"
	"strconv"
)

// Levels are the kinds of school that answers compare, in order.
var Levels = []string{"ecole", "college", "lycee"}

// bands is the number of bands of social position: quintiles.
const bands = 5

// position is the social position of a school in one school year.
type position struct {
	tenths int64
	band   int // 1 (lowest) to 5; 0 without IPS
	pupils int64
	// year is that of the IPS, the nearest there is.
	year int
}

// positions are those of all schools for one school year: the nearest year of the
// files of IPS, an earlier one of two as near. Bands are quintiles of the schools of a
// level, measured or not, weighted by pupils; schools of one IPS share a band.
func (e *Edition) positions(first int) []position {
	out := make([]position, len(e.Schools))
	pupilsYear := make([]int, len(e.Schools))
	for _, s := range e.social { // ordered by school and year
		p := &out[s.school]
		if s.hasIPS && (p.tenths == 0 || distance(s.year, first) < distance(p.year, first)) {
			p.tenths, p.year = s.tenths, s.year
		}
		if s.pupils > 0 && (p.pupils == 0 || distance(s.year, first) < distance(pupilsYear[s.school], first)) {
			p.pupils, pupilsYear[s.school] = s.pupils, s.year
		}
	}
	for _, l := range Levels {
		var ranked []int
		for i, s := range e.Schools {
			if s.Level == l && out[i].tenths > 0 {
				ranked = append(ranked, i)
			}
		}
		quintiles(out, ranked)
	}
	return out
}

func distance(a, b int) int { return max(a-b, b-a) }

// quintiles sets the bands of the schools in ranked.
func quintiles(of []position, ranked []int) {
	slices.SortFunc(ranked, func(a, b int) int {
		return cmp.Or(cmp.Compare(of[a].tenths, of[b].tenths), cmp.Compare(a, b))
	})
	var total int64
	for _, i := range ranked {
		total += of[i].pupils
	}
	weight := func(i int) int64 { return of[i].pupils }
	if total == 0 { // no enrolment in the files: each school counts once
		total = int64(len(ranked))
		weight = func(int) int64 { return 1 }
	}
	var below int64
	for from := 0; from < len(ranked); {
		to, here := from, int64(0)
		for to < len(ranked) && of[ranked[to]].tenths == of[ranked[from]].tenths {
			here += weight(ranked[to])
			to++
		}
		band := int((2*below+here)*bands/(2*total)) + 1
		for _, i := range ranked[from:to] {
			of[i].band = min(band, bands)
		}
		below, from = below+here, to
	}
}

// member is a school measured in a school year, with what groups it.
type member struct {
	*Use
	school *School
	position
}

// members are the schools whose parents were measured in a school year: with visits of
// parents, for a column at 0 is not a use at 0.
func (e *Edition) members(year int) []member {
	first, _ := firstYear(e.Years[year].Label)
	at := e.positions(first)
	var out []member
	for i := range e.use {
		if u := &e.use[i]; u.Year == year && u.Visits[parent] > 0 {
			out = append(out, member{u, &e.Schools[u.School], at[u.School]})
		}
	}
	return out
}

// grouping is one way to part schools.
type grouping struct {
	key string
	of  func(m member) string
}

var groupings = []grouping{
	{"level", func(m member) string { return m.school.Level }},
	{"sector", func(m member) string { return m.school.Sector }},
	{"academie", func(m member) string { return m.school.Academie }},
	{"departement", func(m member) string { return m.school.Number }},
	{"ips_band", func(m member) string { return bandText(m.band) }},
}

func bandText(band int) string {
	if band == 0 {
		return ""
	}
	return strconv.Itoa(band)
}

// parted are the members of each value of a grouping, values in order; schools of
// which it is not known are in none.
func parted(all []member, by grouping) (values []string, members map[string][]member) {
	members = map[string][]member{}
	for _, m := range all {
		v := by.of(m)
		if v == "" {
			continue
		}
		if members[v] == nil {
			values = append(values, v)
		}
		members[v] = append(members[v], m)
	}
	slices.Sort(values)
	return values, members
}
