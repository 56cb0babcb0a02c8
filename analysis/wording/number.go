package wording

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Number writes x with a fixed number of decimals: 1 234,5 or 1,234.5.
func (l Lang) Number(x float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, frac, _ := strings.Cut(s, ".")
	separator, point := thin, ","
	if l == EN {
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

// Count writes a whole number.
func (l Lang) Count(n int64) string { return l.Number(float64(n), 0) }

// Signed writes a whole number with its sign: +1, −1, 0.
func (l Lang) Signed(n int) string {
	if n > 0 {
		return "+" + l.Count(int64(n))
	}
	return l.Count(int64(n))
}

// About writes a count of persons, rounded to two figures at least to a ten.
func (l Lang) About(n int64) string {
	step := int64(10)
	for step*200 <= n {
		step *= 10
	}
	return l.Count((n + step/2) / step * step)
}

// Percent writes a whole percent.
func (l Lang) Percent(x float64) string {
	if l == EN {
		return l.Number(x, 0) + "%"
	}
	return l.Number(x, 0) + NBSP + "%"
}

var months = map[Lang][]string{
	FR: {"janvier", "février", "mars", "avril", "mai", "juin",
		"juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	EN: {"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"},
}

// Date writes an ISO date in words; anything else is given back as it is.
func (l Lang) Date(iso string) string {
	d, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	day := strconv.Itoa(d.Day())
	if l == FR && d.Day() == 1 {
		day = "1er"
	}
	return day + NBSP + months[l][d.Month()-1] + NBSP + strconv.Itoa(d.Year())
}

// Month writes YYYY-MM in words; anything else is given back as it is.
func (l Lang) Month(s string) string {
	return l.month(s, months[l][:], NBSP)
}

// shortMonths are the usual abbreviations, for the heads of tables.
var shortMonths = map[Lang][12]string{
	FR: {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
	EN: {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

// ShortMonth is Month as narrow as it goes: « sept. 2025 », which may break.
func (l Lang) ShortMonth(s string) string {
	names := shortMonths[l]
	return l.month(s, names[:], " ")
}

func (l Lang) month(s string, names []string, space string) string {
	d, err := time.Parse("2006-01", s)
	if err != nil {
		return s
	}
	return names[d.Month()-1] + space + strconv.Itoa(d.Year())
}
