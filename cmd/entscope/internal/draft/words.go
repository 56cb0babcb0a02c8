package draft

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed words.tsv
var wordsText string

// words are the meanings of headings and values, by what they are of ("heading", "profile")
// and their key.
var words = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for line := range strings.Lines(wordsText) {
		what, rest, ok := strings.Cut(strings.TrimSpace(line), "\t")
		meaning, keys, both := strings.Cut(rest, "\t")
		if !ok || !both {
			continue
		}
		if all[what] == nil {
			all[what] = map[string]string{}
		}
		for _, key := range strings.Fields(keys) {
			all[what][key] = meaning
		}
	}
	return all
})

// Key is a heading or a word as it is compared: small letters and digits, without accents.
func Key(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// meaning is what a text of a kind means; ok is false for one that nobody knows.
func meaning(what, text string) (word string, ok bool) {
	word, ok = words()[what][Key(text)]
	return word, ok
}
