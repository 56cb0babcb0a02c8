package national

import (
	"bytes"
	"time"

	"github.com/entscope/entscope/ingest"
)

// null stands for a value that a row does not have: "N/A", an empty field, a column
// that its file lacks. It is not 0.
const null = -1

// Bounds of a plausible value. One school and week cannot have more.
const (
	maxCount = 1 << 31
	maxHours = 100_000_000
)

// firstDay and lastDay bound the Mondays: the DNMA begins with September 2019.
var (
	firstDay = dayOf(2019, time.August, 1)
	lastDay  = dayOf(2100, time.January, 1)
)

func dayOf(year int, month time.Month, d int) int32 {
	return int32(time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// trim drops the spaces around a field.
func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// absent reports whether a field says nothing: empty, N/A, NA, null.
func absent(b []byte) bool {
	switch len(b) {
	case 0:
		return true
	case 2:
		return bytes.EqualFold(b, []byte("NA")) || bytes.EqualFold(b, []byte("ND"))
	case 3:
		return bytes.EqualFold(b, []byte("N/A")) || bytes.EqualFold(b, []byte("NaN"))
	case 4:
		return bytes.EqualFold(b, []byte("null"))
	}
	return false
}

// count reads a number of visits or users: digits, with spaces or one kind of mark
// between thousands, or with decimals that are all 0. "1.234" may be either and is
// not read.
func count(b []byte) (n int64, ok bool) {
	b = trim(b)
	if absent(b) {
		return null, true
	}
	for i, c := range b {
		if c < '0' || c > '9' {
			return spelt(b, i)
		}
		if n = n*10 + int64(c-'0'); n > maxCount {
			return null, false
		}
	}
	return n, true
}

// spelt reads a count that is not plain digits; the first other byte is at i.
func spelt(b []byte, i int) (int64, bool) {
	if i == 0 || len(b) > 32 {
		return null, false
	}
	plain := bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\u00a0"), []byte(" ")), []byte("\u202f"), []byte(" "))
	var mark byte
	for _, m := range []byte(" ,.'") {
		if bytes.IndexByte(plain, m) < 0 {
			continue
		}
		if mark != 0 { // two kinds: thousands and decimals, which are not expected together
			return null, false
		}
		mark = m
	}
	if mark == 0 {
		return null, false
	}
	parts := bytes.Split(plain, []byte{mark})
	if decimals := parts[len(parts)-1]; len(parts) == 2 && len(decimals) != 3 && (mark == '.' || mark == ',') {
		if len(decimals) == 0 || len(bytes.Trim(decimals, "0")) > 0 {
			return null, false
		}
		return digits(parts[0])
	}
	if len(parts) == 2 && mark != ' ' && mark != '\'' { // 1.234
		return null, false
	}
	for p, part := range parts {
		if p > 0 && len(part) != 3 || p == 0 && (len(part) == 0 || len(part) > 3) {
			return null, false
		}
	}
	return digits(bytes.Join(parts, nil))
}

// digits reads a number of digits alone.
func digits(b []byte) (n int64, ok bool) {
	if len(b) == 0 {
		return null, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return null, false
		}
		if n = n*10 + int64(c-'0'); n > maxCount {
			return null, false
		}
	}
	return n, true
}

// duration reads HH:MM:SS, HH:MM:SS:mmm or HH:MM:SS.mmm in milliseconds; there may be
// more than 24 hours.
func duration(b []byte) (ms int64, ok bool) {
	b = trim(b)
	if absent(b) {
		return null, true
	}
	var part [4]int64
	width, p, decimal := 0, 0, false
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
			if part[p] = part[p]*10 + int64(c-'0'); part[p] > maxHours {
				return null, false
			}
			width++
		case c == ':' && p < 3 && width > 0, c == '.' && p == 2 && width > 0:
			if p > 0 && width != 2 {
				return null, false
			}
			p, width, decimal = p+1, 0, c == '.'
		default:
			return null, false
		}
	}
	if p < 2 || p == 2 && width != 2 || p == 3 && (width == 0 || width > 3 || !decimal && width != 3) {
		return null, false
	}
	if part[1] > 59 || part[2] > 59 {
		return null, false
	}
	for ; p == 3 && width < 3; width++ { // ".5" is 500 ms
		part[3] *= 10
	}
	return ((part[0]*60+part[1])*60+part[2])*1000 + part[3], true
}

