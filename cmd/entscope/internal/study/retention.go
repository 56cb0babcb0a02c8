package study

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Period is a length of time of the calendar.
type Period struct{ Years, Months, Days int }

// After is the moment a period after t.
func (p Period) After(t time.Time) time.Time { return t.AddDate(p.Years, p.Months, p.Days) }

var period = regexp.MustCompile(`^([0-9]{1,4}) *(day|jour|week|semaine|month|mois|year|an|année)s?$`)

// KeepFor is the period that legal.retention states, when it is a mere period
// such as "12 months" or « 90 jours »; ok is false for any other text, whose end
// only its reader can tell.
func (l *Legal) KeepFor() (p Period, ok bool) {
	m := period.FindStringSubmatch(strings.ToLower(strings.TrimSpace(l.Retention)))
	if m == nil {
		return Period{}, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n == 0 {
		return Period{}, false
	}
	switch m[2] {
	case "day", "jour":
		return Period{Days: n}, true
	case "week", "semaine":
		return Period{Days: 7 * n}, true
	case "month", "mois":
		return Period{Months: n}, true
	}
	return Period{Years: n}, true
}
