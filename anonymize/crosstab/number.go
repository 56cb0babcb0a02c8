package crosstab

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

const (
	mostDecimals = 6
	mostValue    = 1 << 52 // of a sum, in its last decimal: a float64 holds it exactly
)

// number reads a number of at least 0 with a decimal point or a decimal comma: its digits,
// and how many are decimals.
func number(text string) (digits int64, decimals int, ok bool) {
	whole, fraction, found := strings.Cut(strings.TrimSpace(text), ".")
	if !found {
		whole, fraction, _ = strings.Cut(whole, ",")
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > mostDecimals || whole == "" || strings.HasPrefix(whole, "+") {
		return 0, 0, false
	}
	n, err := strconv.ParseUint(whole+fraction, 10, 63)
	return int64(n), len(fraction), err == nil
}

// column reads a column of numbers by code, in units of 10^−decimals of all columns.
type column struct {
	name   string
	digits []int64
	places []int
}

func readColumn(name string, texts []string) (column, error) {
	c := column{name: name, digits: make([]int64, len(texts)), places: make([]int, len(texts))}
	bad := 0
	for i, text := range texts {
		var ok bool
		if c.digits[i], c.places[i], ok = number(text); !ok {
			bad++
		}
	}
	if bad > 0 {
		return c, fmt.Errorf("%w: column %q: %d values are no numbers of at least 0 with at most %d decimals", ErrInput,
			name, bad, mostDecimals)
	}
	return c, nil
}

func (c column) decimals() (most int) {
	for _, n := range c.places {
		most = max(most, n)
	}
	return most
}

// scaled are the values in units of 10^−decimals.
func (c column) scaled(decimals int) ([]int64, error) {
	out := make([]int64, len(c.digits))
	for i, n := range c.digits {
		for range decimals - c.places[i] {
			if n > mostValue/10 {
				return nil, fmt.Errorf("%w: column %q: a value is too large", ErrInput, c.name)
			}
			n *= 10
		}
		out[i] = n
	}
	return out, nil
}

// text writes a value with a decimal point.
func text(value int64, decimals int) string {
	s := strconv.FormatInt(value, 10)
	if decimals == 0 {
		return s
	}
	for len(s) <= decimals {
		s = "0" + s
	}
	s = strings.TrimRight(s[:len(s)-decimals]+"."+s[len(s)-decimals:], "0")
	return strings.TrimRight(s, ".")
}

// bound writes an end of an interval, rounded outward (up or down) to a whole unit.
func bound(x float64, decimals int, up bool) string {
	switch {
	case math.IsInf(x, 1):
		return ""
	case up:
		x = math.Ceil(x - tolerance)
	default:
		x = math.Floor(x + tolerance)
	}
	return text(int64(x), decimals)
}
