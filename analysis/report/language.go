package report

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/entscope/entscope/analysis/question"
)

// lang is the language of a page.
type lang string

const (
	fr lang = "fr"
	en lang = "en"
)

var errLang = errors.New("language is neither fr nor en")

// language reads a language of the pages; French when it is empty.
func language(s string) (lang, error) {
	switch s {
	case "", "fr":
		return fr, nil
	case "en":
		return en, nil
	}
	return "", fmt.Errorf("report: %w", errLang)
}

// text picks the text of the language; French gets its no-break spaces.
func (l lang) text(t question.Text) string {
	words := t.In(string(l))
	if l == en {
		return words
	}
	return typography.Replace(words)
}

// t is text for a sentence that code assembles: both languages stand side by side.
func (l lang) t(french, english string) string { return l.text(question.Text{FR: french, EN: english}) }

// typography keeps French punctuation and units on the line of their word.
var typography = strings.NewReplacer(
	" ?", nbsp+"?", " :", nbsp+":", " ;", nbsp+";", " !", nbsp+"!", " »", nbsp+"»", "« ", "«"+nbsp,
	" %", nbsp+"%", " h ", nbsp+"h ", " h.", nbsp+"h.", " h–", nbsp+"h–",
)

const (
	nbsp  = "\u00a0" // before % : ; in French
	thin  = "\u202f" // narrow, between thousands in French
	minus = "\u2212"
)

// colon is a colon with its spaces.
func (l lang) colon() string { return l.t(" : ", ": ") }

// list joins words: a, b et c.
func (l lang) list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + l.t(" et ", " and ") + words[last]
}

// capital puts the first letter in upper case.
func capital(s string) string {
	for i, c := range s {
		return strings.ToUpper(string(c)) + s[i+len(string(c)):]
	}
	return s
}

// sentence begins with a capital and ends with a stop.
func (l lang) sentence(s string) string {
	if s == "" {
		return ""
	}
	if !strings.ContainsAny(s[len(s)-1:], ".?!…") {
		s += "."
	}
	return l.t(capital(s), capital(s))
}

// lower writes the first letter of a label in lower case, acronyms apart.
func lower(s string) string {
	r := []rune(s)
	if len(r) > 1 && (unicode.IsUpper(r[1]) || unicode.IsDigit(r[1])) {
		return s
	}
	return strings.ToLower(string(r[0])) + string(r[1:])
}

// prefer gives a, or b when a is empty.
func prefer(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// slug keeps letters, digits and hyphens: a file name and an anchor.
func slug(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, s)
}
