package report

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// number writes x with a fixed number of decimals: 1 234,5 or 1,234.5.
func (l lang) number(x float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, frac, _ := strings.Cut(s, ".")
	separator, point := thin, ","
	if l == en {
		separator, point = ",", "."
	}
	var b strings.Builder
	if x < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString(minus)
	}
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(separator)
		}
		b.WriteRune(c)
	}
	if frac != "" {
		b.WriteString(point + frac)
	}
	return b.String()
}

// count writes a whole number.
func (l lang) count(n int64) string { return l.number(float64(n), 0) }

// about writes a count of persons, rounded to two figures at least to a ten.
func (l lang) about(n int64) string {
	step := int64(10)
	for step*200 <= n {
		step *= 10
	}
	return l.count((n + step/2) / step * step)
}

// percent writes a whole percent.
func (l lang) percent(x float64) string {
	if l == en {
		return l.number(x, 0) + "%"
	}
	return l.number(x, 0) + nbsp + "%"
}

var months = map[lang][]string{
	fr: {"janvier", "février", "mars", "avril", "mai", "juin",
		"juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	en: {"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"},
}

// date writes an ISO date in words; anything else is given back as it is.
func (l lang) date(iso string) string {
	d, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	day := strconv.Itoa(d.Day())
	if l == fr && d.Day() == 1 {
		day = "1er"
	}
	return day + nbsp + months[l][d.Month()-1] + nbsp + strconv.Itoa(d.Year())
}

// month writes YYYY-MM in words; anything else is given back as it is.
func (l lang) month(s string) string {
	d, err := time.Parse("2006-01", s)
	if err != nil {
		return s
	}
	return months[l][d.Month()-1] + nbsp + strconv.Itoa(d.Year())
}
