// Package vocabulary is the one table of the words and numbers of an event:
// profiles, services, actions, devices and channels, with their texts in French
// and English (vocabulary.toml, reviewed data).
//
// An edition's columns hold the numbers, so their meaning is part of what is
// handed across the wall, and both sides read it here: the readers of logs and
// the catalog, to turn words into numbers; SQL, which names its constants
// ("service_grades"); codebooks and pages, to turn numbers into text. The package
// therefore stands in edition and imports nothing of the house, so that ingest,
// which imports nothing later, may import this leaf as it does anonymize/durable.
package vocabulary

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

//go:embed vocabulary.toml
var source []byte

// Entry is one word of a vocabulary.
type Entry struct {
	// Code is the number in the restricted zone and in editions, 0 to 127.
	Code int `toml:"code"`
	// Word is the one spelling that is written.
	Word string `toml:"word"`
	// Also are further spellings that are read.
	Also []string `toml:"also"`
	// French and English are the texts of codebooks and pages.
	French  string `toml:"fr"`
	English string `toml:"en"`
}

// List is one vocabulary, in the order of its codes.
type List []Entry

var table = sync.OnceValue(func() map[string]List {
	var t map[string]List
	d := toml.NewDecoder(bytes.NewReader(source)).DisallowUnknownFields()
	if err := d.Decode(&t); err != nil {
		panic(fmt.Sprintf("vocabulary.toml: %v", err)) // embedded, and read by every test
	}
	return t
})

// Profiles are the kinds of account holder.
func Profiles() List { return table()["profile"] }

// Services are the parts of a portal.
func Services() List { return table()["service"] }

// Actions are what an account holder does.
func Actions() List { return table()["action"] }

// Devices are the classes of device.
func Devices() List { return table()["device"] }

// Constants are all numbers by the name of their vocabulary and their word, such
// as "service_grades": the constants of SQL.
func Constants() map[string]int64 {
	c := map[string]int64{}
	for name, list := range table() {
		for _, e := range list {
			c[name+"_"+e.Word] = int64(e.Code)
		}
	}
	return c
}

// Number is the code of a word, in any of its spellings, or of the code itself in
// digits ("3").
func (l List) Number(word string) (code int, ok bool) {
	if word != "" && word[0] >= '0' && word[0] <= '9' {
		if n, err := strconv.ParseUint(word, 10, 7); err == nil {
			_, ok = l.Entry(int(n))
			return int(n), ok
		}
	}
	for _, e := range l {
		if e.Word == word || slices.Contains(e.Also, word) {
			return e.Code, true
		}
	}
	return 0, false
}

// Entry is that of a code.
func (l List) Entry(code int) (Entry, bool) {
	for _, e := range l {
		if e.Code == code {
			return e, true
		}
	}
	return Entry{}, false
}

// Words are the words, each in the one spelling that is written.
func (l List) Words() []string {
	words := make([]string, len(l))
	for i, e := range l {
		words[i] = e.Word
	}
	return words
}

// Check is nil when Number knows the word, else Unknown with the vocabulary's words.
func (l List) Check(word string) error {
	if _, ok := l.Number(word); ok {
		return nil
	}
	return Unknown(word, l.Words())
}

// Unknown is the error for a word that is not one of those allowed: it names them
// all, and the nearest one if a slip of the pen could have made the word of it.
func Unknown(word string, allowed []string) error {
	hint := ""
	if near := Nearest(word, allowed); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return fmt.Errorf("%q is not one of %s%s", word, strings.Join(allowed, ", "), hint)
}

// Nearest is the allowed word with the smallest edit distance, the first of
// several; "" if that is more than half the length of the word.
func Nearest(word string, allowed []string) string {
	best, least := "", max(1, len(word)/2)+1
	for _, a := range allowed {
		if d := distance(strings.ToLower(word), strings.ToLower(a)); d < least {
			best, least = a, d
		}
	}
	return best
}

// distance is the Levenshtein distance in bytes, on two rows of its table.
func distance(a, b string) int {
	before, now := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range before {
		before[j] = j
	}
	for i := range len(a) {
		now[0] = i + 1
		for j := range len(b) {
			change := before[j]
			if a[i] != b[j] {
				change++
			}
			now[j+1] = min(change, before[j+1]+1, now[j]+1)
		}
		before, now = now, before
	}
	return before[len(b)]
}