var paris = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err) // the binary carries the zones
	}
	return zone
}()

// monday reads the day a week begins with: 2019-09-02, 02/09/2019, or an instant,
// which is taken as local time in Paris.
func monday(b []byte) (int32, ingest.Reason) {
	b = trim(b)
	day, ok := plainDay(b)
	if !ok {
		t, err := time.Parse(time.RFC3339, string(b[:min(len(b), 40)]))
		if err != nil {
			if t, err = time.Parse("2006-01-02 15:04:05", string(b[:min(len(b), 40)])); err != nil {
				return 0, ingest.ReasonTimestamp
			}
		} else {
			t = t.In(paris)
		}
		day = dayOf(t.Year(), t.Month(), t.Day())
	}
	if day < firstDay || day > lastDay {
		return 0, ingest.ReasonTimeRange
	}
	if (day+3)%7 != 0 {
		return 0, reasonNoMonday
	}
	return day, ""
}

// reasonNoMonday is a week that begins on another day: it is not known what it counts.
const reasonNoMonday ingest.Reason = "week that does not begin on a Monday"

// plainDay reads 2019-09-02 and 02/09/2019.
func plainDay(b []byte) (int32, bool) {
	if len(b) != 10 {
		return 0, false
	}
	var y, m, d []byte
	switch {
	case b[4] == '-' && b[7] == '-':
		y, m, d = b[:4], b[5:7], b[8:]
	case b[2] == '/' && b[5] == '/':
		d, m, y = b[:2], b[3:5], b[6:]
	default:
		return 0, false
	}
	year, ok1 := digits(y)
	month, ok2 := digits(m)
	day, ok3 := digits(d)
	if !ok1 || !ok2 || !ok3 || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	n := dayOf(int(year), time.Month(month), int(day))
	if back := time.Unix(int64(n)*86400, 0).UTC(); back.Day() != int(day) {
		return 0, false // 31 February
	}
	return n, true
}

// schoolYear is the school year of a day, from 1 August to 31 July: "2019-2020".
func schoolYear(day int32) string {
	t := time.Unix(int64(day)*86400, 0).UTC()
	year := t.Year()
	if t.Month() < time.August {
		year--
	}
	return yearName(year)
}

func yearName(begin int) string {
	b := make([]byte, 0, 9)
	for _, y := range []int{begin, begin + 1} {
		if len(b) > 0 {
			b = append(b, '-')
		}
		b = append(b, byte('0'+y/1000%10), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10))
	}
	return string(b)
}

// code is a UAI as a number that orders as its text; ok is false for what is none:
// seven digits and a letter.
func code(b []byte) (n uint64, ok bool) {
	b = trim(b)
	if len(b) != 8 {
		return 0, false
	}
	for i, c := range b {
		switch {
		case i < 7 && (c < '0' || c > '9'):
			return 0, false
		case i == 7 && c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		case i == 7 && (c < 'A' || c > 'Z'):
			return 0, false
		}
		n = n<<8 | uint64(c)
	}
	return n, true
}

// uai is the text of a code.
func uai(n uint64) string {
	b := make([]byte, 8)
	for i := 7; i >= 0; i-- {
		b[i], n = byte(n), n>>8
	}
	return string(b)
}

// department is the number of the département in a code: its first three digits.
func department(n uint64) int {
	return int(n>>56&15)*100 + int(n>>48&15)*10 + int(n>>40&15)
}
