package wording

import (
	"regexp"
	"strings"
)

// numeric is a number as programs write it, which no spreadsheet runs.
var numeric = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

// Inert keeps a spreadsheet from running a text as a formula (OWASP, CSV injection): a leading
// = + - @ tab or return gets an apostrophe before it, unless the text is a number.
func Inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) && !numeric.MatchString(s) {
		return "'" + s
	}
	return s
}
