package audit

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// tie says what adds up: the groups of a grouping to the whole, those of level and band
// crossed to either, the schools of a level, a band, a status, both crossed and a set of
// similar ones to theirs, the months of a school's amounts to its term, the bands of the
// person table to everybody.
func (s *search) tie() {
	parts, crossed, bands := map[figure][]figure{}, map[figure][]figure{}, map[figure][]figure{}
	for _, of := range s.order {
		whole := func(grouping, group string) figure { return figure{of.measure, of.population, grouping, group} }
		if strings.HasPrefix(of.measure, bandPrefix) {
			key := figure{"", of.population, of.grouping, of.group}
			bands[key] = append(bands[key], of)
		}
		switch of.grouping {
		case "all", "similar":
		case "uai month":
			uai, _, _ := strings.Cut(of.group, " ")
			if !s.figures[of].share() { // persons come again in another month
				parts[whole("uai", uai)] = append(parts[whole("uai", uai)], of)
			}
		case "uai":
			row := s.schools[of.group]
			for _, key := range []figure{whole("level", row.Level), whole("ips_band", row.IPSBand), whole("ep", row.EP),
				whole("similar", row.Level+" "+row.IPSBand), whole("stratum", row.Level+" "+row.IPSBand)} {
				parts[key] = append(parts[key], of)
			}
		default:
			if level, band, both := strings.Cut(of.group, " "); both && of.grouping == "stratum" {
				for _, key := range []figure{whole("level", level), whole("ips_band", band)} {
					crossed[key] = append(crossed[key], of)
				}
			}
			key := whole("all", of.grouping) // the group names the partition
			parts[key] = append(parts[key], of)
		}
	}
	for _, sums := range []map[figure][]figure{parts, crossed} {
		for _, key := range sortedFigures(sums) {
			slices.SortFunc(sums[key], func(a, b figure) int { return cmp.Compare(a.group, b.group) })
			s.addUp(key, sums[key])
		}
	}
	for _, key := range sortedFigures(bands) {
		s.addBands(bands[key])
	}
}

// addUp says that parts add up to the whole that key is of, with what they leave of it.
func (s *search) addUp(key figure, parts []figure) {
	whole := key
	if key.grouping == "all" {
		whole = key.whole()
	}
	if _, there := s.figures[whole]; !there {
		return
	}
	for _, number := range []string{numeratorOf, personsOf} {
		if number == personsOf && key.grouping == "uai" {
			continue // persons come again in another month
		}
		total, there := s.puzzle.index[whole.number(number)]
		if !there {
			continue
		}
		numbers := []int{s.rest(key, whole, parts, number)}
		for _, part := range parts {
			numbers = append(numbers, s.puzzle.index[part.number(number)])
		}
		s.puzzle.adds(total, numbers)
	}
}

// addBands says that the bands of a group add up to its persons.
func (s *search) addBands(parts []figure) {
	slices.SortFunc(parts, func(a, b figure) int { return cmp.Compare(a.measure, b.measure) })
	numbers := []int{}
	for _, part := range parts {
		numbers = append(numbers, s.puzzle.index[part.number(numeratorOf)])
	}
	s.puzzle.adds(s.puzzle.index[parts[0].number(personsOf)], numbers)
}

// rest is what the parts leave of the whole: persons whom no group counts, less those
// counted twice, and the noise of the cells. Of a share an outsider knows no more than how
// many persons that can be; of persons and of amounts, that it is not less than nothing.
// Where nobody is left it lies between nothing and what it is; schools and months without
// such a figure are a number that nobody knows.
func (s *search) rest(key, whole figure, parts []figure, number string) int {
	all := s.figures[whole].total
	persons, left := all.persons, all.numerator
	for _, part := range parts {
		t := s.figures[part].total
		persons, left = persons-t.persons, left-t.numerator
	}
	if number == personsOf {
		left = persons
	}
	known := span{math.Min(0, float64(persons)), math.Max(0, float64(persons))}
	lacks := parts[0].grouping == "uai" && all.schools != int64(len(parts)) ||
		parts[0].grouping == "uai month" && len(parts) != s.months
	switch share := s.figures[whole].share(); {
	case lacks:
		known = span{math.Min(0, float64(left)), math.Inf(1)}
	case number == numeratorOf && share:
	case parts[0].grouping == "uai month", persons <= 0: // the noise of the cells, and who counts twice
		known = span{math.Min(0, float64(left)), math.Max(0, float64(left))}
	default:
		known = span{math.Min(0, float64(left)), math.Inf(1)}
	}
	of := figure{key.measure, key.population, "rest of " + key.grouping + " by " + parts[0].grouping, key.group}
	return s.puzzle.number(of.number(number), float64(left), known)
}
