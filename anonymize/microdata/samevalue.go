package microdata

import (
	"fmt"
	"hash/fnv"
	"io"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Doubt is a column in which values that a reader takes for one are spelt in
// several ways. It never holds a value.
type Doubt struct {
	Column string `json:"column"`
	// Values is how many spellings were taken for another one.
	Values int `json:"values"`
}

func (d Doubt) String() string {
	return fmt.Sprintf("column %q: %d values are another one but for blanks, case, accents' composition "+
		"or the form of a number: taken as one", d.Column, d.Values)
}

// reader gives the form in which a reader compares texts: composed (NFKC), without
// characters that have no width, with plain apostrophes and hyphens, without blanks at its ends or doubled inside,
// without case, a number without leading zeros, trailing decimals or a sign before 0. Two persons "7" and "07" would
// make k = 2 of one pupil, two spellings of one illness l = 2.
type reader struct{ fold cases.Caser }

func newReader() reader { return reader{cases.Fold()} }

func (r reader) form(text string) string {
	text = strings.Map(func(c rune) rune {
		switch {
		case unicode.Is(unicode.Cf, c): // no width: joiners, soft hyphens, marks of order
			return -1
		case c == '’' || c == '‘' || c == 'ʼ':
			return '\''
		case unicode.Is(unicode.Pd, c):
			return '-'
		}
		return c
	}, text)
	text = r.fold.String(norm.NFKC.String(strings.Join(strings.Fields(text), " ")))
	text = strings.ReplaceAll(norm.NFKC.String(text), "œ", "oe")
	if n, ok := numberForm(text); ok {
		return n
	}
	return text
}

// numberForm is the one form of a decimal number, with a point or a comma.
func numberForm(text string) (string, bool) {
	digits := strings.Replace(text, ",", ".", 1)
	sign := ""
	if rest, ok := strings.CutPrefix(digits, "-"); ok {
		sign, digits = "-", rest
	} else {
		digits = strings.TrimPrefix(digits, "+")
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	for _, part := range []string{whole, fraction} {
		for _, c := range part {
			if c < '0' || c > '9' {
				if x, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64); err == nil && x == x {
					return strconv.FormatFloat(x, 'g', -1, 64), true // such as 1e3
				}
				return "", false
			}
		}
	}
	if whole == "" && fraction == "" {
		return "", false
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if whole == "0" {
		sign = ""
	}
	return sign + whole, true
}

// merge gives, for each text, the index of the first one of the same form, and how
// many are not the first.
func merge(texts []string) (first []int32, merged int) {
	r := newReader()
	// Forms are kept as 64-bit hashes: there may be millions. Two that collided would
	// make one person of two, the safe way round.
	seen := make(map[uint64]int32, len(texts))
	first = make([]int32, len(texts))
	for i, text := range texts {
		h := fnv.New64a()
		io.WriteString(h, r.form(text))
		form := h.Sum64()
		at, known := seen[form]
		if !known {
			at = int32(i)
			seen[form] = at
		} else {
			merged++
		}
		first[i] = at
	}
	return first, merged
}
