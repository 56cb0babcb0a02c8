package national

import (
	"slices"
	"time"
)

// A week is thin when it has so much fewer rows than both its neighbours that its file
// was cut, or its feed failed: half, where the calendar says that it is one of term,
// and a tenth where there is no calendar.
const (
	thinShare        = 2
	thinShareUnknown = 10
)

// coverageRows are the weeks of a table, those without a row between the first and the
// last among them. term tells the weeks of term; nil without a calendar.
func coverageRows(k Kind, weeks map[int32]int64, term map[int32]bool) (rows []CoverageRow) {
	if len(weeks) == 0 {
		return nil
	}
	var first, last int32 = lastDay, 0
	for w := range weeks {
		first, last = min(first, w), max(last, w)
	}
	share := int64(thinShare)
	if term == nil {
		share = thinShareUnknown
	}
	var counted []int // rows of weeks that are compared
	for w := first; w <= last; w += 7 {
		if term == nil && ordinary(w) || term[w] {
			counted = append(counted, len(rows))
		}
		rows = append(rows, CoverageRow{Table: string(k), WeekDay: w, Schools: weeks[w]})
	}
	for i, at := range counted {
		thin, neighbours := true, 0
		for _, side := range [][]int{counted[max(i-2, 0):i], counted[i+1 : min(i+3, len(counted))]} {
			if len(side) > 0 {
				neighbours++
				thin = thin && rows[at].Schools*share < greatest(rows, side)
			}
		}
		rows[at].Thin = thin && neighbours > 0
	}
	return rows
}

// greatest is the greater of the rows of one or two weeks: one that is thin itself does
// not excuse its neighbour.
func greatest(rows []CoverageRow, at []int) (n int64) {
	for _, i := range at {
		n = max(n, rows[i].Schools)
	}
	return n
}

// ordinary excludes the weeks of summer and of the end of the year, where no calendar
// tells the weeks of term.
func ordinary(week int32) bool {
	t := time.Unix(int64(week)*86400, 0).UTC()
	end := t.AddDate(0, 0, 6)
	summer := t.Month() == time.July || t.Month() == time.August || end.Month() == time.July
	return !summer && t.YearDay() < 351 && t.YearDay() > 6
}

// termWeeks are the Mondays of weeks with at least four days of school in each of the
// zones A, B and C; nil without a calendar.
func termWeeks(rows []CalendarRow) map[int32]bool {
	if len(rows) == 0 {
		return nil
	}
	zones := map[int32]int{}
	for _, r := range rows {
		if slices.Contains([]string{"A", "B", "C"}, r.Zone) && r.TermDays >= 4 {
			zones[r.WeekDay]++
		}
	}
	term := map[int32]bool{}
	for week, n := range zones {
		term[week] = n == 3
	}
	return term
}
