package wording

import "strings"

// Inert keeps a spreadsheet from running a text as a formula (OWASP, CSV
// injection): a leading = + - @ tab or return gets an apostrophe before it.
func Inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}
