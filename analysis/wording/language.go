package wording

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/entscope/entscope/analysis/question"
)

// Lang is the language of a page.
type Lang string

// The languages of the pages.
const (
	FR Lang = "fr"
	EN Lang = "en"
)

var errLang = errors.New("language is neither fr nor en")

// Parse reads a language of the pages; French when it is empty.
func Parse(s string) (Lang, error) {
	switch s {
	case "", "fr":
		return FR, nil
	case "en":
		return EN, nil
	}
	return "", fmt.Errorf("wording: %w", errLang)
}

// Text picks the text of the language; French gets its no-break spaces.
func (l Lang) Text(t question.Text) string {
	words := t.In(string(l))
	if l == EN {
		return words
	}
	return Typeset(words)
}

// T is text for a sentence that code assembles: both languages stand side by side.
func (l Lang) T(french, english string) string { return l.Text(question.Text{FR: french, EN: english}) }

// typography keeps French punctuation and units on the line of their word.
var typography = strings.NewReplacer(
	" ?", NBSP+"?", " :", NBSP+":", " ;", NBSP+";", " !", NBSP+"!", " »", NBSP+"»", "« ", "«"+NBSP,
	" %", NBSP+"%", " h ", NBSP+"h ", " h.", NBSP+"h.", " h–", NBSP+"h–",
)

// Typeset gives a French text its no-break spaces.
func Typeset(french string) string { return typography.Replace(french) }

// NBSP is the no-break space, before % : ; in French.
const NBSP = "\u00a0"

const (
	thin  = "\u202f" // narrow, between thousands in French
	minus = "\u2212"
)

// Colon is a colon with its spaces.
func (l Lang) Colon() string { return l.T(" : ", ": ") }

// List joins words: a, b et c.
func (l Lang) List(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + l.T(" et ", " and ") + words[last]
}

// Capital puts the first letter in upper case.
func Capital(s string) string {
	for i, c := range s {
		return strings.ToUpper(string(c)) + s[i+len(string(c)):]
	}
	return s
}

// Sentence begins with a Capital and ends with a stop.
func (l Lang) Sentence(s string) string {
	if s == "" {
		return ""
	}
	if !strings.ContainsAny(s[len(s)-1:], ".?!…") {
		s += "."
	}
	return l.T(Capital(s), Capital(s))
}

// Lower writes the first letter of a label in lower case, acronyms apart.
func Lower(s string) string {
	r := []rune(s)
	if len(r) > 1 && (unicode.IsUpper(r[1]) || unicode.IsDigit(r[1])) {
		return s
	}
	return strings.ToLower(string(r[0])) + string(r[1:])
}

// Slug keeps letters, digits and hyphens: a file name and an anchor.
func Slug(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, s)
}
